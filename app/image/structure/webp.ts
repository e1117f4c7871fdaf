import { type ByteSource, CutShort, Damaged, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';

/** WebP: the RIFF size and the headers of all chunks. */
export async function readWebp(source: ByteSource): Promise<Structure> {
  const riff = await need(source, 0, 12);
  const end = 8 + riff.readUInt32LE(4);
  // Chunks are padded to even lengths; not every writer does so with the last one.
  if (end > source.size + 1) throw new CutShort('the container goes on');
  let size: { width: number; height: number } | undefined;
  let frames = 0;
  for (let offset = 12; offset + 8 <= Math.min(end, source.size); ) {
    const chunk = await need(source, offset, 8);
    const type = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    const data = offset + 8;
    if (type === 'VP8X') size = canvasSize(await need(source, data, 10));
    if (type === 'VP8 ') size ??= lossySize(await need(source, data, 10));
    if (type === 'VP8L') size ??= losslessSize(await need(source, data, 5));
    if (type === 'VP8 ' || type === 'VP8L' || type === 'ANMF') {
      if (data + length > source.size) throw new CutShort(`chunk ${type} goes on`);
      frames += 1;
    }
    offset = data + length + (length & 1);
  }
  if (size === undefined || frames === 0) throw new Damaged('has a header but no picture');
  if (size.width === 0 || size.height === 0) throw new Damaged('says that it has no pixels');
  return { ...size, frames };
}

function canvasSize(data: Buffer): { width: number; height: number } {
  return { width: 1 + data.readUIntLE(4, 3), height: 1 + data.readUIntLE(7, 3) };
}

function lossySize(data: Buffer): { width: number; height: number } {
  if (data.readUIntBE(3, 3) !== 0x9d012a) throw new Damaged('holds a picture without a start code');
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}

function losslessSize(data: Buffer): { width: number; height: number } {
  if (data.readUInt8(0) !== 0x2f) throw new Damaged('holds a picture without a signature');
  const bits = data.readUInt32LE(1);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}
