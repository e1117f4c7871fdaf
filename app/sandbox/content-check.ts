import { extensionOf, isSupportedExtension, mimeFromExtension } from '../image/formats.ts';
import { type ImageInspection, inspectImage, inspectImageBytes } from '../image/inspect.ts';
import type { Thumbnail } from '../image/thumbnail.ts';
import { IngestionCode } from './ingestion-codes.ts';

/** What an image shows of itself, or why it can't be an asset. */
export type ContentCheck =
  | { readonly ok: true; readonly width: number; readonly height: number; readonly frames: number }
  | { readonly ok: false; readonly code: IngestionCode };

/** What a file says to be. */
export interface DeclaredContent {
  readonly filename: string;
  readonly kind: string;
  readonly mime: string;
}

/** Looks whether the content of a file is an image, as its name and its declared type say. */
export async function checkContent(path: string, declared: DeclaredContent): Promise<ContentCheck> {
  return isDeclaredAsImage(declared) ? judge(await inspectImage(path)) : NO_IMAGE;
}

/** What small content showed while it was in memory, until its session asks. A restart forgets it: then the disk tells. */
export class SeenContent {
  readonly #seen = new Map<string, Promise<ContentCheck>>();

  look(blobId: string, bytes: Uint8Array, declared: DeclaredContent): void {
    const check = isDeclaredAsImage(declared)
      ? inspectImageBytes(bytes, declared.filename).then(judge)
      : Promise.resolve(NO_IMAGE);
    // Whoever asks sees the failure; if nobody does, nothing is lost.
    check.catch(() => undefined);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size >= MOST_SEEN) this.#seen.delete(oldest);
    this.#seen.set(blobId, check);
  }

  /** Undefined for what was not seen, or told before. */
  take(blobId: string): Promise<ContentCheck> | undefined {
    const check = this.#seen.get(blobId);
    this.#seen.delete(blobId);
    return check;
  }
}

const MOST_SEEN = 10_000;
const NO_IMAGE: ContentCheck = { ok: false, code: IngestionCode.EBADMIME };

function isDeclaredAsImage({ filename, kind, mime }: DeclaredContent): boolean {
  return kind === 'Image' && mime.startsWith('image/') && isSupportedExtension(filename);
}

function judge(found: ImageInspection): ContentCheck {
  if (found.ok) return { ok: true, width: found.width, height: found.height, frames: found.frames };
  switch (found.problem.code) {
    case 'empty':
      return { ok: false, code: IngestionCode.EBADSIZE };
    case 'truncated':
    case 'unreadable':
      return { ok: false, code: IngestionCode.ECORRUPT };
    case 'not-an-image':
    case 'mislabelled':
    case 'unsupported':
      return NO_IMAGE;
  }
}

/** The extension that content of this name gets on disk: with the dot, or '' when it tells nothing. */
export function storedExtension(filename: string): string {
  return isSupportedExtension(filename) ? extensionOf(filename) : '';
}

/** The type that a name promises; what no supported extension names is just bytes. */
export function mimeOfName(filename: string): string {
  return mimeFromExtension(filename) ?? 'application/octet-stream';
}

/** Pixels of the longer side of a thumbnail, at most. */
const THUMBNAIL_SIZE = 256;

/** A thumbnail of the image at `path`; undefined when none can be made of it. */
export async function thumbnailOf(path: string): Promise<Thumbnail | undefined> {
  // Decoders take their time to load, and most sandboxes are never asked for a picture.
  const { makeThumbnail, ThumbnailError } = await import('../image/thumbnail.ts');
  try {
    return await makeThumbnail(path, { maxSize: THUMBNAIL_SIZE });
  } catch (error) {
    if (error instanceof ThumbnailError) return undefined;
    throw error;
  }
}
