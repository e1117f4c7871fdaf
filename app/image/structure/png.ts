import { type ByteSource, CutShort, Damaged, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';

/** Deflate packs at most 1,032 bytes into one: 258 bytes in two bits (zlib's technical notes). */
const DEFLATE_MAX_RATIO = 1032;

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** PNG and APNG: the headers of all chunks up to IEND. */
export async function readPng(source: ByteSource): Promise<Structure> {
  const header = await need(source, 8, 25);
  if (header.toString('latin1', 4, 8) !== 'IHDR') throw new Damaged('does not begin with its header');
  const width = header.readUInt32BE(8);
  const height = header.readUInt32BE(12);
  const bitDepth = header.readUInt8(16);
  const channels = CHANNELS[header.readUInt8(17)];
  if (width === 0 || height === 0) throw new Damaged('says that it has no pixels');
  if (channels === undefined) throw new Damaged('has a colour type that does not exist');

  let frames = 1;
  let dataBytes = 0;
  let offset = 33;
  for (;;) {
    const chunk = await need(source, offset, 8);
    const length = chunk.readUInt32BE(0);
    const type = chunk.toString('latin1', 4, 8);
    // Zeros where a chunk should be: space was set aside for the file, and never filled.
    if (type === '\0\0\0\0') throw new CutShort('zeros instead of a chunk');
    if (!/^[A-Za-z]{4}$/.test(type)) throw new Damaged('holds something that is no part of a PNG');
    if (type === 'IEND') break;
    if (offset + 12 + length > source.size) throw new CutShort(`chunk ${type} goes on`);
    if (type === 'IDAT') dataBytes += length;
    if (type === 'acTL' && length >= 4) {
      frames = Math.max(1, (await need(source, offset + 8, 4)).readUInt32BE(0));
    }
    offset += 12 + length;
  }
  if (dataBytes === 0) throw new Damaged('has a header but no picture');
  const pixelBytes = Math.floor((width * height * bitDepth * channels) / 8);
  if (pixelBytes > dataBytes * DEFLATE_MAX_RATIO) {
    throw new Damaged(`promises ${width} × ${height} pixels and has nowhere near the data for them`);
  }
  return { width, height, frames };
}
