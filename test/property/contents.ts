import { picture } from '../engine/pictures.ts';

/** Contents that histories are about: pictures, two of another size, and some that are no good. */
const made: readonly Buffer[] = [
  ...Array.from({ length: 12 }, (_, index) => picture(5000 + index, 300)),
  picture(6000, 700),
  picture(6001, 2000),
  picture(6002, 300).subarray(0, 150),
  Buffer.from('this is no picture'),
  Buffer.alloc(0),
];

export const goodContents = 14;
export const allContents = made.length;

export function contentOf(number: number): Buffer {
  const content = made[number % made.length];
  if (content === undefined) throw new RangeError(`no content ${number}`);
  return content;
}

/** A short name of a content, for messages. */
export function nameOfContent(content: Buffer): string {
  const number = made.findIndex((each) => each.equals(content));
  return number === -1 ? `${content.length} other bytes` : `content ${number}`;
}
