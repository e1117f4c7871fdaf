import fs from 'node:fs/promises';
import { imageSize } from 'image-size';
import { formatOfMime, type ImageMime } from './formats.ts';
import { SNIFF_BYTES, sniffMime } from './sniff.ts';

/** What is wrong with an image file. `code` is stable and for machines, the rest is for a person. */
export interface ImageProblem {
  readonly code: ImageProblemCode;
  /** A few words: "Cut short". */
  readonly title: string;
  /** A sentence that names the file and says what was found. */
  readonly detail: string;
  /** What a person can do about it. */
  readonly suggestion: string;
}

export type ImageProblemCode =
  /** The file has no bytes. */
  | 'empty'
  /** The file ends before its picture does. */
  | 'truncated'
  /** The content is no image, whatever the name says. */
  | 'not-an-image'
  /** A good image of another supported format than the extension says. */
  | 'mislabelled'
  /** The disk does not give the file out, or its content contradicts itself. */
  | 'unreadable'
  /** An image, but of none of the supported formats; or an extension that the service does not take. */
  | 'unsupported';

export type ImageInspection = GoodImage | BrokenImage;

/** An image that can be uploaded. */
export interface GoodImage {
  readonly ok: true;
  /** Type of the content. For a mislabelled file it differs from the type that its extension says. */
  readonly mime: ImageMime;
  /** Pixels as the decoder gives them: HEIF's own rotation is applied, an EXIF orientation is not. */
  readonly width: number;
  readonly height: number;
  /** Pictures of an animation, pages of a TIFF; 1 for everything else. */
  readonly frames: number;
  readonly problem: null;
  /** Something a person should know although the file can be uploaded: `mislabelled`. */
  readonly warning: ImageProblem | null;
}

/** A file that must not be uploaded as it is. */
export interface BrokenImage {
  readonly ok: false;
  /** What the content seems to be, as far as it could be told. */
  readonly mime?: string;
  readonly problem: ImageProblem;
}

export interface InspectOptions {
  readonly signal?: AbortSignal;
}

/**
 * Looks whether the image at `path` is whole and of a format that the service takes, without decoding it.
 * Never throws for what is wrong with the file (that is a {@link BrokenImage}); only for `signal`.
 */
export async function inspectImage(path: string, options: InspectOptions = {}): Promise<ImageInspection> {
  options.signal?.throwIfAborted();
  return inspectImageBytes(await fs.readFile(path), path);
}

/** As {@link inspectImage}, for an image in memory. Without a file name its extension is not judged. */
export async function inspectImageBytes(bytes: Uint8Array, filename = ''): Promise<ImageInspection> {
  const mime = await sniffMime(bytes.subarray(0, SNIFF_BYTES));
  const format = mime === undefined ? undefined : formatOfMime(mime);
  if (format === undefined) {
    return {
      ok: false,
      problem: {
        code: bytes.length === 0 ? 'empty' : 'not-an-image',
        title: 'Not an image',
        detail: `“${filename}” holds no picture.`,
        suggestion: 'Take it out of the folder.',
      },
    };
  }
  const { width, height } = imageSize(bytes);
  return { ok: true, mime: format.mime, width, height, frames: 1, problem: null, warning: null };
}
