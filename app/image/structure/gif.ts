import { type ByteSource, CutShort, Damaged, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

/**
 * GIF: every block. Its data is a chain of pieces of at most 255 bytes, so this reads the file through, a window at
 * a time: there is no other way to count frames or to find the end.
 */
export async function readGif(source: ByteSource): Promise<Structure> {
  const screen = await need(source, 0, 13);
  let width = screen.readUInt16LE(6);
  let height = screen.readUInt16LE(8);
  let offset = 13 + colourTableBytes(screen.readUInt8(10));
  let frames = 0;
  let animated = false;
  for (;;) {
    const introducer = (await source.read(offset, 1))[0];
    if (introducer === undefined) {
      // Some encoders forget the trailer. In a still picture nothing else can be missing when a block ends exactly
      // where the file ends; an animation may have lost frames.
      if (frames === 1 && !animated) break;
      throw new CutShort('no trailer');
    }
    if (introducer === EXTENSION) {
      const label = (await need(source, offset + 1, 1))[0];
      animated ||= label === 0xff;
      offset = await skipSubBlocks(source, offset + 2);
    } else if (introducer === IMAGE) {
      const descriptor = await need(source, offset, 10);
      // Some writers leave the screen at 0 × 0: decoders then go by the first picture.
      width ||= descriptor.readUInt16LE(5);
      height ||= descriptor.readUInt16LE(7);
      // One byte between the colour table and the data: the code size.
      const data = offset + 10 + colourTableBytes(descriptor.readUInt8(9)) + 1;
      offset = await skipSubBlocks(source, data);
      frames += 1;
    } else if (introducer === TRAILER || frames > 0) {
      // Anything else behind a picture is what someone appended.
      break;
    } else {
      throw new Damaged('holds something that is no part of a GIF');
    }
  }
  if (frames === 0) throw new Damaged('has a header but no picture');
  if (width === 0 || height === 0) throw new Damaged('says that it has no pixels');
  return { width, height, frames };
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** The offset behind a chain of data pieces. */
async function skipSubBlocks(source: ByteSource, start: number): Promise<number> {
  let offset = start;
  for (;;) {
    const length = (await need(source, offset, 1))[0] ?? 0;
    offset += 1 + length;
    if (length === 0) return offset;
  }
}
