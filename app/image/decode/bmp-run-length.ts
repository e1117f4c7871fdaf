import { type ByteSource, need } from '../byte-source.ts';
import type { BmpHeader } from '../structure/bmp.ts';

const END_OF_ROW = 0;
const END_OF_PICTURE = 1;
const SKIP = 2;

/**
 * The rows of a run-length coded BMP in the order of the file, a byte for each pixel. A row is only valid until the
 * next is asked for. Rows and pixels that the coding skips have colour 0.
 * @throws CutShort when the file ends before the picture does.
 */
export async function* expandRunLength(source: ByteSource, header: BmpHeader): AsyncGenerator<Uint8Array> {
  const { width, height } = header;
  const nibbles = header.coding === 'run-length-4';
  let row = new Uint8Array(width);
  let rows = 0;
  let x = 0;
  let offset = header.pixelStart;
  const put = (index: number): void => {
    // Runs that reach over the edge of the picture are cut there.
    if (x < width) row[x] = index;
    x += 1;
  };
  while (rows < height) {
    const pair = await need(source, offset, 2);
    const count = pair.readUInt8(0);
    const value = pair.readUInt8(1);
    offset += 2;
    if (count > 0) {
      for (let index = 0; index < count; index += 1) put(nibbles ? nibble(value, index) : value);
    } else if (value === END_OF_ROW) {
      yield row;
      row = new Uint8Array(width);
      rows += 1;
      x = 0;
    } else if (value === SKIP) {
      const skip = await need(source, offset, 2);
      x += skip.readUInt8(0);
      const down = skip.readUInt8(1);
      offset += 2;
      for (let index = 0; index < down && rows < height; index += 1) {
        yield row;
        row = new Uint8Array(width);
        rows += 1;
      }
    } else if (value === END_OF_PICTURE) {
      break;
    } else {
      // Pixels one by one, filled up to an even number of bytes.
      const bytes = nibbles ? Math.ceil(value / 2) : value;
      const pixels = await need(source, offset, bytes);
      for (let index = 0; index < value; index += 1) {
        put(nibbles ? nibble(pixels.readUInt8(index >> 1), index) : pixels.readUInt8(index));
      }
      offset += bytes + (bytes & 1);
    }
  }
  for (; rows < height; rows += 1) {
    yield row;
    row = new Uint8Array(width);
  }
}

/** Of two pixels in a byte, the first is the higher half. */
function nibble(byte: number, index: number): number {
  return index % 2 === 0 ? byte >> 4 : byte & 15;
}
