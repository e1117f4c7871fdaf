import { type ByteSource, CutShort } from '../byte-source.ts';

/** A box of the ISO base media file format (ISO/IEC 14496-12), which HEIF, AVIF and JP2 are made of. */
export interface Box {
  readonly type: string;
  /** Where its content begins and ends; the end may lie behind the last byte of a file that was cut. */
  readonly start: number;
  readonly end: number;
}

/** No file has nearly as many; a hostile one could be nothing but empty boxes. */
const MAX_BOXES = 65_536;

/** The boxes from `start` to `end`, in order, as far as their headers make sense. */
export async function* boxesIn(source: ByteSource, start: number, end: number): AsyncGenerator<Box> {
  let offset = start;
  for (let count = 0; count < MAX_BOXES && offset + 8 <= end; count += 1) {
    const header = await source.read(offset, 16);
    if (header.length < 8) return;
    const type = header.toString('latin1', 4, 8);
    let length = header.readUInt32BE(0);
    let headerBytes = 8;
    if (length === 1) {
      if (header.length < 16) return;
      length = Number(header.readBigUInt64BE(8));
      headerBytes = 16;
    } else if (length === 0) {
      length = end - offset;
    }
    if (length < headerBytes) return;
    yield { type, start: offset + headerBytes, end: offset + length };
    offset += length;
  }
}

/** The first box of this type; undefined when there is none. */
export async function findBox(
  source: ByteSource,
  start: number,
  end: number,
  type: string,
): Promise<Box | undefined> {
  for await (const box of boxesIn(source, start, end)) {
    if (box.type === type) return box;
  }
  return undefined;
}

/** The content of a box, copied. @throws CutShort when the file ends within it. */
export async function contentOf(source: ByteSource, box: Box): Promise<Buffer> {
  if (box.end > source.size) throw new CutShort(`box ${box.type} goes on`);
  return Buffer.from(await source.read(box.start, box.end - box.start));
}
