import { type ByteSource, CutShort, Damaged, need } from '../byte-source.ts';
import { findBox } from './boxes.ts';
import type { Structure } from './structure.ts';

// Markers of ITU-T T.800, table A.2.
const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const EOC = 0xffd9;

/** JPEG 2000, in its JP2 container or as a bare codestream: every tile-part, skipped by its length. */
export async function readJpeg2000(source: ByteSource): Promise<Structure> {
  if ((await need(source, 0, 2)).readUInt16BE(0) === SOC) return readCodestream(source, 0);
  const codestream = await findBox(source, 0, source.size, 'jp2c');
  if (codestream === undefined) throw new CutShort('no codestream');
  if (codestream.end > source.size) throw new CutShort('the codestream goes on');
  return readCodestream(source, codestream.start);
}

async function readCodestream(source: ByteSource, start: number): Promise<Structure> {
  const main = await need(source, start, 4);
  if (main.readUInt16BE(0) !== SOC || main.readUInt16BE(2) !== SIZ) {
    throw new Damaged('has no codestream where one should begin');
  }
  const size = Buffer.from(await need(source, start + 4, 36));
  const right = size.readUInt32BE(4);
  const bottom = size.readUInt32BE(8);
  const width = right - size.readUInt32BE(12);
  const height = bottom - size.readUInt32BE(16);
  const tileWidth = size.readUInt32BE(20);
  const tileHeight = size.readUInt32BE(24);
  if (width <= 0 || height <= 0) throw new Damaged('says that it has no pixels');
  if (tileWidth === 0 || tileHeight === 0) throw new Damaged('says that its tiles have no pixels');
  const columns = Math.ceil((right - size.readUInt32BE(28)) / tileWidth);
  const tiles = columns * Math.ceil((bottom - size.readUInt32BE(32)) / tileHeight);

  const seen = new Set<number>();
  for (let offset = start + 4 + size.readUInt16BE(0); ; ) {
    // Some encoders leave the end marker away: the picture is whole when every tile is there.
    if (offset >= source.size && seen.size === tiles) break;
    const marker = (await need(source, offset, 2)).readUInt16BE(0);
    if (marker === EOC) break;
    if (marker === SOT) {
      const part = await need(source, offset, 12);
      seen.add(part.readUInt16BE(4));
      const length = part.readUInt32BE(6);
      if (length !== 0 && length < 14) throw new Damaged('holds a tile of impossible length');
      // 0: this last part reaches to the end marker.
      offset = length === 0 ? source.size : offset + length;
      if (offset > source.size) throw new CutShort('a tile goes on');
    } else if (seen.size === 0 && marker >= 0xff00) {
      offset += 2 + (await need(source, offset + 2, 2)).readUInt16BE(0);
    } else if (seen.size === tiles) {
      // Something else behind the last tile: padding, or what someone appended.
      break;
    } else {
      throw marker === 0
        ? new CutShort('zeros instead of a tile')
        : new Damaged('breaks off between two tiles');
    }
  }
  if (seen.size === 0) throw new Damaged('has a header but no picture');
  return { width, height, frames: 1 };
}
