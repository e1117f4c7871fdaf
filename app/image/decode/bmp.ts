import { type ByteSource, need } from '../byte-source.ts';
import { type BmpHeader, bmpStride, readBmpHeader } from '../structure/bmp.ts';
import { expandRunLength } from './bmp-run-length.ts';
import type { Pixels } from './pixels.ts';

/** Reads the colour of one pixel out of a row: red, green, blue, alpha as one number, red highest. */
type PixelReader = (row: Uint8Array, x: number) => number;

/**
 * Decodes a BMP of any depth to RGBA. Of a large one only every second, third, … row and pixel is taken, so that the
 * longer side keeps at least `atLeast` pixels: memory does not grow with the picture.
 * @throws Error when the coding is one that nothing writes any more.
 */
export async function decodeBmp(source: ByteSource, atLeast: number): Promise<Pixels> {
  const header = await readBmpHeader(source);
  const every = Math.max(1, Math.floor(Math.max(header.width, header.height) / atLeast));
  const width = Math.ceil(header.width / every);
  const height = Math.ceil(header.height / every);
  const readPixel = await pixelReader(source, header);
  const data = Buffer.alloc(width * height * 4);
  let anyAlpha = false;
  for await (const { y, row } of rowsOf(source, header, every)) {
    for (let x = 0; x < width; x += 1) {
      const colour = readPixel(row, x * every);
      data.writeUInt32BE(colour, ((y / every) * width + x) * 4);
      anyAlpha ||= (colour & 0xff) !== 0;
    }
  }
  // Many writers declare an alpha channel and leave it at 0: they mean an opaque picture.
  if (!anyAlpha) for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { width, height, channels: 4, data };
}

/** The rows whose distance from the top is a multiple of `every`, in the order of the file. */
async function* rowsOf(
  source: ByteSource,
  header: BmpHeader,
  every: number,
): AsyncGenerator<{ y: number; row: Uint8Array }> {
  const fromTop = (index: number): number => (header.topDown ? index : header.height - 1 - index);
  switch (header.coding) {
    case 'plain':
    case 'masks': {
      const stride = bmpStride(header);
      const rowBytes = Math.ceil((header.width * header.bitsPerPixel) / 8);
      for (let index = 0; index < header.height; index += 1) {
        const y = fromTop(index);
        if (y % every !== 0) continue;
        yield { y, row: await need(source, header.pixelStart + index * stride, rowBytes) };
      }
      return;
    }
    case 'run-length-8':
    case 'run-length-4': {
      let index = 0;
      for await (const row of expandRunLength(source, header)) {
        const y = fromTop(index);
        if (y % every === 0) yield { y, row };
        index += 1;
      }
      return;
    }
    case 'other':
      throw new Error('it is coded in a way that only OS/2 ever wrote');
  }
}

async function pixelReader(source: ByteSource, header: BmpHeader): Promise<PixelReader> {
  const { bitsPerPixel } = header;
  if (bitsPerPixel <= 8) {
    const palette = await readPalette(source, header);
    // Run-length coded rows come out with a byte for each pixel.
    const bits = header.coding === 'plain' ? bitsPerPixel : 8;
    const perByte = 8 / bits;
    const mask = 2 ** bits - 1;
    return (row, x) => {
      const byte = row[Math.floor(x / perByte)] ?? 0;
      return palette[(byte >> (8 - bits * ((x % perByte) + 1))) & mask] ?? 0x000000ff;
    };
  }
  if (bitsPerPixel === 24) {
    return (row, x) => pack(row[x * 3 + 2] ?? 0, row[x * 3 + 1] ?? 0, row[x * 3] ?? 0, 255);
  }
  const masks = header.coding === 'masks' ? await readMasks(source, header) : defaultMasks(bitsPerPixel);
  const [red, green, blue, alpha] = masks.map(channel);
  const bytes = bitsPerPixel / 8;
  return (row, x) => {
    const at = x * bytes;
    const low = (row[at] ?? 0) | ((row[at + 1] ?? 0) << 8);
    const value = bytes === 2 ? low : low | ((row[at + 2] ?? 0) << 16) | ((row[at + 3] ?? 0) << 24);
    return pack(red?.(value) ?? 0, green?.(value) ?? 0, blue?.(value) ?? 0, alpha?.(value) ?? 255);
  };
}

function pack(red: number, green: number, blue: number, alpha: number): number {
  return ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;
}

async function readPalette(source: ByteSource, header: BmpHeader): Promise<number[]> {
  const { colourStart, paletteEntryBytes, pixelStart, bitsPerPixel } = header;
  const room = Math.max(0, Math.floor((pixelStart - colourStart) / paletteEntryBytes));
  const bytes = await source.read(colourStart, Math.min(2 ** bitsPerPixel, room) * paletteEntryBytes);
  const colours: number[] = [];
  for (let at = 0; at + 3 <= bytes.length; at += paletteEntryBytes) {
    colours.push(pack(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0, 255));
  }
  return colours;
}

async function readMasks(source: ByteSource, header: BmpHeader): Promise<number[]> {
  const bytes = await need(source, header.colourStart, header.maskCount * 4);
  return Array.from({ length: header.maskCount }, (_, index) => bytes.readUInt32LE(index * 4));
}

function defaultMasks(bitsPerPixel: number): number[] {
  return bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff];
}

/** Takes the bits under a mask out of a value and scales them to 0…255; undefined for an empty mask. */
function channel(mask: number): ((value: number) => number) | undefined {
  if (mask === 0) return undefined;
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / highest);
}
