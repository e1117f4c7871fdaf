import fs from 'node:fs/promises';
import pLimit from 'p-limit';
import type { Sharp, SharpOptions } from 'sharp';
import { withFileSource } from './byte-source.ts';
import { decodeBmp } from './decode/bmp.ts';
import { decodeHeif } from './decode/heif.ts';
import { decodeJpeg2000 } from './decode/jpeg2000.ts';
import { limitPixels, TooManyPixels } from './decode/pixels.ts';
import { formatOfMime, type ImageFormat } from './formats.ts';
import { type GoodImage, type ImageProblem, type ImageProblemCode, inspectImage } from './inspect.ts';
import { named, nameOf, undecodableProblem } from './problems.ts';

export interface ThumbnailOptions {
  /** The longer side of the thumbnail, in pixels, at most; smaller images are not enlarged. */
  readonly maxSize: number;
  readonly signal?: AbortSignal;
}

export interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly mime: 'image/webp' | 'image/jpeg' | 'image/png';
  /** Pixels of the thumbnail. */
  readonly width: number;
  readonly height: number;
}

/** What can be wrong with an image that no thumbnail can be made of; `too-large`: more pixels than we decode. */
export interface ThumbnailProblem extends Omit<ImageProblem, 'code'> {
  readonly code: ImageProblemCode | 'too-large';
}

/** No thumbnail can be made of this file; `problem` says why, in words for a person. */
export class ThumbnailError extends Error {
  override readonly name = 'ThumbnailError';
  readonly problem: ThumbnailProblem;

  constructor(problem: ThumbnailProblem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

/** Most pixels of formats that are decoded row by row, or at a lower resolution. What sharp itself takes. */
const MAX_STREAMED_PIXELS = 268_402_689;
/** Most pixels of formats whose decoders hold the whole picture: 4 to 13 bytes for each, so at most about 800 MB. */
const MAX_WHOLE_PIXELS = 64_000_000;
/** Largest file that is read into memory for a decoder that can't read a file itself. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;
/** Decoders that can leave pixels out keep this many times those that are needed, so that scaling stays smooth. */
const OVERSAMPLING = 4;
/** Pictures decoded at the same time in one thread; more would only add up their memory. */
const slots = pLimit(2);

const SECONDS_PER_PICTURE = 60;

/**
 * A small picture of the image at `path`, as WebP: upright, in sRGB, of the first frame of an animation, for all nine
 * formats. HEIF and JPEG 2000 are decoded in the calling thread and block it meanwhile.
 * @throws ThumbnailError when the file is broken, unreadable, or has too many pixels.
 */
export async function makeThumbnail(path: string, options: ThumbnailOptions): Promise<Thumbnail> {
  const { maxSize, signal } = options;
  const inspection = await inspectImage(path, options);
  if (!inspection.ok) throw new ThumbnailError(inspection.problem);
  const format = formatOfMime(inspection.mime);
  if (format === undefined) throw new TypeError(`${inspection.mime} is no type of a supported format`);
  return slots(async () => {
    signal?.throwIfAborted();
    try {
      limitPixels(inspection.width, inspection.height, maxPixelsOf(format));
      return await render(await open(path, format, maxSize, inspection), maxSize);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TooManyPixels) throw new ThumbnailError(tooLarge(path, error), { cause: error });
      throw new ThumbnailError(undecodableProblem(path, format), { cause: error });
    }
  });
}

function maxPixelsOf(format: ImageFormat): number {
  switch (format.format) {
    case 'JPEG':
    case 'PNG':
    case 'TIFF':
    case 'BMP':
    case 'JPEG 2000':
      return MAX_STREAMED_PIXELS;
    case 'WebP':
    case 'GIF':
    case 'HEIF':
    case 'AVIF':
      return MAX_WHOLE_PIXELS;
  }
}

function tooLarge(path: string, { width, height }: TooManyPixels): ThumbnailProblem {
  return {
    code: 'too-large',
    facts: { case: 'pixels', file: nameOf(path), width, height },
    title: 'Too large for a preview',
    detail: `${named(path)} has ${width} × ${height} pixels, more than can be decoded just to show it.`,
    suggestion: 'Nothing needs to be done: it is only shown without a preview.',
  };
}

/** The picture as the start of a sharp pipeline. */
async function open(path: string, format: ImageFormat, maxSize: number, image: GoodImage): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  // libvips would keep files open for later: nobody could delete or rename them on Windows meanwhile.
  sharp.cache(false);
  // Pixels that can't be decoded are refused, oddities that every viewer puts up with are not.
  const options: SharpOptions = { failOn: 'error', limitInputPixels: MAX_STREAMED_PIXELS };
  switch (format.format) {
    case 'JPEG':
    case 'PNG': {
      const input = sharp(path, options);
      // The passes of a progressive picture are all kept until the last one is read.
      const { isProgressive } = await input.metadata();
      if (isProgressive) limitPixels(image.width, image.height, MAX_WHOLE_PIXELS);
      return input;
    }
    case 'TIFF':
    case 'WebP':
    case 'GIF':
      return sharp(path, options);
    case 'AVIF':
      return sharp(await readAvif(path), options);
    case 'HEIF': {
      const { data, ...raw } = await decodeHeif(await readWhole(path), MAX_WHOLE_PIXELS);
      return sharp(data, { raw });
    }
    case 'JPEG 2000': {
      const atLeast = maxSize * OVERSAMPLING;
      const { data, ...raw } = await decodeJpeg2000(await readWhole(path), atLeast, MAX_WHOLE_PIXELS);
      return sharp(data, { raw });
    }
    case 'BMP': {
      const { data, ...raw } = await withFileSource(path, undefined, (source) =>
        decodeBmp(source, maxSize * OVERSAMPLING),
      );
      return sharp(data, { raw });
    }
  }
}

/** libvips knows AVIF by its first brand alone, and animations (`avis`) or general ones (`mif1`) begin with another. */
async function readAvif(path: string): Promise<Buffer> {
  const bytes = await readWhole(path);
  bytes.write('avif', 8, 'latin1');
  return bytes;
}

async function readWhole(path: string): Promise<Buffer> {
  const { size } = await fs.stat(path);
  if (size > MAX_WHOLE_BYTES) throw new Error(`${size} bytes are too many to decode in memory`);
  return fs.readFile(path);
}

async function render(input: Sharp, maxSize: number): Promise<Thumbnail> {
  const { data, info } = await input
    .autoOrient()
    .resize({ width: maxSize, height: maxSize, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .timeout({ seconds: SECONDS_PER_PICTURE })
    .toBuffer({ resolveWithObject: true });
  return { bytes: data, mime: 'image/webp', width: info.width, height: info.height };
}
