import { type ByteSource, CutShort, Damaged, Foreign, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';

const BI_RGB = 0;
const BI_RLE8 = 1;
const BI_RLE4 = 2;
const BI_BITFIELDS = 3;
const BI_ALPHABITFIELDS = 6;

/** Sizes of the headers in use: OS/2 1.x, OS/2 2.x (also cut to 16), Windows 3, with masks, with alpha, 4 and 5. */
const HEADER_SIZES: readonly number[] = [12, 16, 40, 52, 56, 64, 108, 124];

/**
 * BMP: whether the rows fit into the file. The size in the file header is not trusted: many writers fill in 0 or the
 * size of something else.
 */
export async function readBmp(source: ByteSource): Promise<Structure> {
  const file = await need(source, 0, 18);
  const pixelStart = file.readUInt32LE(10);
  const headerSize = file.readUInt32LE(14);
  // Two letters are little to know a format by: a text may begin with “BM” as well.
  if (!HEADER_SIZES.includes(headerSize)) throw new Foreign('no BMP header');
  const info = await need(source, 14, headerSize);
  const old = headerSize === 12;
  const width = old ? info.readUInt16LE(4) : info.readInt32LE(4);
  // A negative height says that the rows are stored from the top.
  const height = Math.abs(old ? info.readUInt16LE(6) : info.readInt32LE(8));
  const bitsPerPixel = info.readUInt16LE(old ? 10 : 14);
  const compression = headerSize >= 40 ? info.readUInt32LE(16) : BI_RGB;
  const imageBytes = headerSize >= 40 ? info.readUInt32LE(20) : 0;
  if (width <= 0 || height === 0) throw new Damaged('says that it has no pixels');
  if (![1, 2, 4, 8, 16, 24, 32].includes(bitsPerPixel))
    throw new Damaged('has an impossible number of colours');

  const os2 = headerSize === 16 || headerSize === 64;
  if (compression === BI_RGB || (!os2 && hasMasks(compression))) {
    const stride = Math.ceil((width * bitsPerPixel) / 32) * 4;
    const lastRow = Math.ceil((width * bitsPerPixel) / 8);
    // Some writers leave the padding of the last row away.
    const end = pixelStart + stride * (height - 1) + lastRow;
    if (end > source.size) throw new CutShort('rows are missing');
  } else if (compression === BI_RLE8 || compression === BI_RLE4) {
    if (pixelStart + imageBytes > source.size) throw new CutShort('rows are missing');
  }
  return { width, height, frames: 1 };
}

/** OS/2 gives the same numbers to other compressions. */
function hasMasks(compression: number): boolean {
  return compression === BI_BITFIELDS || compression === BI_ALPHABITFIELDS;
}
