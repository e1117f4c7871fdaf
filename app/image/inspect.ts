import fs from 'node:fs/promises';
import { type ByteSource, bytesSource, CutShort, Damaged, Foreign, withFileSource } from './byte-source.ts';
import { describeContent, kindOfImage } from './content-kind.ts';
import {
  extensionOf,
  formatFromExtension,
  formatOfMime,
  type ImageFormat,
  type ImageFormatName,
  type ImageMime,
} from './formats.ts';
import {
  damagedProblem,
  emptyProblem,
  type ImageProblem,
  mislabelledProblem,
  notAnImageProblem,
  truncatedProblem,
  unreadableProblem,
  unsupportedExtensionProblem,
  unsupportedFormatProblem,
} from './problems.ts';
import { hasTiffSignature, SNIFF_BYTES, sniffMime } from './sniff.ts';
import { readBmp } from './structure/bmp.ts';
import { readGif } from './structure/gif.ts';
import { readHeif } from './structure/heif.ts';
import { readJpeg } from './structure/jpeg.ts';
import { readJpeg2000 } from './structure/jpeg2000.ts';
import { readPng } from './structure/png.ts';
import type { StructureReader } from './structure/structure.ts';
import { readTiff } from './structure/tiff.ts';
import { readWebp } from './structure/webp.ts';

export type { ImageProblem, ImageProblemCode } from './problems.ts';

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

const readers: Readonly<Record<ImageFormatName, StructureReader>> = {
  JPEG: readJpeg,
  PNG: readPng,
  TIFF: readTiff,
  BMP: readBmp,
  WebP: readWebp,
  HEIF: readHeif,
  AVIF: readHeif,
  'JPEG 2000': readJpeg2000,
  GIF: readGif,
};

/**
 * Looks whether the image at `path` is whole and of a format that the service takes, without decoding it. Reads its
 * head and the headers of its structure: some KB of most files, and never more than a window of it in memory.
 * What is wrong with the file, or with reading it, comes back as a {@link BrokenImage}: throws only what `signal` says.
 */
export async function inspectImage(path: string, options: InspectOptions = {}): Promise<ImageInspection> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    // Opening a pipe would wait for a writer.
    if (!(await fs.stat(path)).isFile()) return broken(unreadableProblem(path, notAFile()));
    return await withFileSource(path, signal, (source) => inspectSource(source, path));
  } catch (error) {
    signal?.throwIfAborted();
    return broken(unreadableProblem(path, error));
  }
}

/** As {@link inspectImage}, for an image in memory. Without a file name there is no extension to judge. */
export async function inspectImageBytes(bytes: Uint8Array, filename?: string): Promise<ImageInspection> {
  return inspectSource(bytesSource(bytes), filename);
}

async function inspectSource(source: ByteSource, filename: string | undefined): Promise<ImageInspection> {
  const name = filename ?? '';
  if (source.size === 0) return broken(emptyProblem(name));
  const promised = formatFromExtension(name);
  const head = Buffer.from(await source.read(0, SNIFF_BYTES));
  const sniffed = await sniffMime(head);
  const format = formatOfContent(sniffed, head, promised);
  if (format === undefined) return broken(foreignProblem(name, head, sniffed, promised), sniffed);
  // A name of the right format says which of its types this is: .heif and .heic differ in nothing else.
  const mime = mimeWithin(format, name, sniffed);
  try {
    const structure = await readers[format.format](source);
    if (filename !== undefined && promised === undefined) {
      return broken(unsupportedExtensionProblem(name, format), mime);
    }
    const mislabelled = promised !== undefined && promised !== format;
    const warning = mislabelled ? mislabelledProblem(name, promised, format) : null;
    return { ok: true, mime, ...structure, problem: null, warning };
  } catch (error) {
    if (error instanceof CutShort) return broken(truncatedProblem(name, format), mime);
    if (error instanceof Damaged) return broken(damagedProblem(name, format, error.message), mime);
    if (error instanceof Foreign) return broken(notAnImageProblem(name, describeContent(head, undefined)));
    throw error;
  }
}

/** Types that belong to a supported format under another name than the service's. */
const ALIASES: Readonly<Record<string, ImageMime>> = {
  'image/apng': 'image/png',
  'image/heif-sequence': 'image/heif',
  'image/heic-sequence': 'image/heic',
  'image/j2c': 'image/jp2',
  'image/jpx': 'image/jp2',
};

function formatOfContent(
  sniffed: string | undefined,
  head: Buffer,
  promised: ImageFormat | undefined,
): ImageFormat | undefined {
  // Raw files of cameras are TIFFs with further tags, and so are TIFFs that were made of them: the name decides.
  if (promised?.format === 'TIFF' && hasTiffSignature(head)) return promised;
  return sniffed === undefined ? undefined : formatOfMime(ALIASES[sniffed] ?? sniffed);
}

function mimeWithin(format: ImageFormat, filename: string, sniffed: string | undefined): ImageMime {
  const byExtension = format.mimeByExtension[extensionOf(filename)];
  if (byExtension !== undefined) return byExtension;
  const told = ALIASES[sniffed ?? ''] ?? sniffed;
  return Object.values(format.mimeByExtension).find((mime) => mime === told) ?? format.mime;
}

function foreignProblem(
  filename: string,
  head: Buffer,
  sniffed: string | undefined,
  promised: ImageFormat | undefined,
): ImageProblem {
  if (promised !== undefined && beginsAs(promised, head)) return truncatedProblem(filename, promised);
  const kind = kindOfImage(sniffed);
  if (kind !== undefined) return unsupportedFormatProblem(filename, kind);
  return notAnImageProblem(filename, describeContent(head, sniffed));
}

/** How files of each format begin, where that is always the same. */
const SIGNATURES: Readonly<Partial<Record<ImageFormatName, string>>> = {
  JPEG: '\xff\xd8\xff',
  PNG: '\x89PNG\r\n\x1a\n',
  GIF: 'GIF8',
  WebP: 'RIFF',
  BMP: 'BM',
  'JPEG 2000': '\0\0\0\x0cjP  \r\n\x87\n',
};

/** Whether these few bytes may be all that is left of a file of this format: too few to know it by. */
function beginsAs(format: ImageFormat, head: Buffer): boolean {
  const signature = SIGNATURES[format.format];
  if (signature === undefined || head.length > 16) return false;
  const start = head.toString('latin1');
  return signature.startsWith(start) || start.startsWith(signature);
}

function broken(problem: ImageProblem, mime?: string): BrokenImage {
  return mime === undefined ? { ok: false, problem } : { ok: false, mime, problem };
}

function notAFile(): Error {
  return Object.assign(new Error('not a regular file'), { code: 'NOT_A_FILE' });
}
