import { type ByteSource, CutShort, Damaged, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';
import { type Directory, readDirectory, type TiffLayout, valuesOf } from './tiff-directory.ts';

// Tags of TIFF 6.0.
const IMAGE_WIDTH = 256;
const IMAGE_LENGTH = 257;
const BITS_PER_SAMPLE = 258;
const COMPRESSION = 259;
const STRIP_OFFSETS = 273;
const SAMPLES_PER_PIXEL = 277;
const ROWS_PER_STRIP = 278;
const STRIP_BYTE_COUNTS = 279;
const COLOR_MAP = 320;
const TILE_OFFSETS = 324;
const TILE_BYTE_COUNTS = 325;
const JPEG_TABLES = 347;

const UNCOMPRESSED = 1;

/** More pages than these are not counted: a small hostile file can describe any number of overlapping ones. */
const MAX_PAGES = 65_536;
/** Strips and tiles looked at in one file, for the same reason. */
const MAX_CHECKED = 1_000_000;

/** TIFF and BigTIFF: every directory in the chain, and whether the strips or tiles of each lie within the file. */
export async function readTiff(source: ByteSource): Promise<Structure> {
  const { layout, firstDirectory } = await readHeader(source);
  const seen = new Set<number>();
  let first: Directory | undefined;
  let unchecked = MAX_CHECKED;
  // A chain that comes back to itself has no further pages.
  for (let offset = firstDirectory; offset !== 0 && !seen.has(offset) && seen.size < MAX_PAGES; ) {
    const directory = await readDirectory(source, layout, offset);
    unchecked -= await checkData(source, layout, directory, unchecked);
    seen.add(offset);
    first ??= directory;
    offset = directory.next;
  }
  if (first === undefined) throw new CutShort('the directory was never written');
  const width = await firstValue(source, layout, first, IMAGE_WIDTH);
  const height = await firstValue(source, layout, first, IMAGE_LENGTH);
  if (!width || !height) throw new Damaged('does not say how many pixels it has');
  return { width, height, frames: seen.size };
}

async function readHeader(source: ByteSource): Promise<{ layout: TiffLayout; firstDirectory: number }> {
  const header = await need(source, 0, 8);
  const littleEndian = header.toString('latin1', 0, 2) === 'II';
  const view = { littleEndian, big: false };
  const version = littleEndian ? header.readUInt16LE(2) : header.readUInt16BE(2);
  if (version === 42) {
    return { layout: view, firstDirectory: littleEndian ? header.readUInt32LE(4) : header.readUInt32BE(4) };
  }
  if (version !== 43) throw new Damaged('is of a version that does not exist');
  const big = await need(source, 0, 16);
  const firstDirectory = Number(littleEndian ? big.readBigUInt64LE(8) : big.readBigUInt64BE(8));
  return { layout: { littleEndian, big: true }, firstDirectory };
}

/** Checks at most `most` strips or tiles of a page, and says how many it did. */
async function checkData(
  source: ByteSource,
  layout: TiffLayout,
  directory: Directory,
  most: number,
): Promise<number> {
  // Descriptions and the like may be lost without loss to the picture; these may not.
  for (const tag of [BITS_PER_SAMPLE, COLOR_MAP, JPEG_TABLES]) {
    const field = directory.fields.get(tag);
    if (field !== undefined && field.offset + field.count * field.valueBytes > source.size) {
      throw new CutShort(`tag ${tag} goes on`);
    }
  }
  const tiled = directory.fields.has(TILE_OFFSETS);
  const offsets = directory.fields.get(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
  const byteCounts = directory.fields.get(tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS);
  if (offsets === undefined) return 0;
  const limit = tiled ? Number.POSITIVE_INFINITY : await uncompressedStripBytes(source, layout, directory);
  const lengths = byteCounts === undefined ? undefined : valuesOf(source, layout, byteCounts);
  let checked = 0;
  for await (const offset of valuesOf(source, layout, offsets)) {
    if (checked === most) break;
    checked += 1;
    const next = await lengths?.next();
    const length = next?.done === false ? next.value : 0;
    // A sparse file leaves tiles without data out: 0 and 0.
    if (offset === 0 && length === 0) continue;
    if (offset >= source.size || offset + Math.min(length, limit) > source.size) {
      throw new CutShort('a strip goes on');
    }
  }
  return checked;
}

/** Some writers give byte counts that are too large; without compression, the pixels tell the right one. */
async function uncompressedStripBytes(
  source: ByteSource,
  layout: TiffLayout,
  directory: Directory,
): Promise<number> {
  const compression = (await firstValue(source, layout, directory, COMPRESSION)) ?? UNCOMPRESSED;
  const width = await firstValue(source, layout, directory, IMAGE_WIDTH);
  const height = await firstValue(source, layout, directory, IMAGE_LENGTH);
  if (compression !== UNCOMPRESSED || width === undefined || height === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const bits = (await firstValue(source, layout, directory, BITS_PER_SAMPLE)) ?? 1;
  const samples = (await firstValue(source, layout, directory, SAMPLES_PER_PIXEL)) ?? 1;
  const rows = Math.min((await firstValue(source, layout, directory, ROWS_PER_STRIP)) ?? height, height);
  return Math.ceil((width * bits * samples) / 8) * rows;
}

async function firstValue(
  source: ByteSource,
  layout: TiffLayout,
  directory: Directory,
  tag: number,
): Promise<number | undefined> {
  const field = directory.fields.get(tag);
  if (field === undefined) return undefined;
  const first = await valuesOf(source, layout, field).next();
  return first.done === true ? undefined : first.value;
}
