import { extensionOf, isSupportedExtension, mimeFromExtension } from '../image/formats.ts';
import { inspectImage } from '../image/inspect.ts';
import { makeThumbnail, type Thumbnail, ThumbnailError } from '../image/thumbnail.ts';
import { IngestionCode } from './ingestion-codes.ts';

/** What an image shows of itself, or why it can't be an asset. */
export type ContentCheck =
  | { readonly ok: true; readonly width: number; readonly height: number; readonly frames: number }
  | { readonly ok: false; readonly code: IngestionCode };

/** Looks whether the content of a file is an image, as its name and its declared type say. */
export async function checkContent(
  path: string,
  declared: { readonly filename: string; readonly kind: string; readonly mime: string },
): Promise<ContentCheck> {
  const image = declared.kind === 'Image' && declared.mime.startsWith('image/');
  if (!image || !isSupportedExtension(declared.filename)) return { ok: false, code: IngestionCode.EBADMIME };
  const found = await inspectImage(path);
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
      return { ok: false, code: IngestionCode.EBADMIME };
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
  try {
    return await makeThumbnail(path, { maxSize: THUMBNAIL_SIZE });
  } catch (error) {
    if (error instanceof ThumbnailError) return undefined;
    throw error;
  }
}
