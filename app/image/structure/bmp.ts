import { type ByteSource, CutShort, Damaged, Foreign, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';

/** How the pixels of a BMP are packed. OS/2's Huffman and 24-bit run-length coding are `other`. */
export type BmpCoding = 'plain' | 'masks' | 'run-length-8' | 'run-length-4' | 'other';

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** The first row in the file is the top one. */
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  readonly coding: BmpCoding;
  /** Bytes of the rows as the header says; 0 when it does not. */
  readonly imageBytes: number;
  /** Where the first row begins. */
  readonly pixelStart: number;
  /** Where the colour masks (`masks`) or the palette (up to 8 bits a pixel) begin. */
  readonly colourStart: number;
  /** Which of 3 (OS/2 1.x) or 4 bytes a palette entry takes. */
  readonly paletteEntryBytes: 3 | 4;
  /** Masks given: red, green, blue, perhaps alpha. */
  readonly maskCount: 0 | 3 | 4;
}

/** Sizes of the headers in use: OS/2 1.x, OS/2 2.x (also cut to 16), Windows 3, with masks, with alpha, 4 and 5. */
const HEADER_SIZES: readonly number[] = [12, 16, 40, 52, 56, 64, 108, 124];

/**
 * BMP: whether the rows fit into the file. The size in the file header is not trusted: many writers fill in 0 or the
 * size of something else.
 */
export async function readBmp(source: ByteSource): Promise<Structure> {
  const header = await readBmpHeader(source);
  const { width, height, coding, pixelStart } = header;
  if (coding === 'plain' || coding === 'masks') {
    // Some writers leave the padding of the last row away.
    const end = pixelStart + bmpStride(header) * (height - 1) + Math.ceil((width * header.bitsPerPixel) / 8);
    if (end > source.size) throw new CutShort('rows are missing');
  } else if (pixelStart + header.imageBytes > source.size) {
    throw new CutShort('rows are missing');
  }
  return { width, height, frames: 1 };
}

/** Bytes from one row to the next; rows begin at multiples of four bytes. */
export function bmpStride(header: BmpHeader): number {
  return Math.ceil((header.width * header.bitsPerPixel) / 32) * 4;
}

/** The header of a BMP file. @throws as a {@link StructureReader} does. */
export async function readBmpHeader(source: ByteSource): Promise<BmpHeader> {
  const file = await need(source, 0, 18);
  const pixelStart = file.readUInt32LE(10);
  const headerSize = file.readUInt32LE(14);
  // Two letters are little to know a format by: a text may begin with “BM” as well.
  if (!HEADER_SIZES.includes(headerSize)) throw new Foreign('no BMP header');
  const info = await need(source, 14, headerSize);
  const old = headerSize === 12;
  const width = old ? info.readUInt16LE(4) : info.readInt32LE(4);
  const signedHeight = old ? info.readUInt16LE(6) : info.readInt32LE(8);
  const bitsPerPixel = info.readUInt16LE(old ? 10 : 14);
  const compression = headerSize >= 40 ? info.readUInt32LE(16) : 0;
  if (width <= 0 || signedHeight === 0) throw new Damaged('says that it has no pixels');
  if (![1, 2, 4, 8, 16, 24, 32].includes(bitsPerPixel))
    throw new Damaged('has an impossible number of colours');
  const coding = codingOf(compression, headerSize);
  // A header of 40 bytes is followed by its masks, later ones contain them at the same place.
  const maskCount = coding !== 'masks' ? 0 : headerSize >= 56 || compression === 6 ? 4 : 3;
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel,
    coding,
    imageBytes: headerSize >= 40 ? info.readUInt32LE(20) : 0,
    pixelStart,
    colourStart: coding === 'masks' ? 14 + 40 : 14 + headerSize,
    paletteEntryBytes: old ? 3 : 4,
    maskCount,
  };
}

function codingOf(compression: number, headerSize: number): BmpCoding {
  if (compression === 0) return 'plain';
  if (compression === 1) return 'run-length-8';
  if (compression === 2) return 'run-length-4';
  // OS/2 gives the same numbers to other codings.
  const os2 = headerSize === 64;
  return !os2 && (compression === 3 || compression === 6) ? 'masks' : 'other';
}
