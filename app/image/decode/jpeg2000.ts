import { decodeComponents } from './jpeg2000-components.ts';
import { limitPixels, type Pixels } from './pixels.ts';

// Markers of ITU-T T.800, table A.2.
const SOC_SIZ = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
const COD = 0xff52;
const SOT = 0xff90;

/** Decoding in JavaScript takes about a second for five million pixels, and blocks its thread. */
const MAX_SLOW_PIXELS = 16_000_000;

/**
 * Decodes a JP2 file or a codestream, at the lowest resolution stored in it whose longer side has at least `atLeast`
 * pixels: the memory and the time that it takes go with that one, not with the full picture.
 * @throws TooManyPixels when even that one has more than `maxPixels`. @throws Error when OpenJPEG can't decode it.
 */
export async function decodeJpeg2000(file: Uint8Array, atLeast: number, maxPixels: number): Promise<Pixels> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(bytes);
  // All that the OpenJPEG build hands out.
  if (header.components === 1 || header.components === 3) {
    const level = reduction(header, atLeast);
    const size = sizeAt(header, level);
    limitPixels(size.width, size.height, maxPixels);
    return decodeWithOpenJpeg(bytes, level, size);
  }
  const { width, height } = sizeAt(header, 0);
  limitPixels(width, height, Math.min(maxPixels, MAX_SLOW_PIXELS));
  return decodeComponents(file);
}

async function decodeWithOpenJpeg(file: Buffer, level: number, size: Size): Promise<Pixels> {
  const { default: create } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  const complaints: string[] = [];
  const note = (line: string): void => {
    if (line.includes('[ERROR]')) complaints.push(line.replace('[ERROR] ', ''));
  };
  // A module of its own for each picture: what it allocated is free again when it is dropped.
  const module = await create({ print: note, printErr: note });
  const decoder = new module.J2KDecoder();
  try {
    decoder.getEncodedBuffer(file.length).set(file);
    decoder.decodeSubResolution(level, 0);
  } catch (error) {
    // What it throws is the address of a C++ exception, which says nothing.
    throw new Error(`OpenJPEG does not decode it: ${complaints[0] ?? 'no reason given'}`, { cause: error });
  }
  // One component may come out as three: a palette is applied.
  const { bitsPerSample, isSigned, componentCount: channels } = decoder.getFrameInfo();
  const samples = decoder.getDecodedBuffer();
  // The frame tells the full size also of a reduced picture: the bytes have to fit the size that we know.
  const expected = size.width * size.height * channels * (bitsPerSample > 8 ? 2 : 1);
  if ((channels !== 1 && channels !== 3) || samples.length !== expected) {
    throw new Error(`OpenJPEG does not decode it: ${complaints[0] ?? 'another number of pixels came out'}`);
  }
  return { ...size, channels, data: to8Bits(samples, bitsPerSample, isSigned) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface CodestreamHeader {
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
  readonly top: number;
  readonly components: number;
  /** How often the picture is stored at half the size. */
  readonly levels: number;
}

function readHeader(file: Buffer): CodestreamHeader {
  const start = file.indexOf(SOC_SIZ);
  if (start === -1) throw new Error('the file holds no codestream');
  const size = file.subarray(start + 4);
  let levels = 0;
  let at = 4 + start + size.readUInt16BE(0);
  while (at + 12 <= file.length && file.readUInt16BE(at) !== SOT) {
    if (file.readUInt16BE(at) === COD) levels = file.readUInt8(at + 9);
    at += 2 + Math.max(2, file.readUInt16BE(at + 2));
  }
  return {
    right: size.readUInt32BE(4),
    bottom: size.readUInt32BE(8),
    left: size.readUInt32BE(12),
    top: size.readUInt32BE(16),
    components: size.readUInt16BE(36),
    levels,
  };
}

function reduction(header: CodestreamHeader, atLeast: number): number {
  const longer = Math.max(header.right - header.left, header.bottom - header.top);
  let level = 0;
  while (level < header.levels && longer / 2 ** (level + 1) >= atLeast) level += 1;
  return level;
}

function sizeAt(header: CodestreamHeader, level: number): Size {
  const reduced = (coordinate: number): number => Math.ceil(coordinate / 2 ** level);
  return {
    width: reduced(header.right) - reduced(header.left),
    height: reduced(header.bottom) - reduced(header.top),
  };
}

function to8Bits(samples: Uint8Array, bits: number, signed: boolean): Uint8Array {
  if (bits <= 8 && !signed) {
    const highest = 2 ** bits - 1;
    return bits === 8 ? samples.slice() : samples.map((sample) => Math.round((sample * 255) / highest));
  }
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  const bytes = bits > 8 ? 2 : 1;
  const count = samples.length / bytes;
  const middle = signed ? 2 ** (bits - 1) : 0;
  const data = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const at = index * bytes;
    const value =
      bytes === 1 ? view.getInt8(at) : signed ? view.getInt16(at, true) : view.getUint16(at, true);
    data[index] = ((value + middle) * 255) / (2 ** bits - 1) + 0.5;
  }
  return data;
}
