import { crc32c } from '@node-rs/crc32';
import { mimeFromExtension } from '../../image/formats.ts';
import { isPlainlyPicture, SNIFF_BYTES, sniffMime } from '../../image/sniff.ts';
import { ViInvalidFileFormatError } from '../errors.ts';
import { readFileBlocks } from '../file-blocks.ts';
import type { AssetCustomMetadata } from './custom-metadata.ts';
import { AssetKind } from './enums.ts';
import type { UploadFile } from './found-files.ts';
import type { UploadedAssetMetadata } from './ingestion-session.ts';

/** A file that has been read and found fit to be announced. */
export interface PreparedFile {
  readonly file: UploadFile;
  readonly metadata: UploadedAssetMetadata & { readonly crc32c: number };
}

/**
 * Reads a file once: checksum, size, and whether its content is an image at all. Its MIME type on the wire is that of its
 * extension; a picture of another supported format under that name is still taken.
 *
 * @throws ViInvalidFileFormatError for an empty file and for other content; ViPermissionError or ViOperationError when it
 * can't be read; the signal's reason.
 */
export async function prepareFile(
  file: UploadFile,
  customMetadata: AssetCustomMetadata | undefined,
  signal?: AbortSignal | undefined,
): Promise<PreparedFile> {
  if (file.size === 0) throw emptyFile(file);
  const mime = mimeFromExtension(file.filename);
  if (mime === undefined) {
    throw new ViInvalidFileFormatError(
      `${file.path} does not have the extension of a supported image format.`,
      {
        details: { path: file.path },
      },
    );
  }
  let head: Uint8Array = new Uint8Array();
  let size = 0;
  let crc = 0;
  await readFileBlocks(
    file.path,
    (bytes) => {
      // A copy: the bytes are in a block that is read into again.
      if (size === 0) head = Uint8Array.prototype.slice.call(bytes, 0, SNIFF_BYTES);
      crc = crc32c(bytes, crc);
      size += bytes.length;
    },
    { signal, knownSize: file.size },
  );
  if (size === 0) throw emptyFile(file);
  if (!isPlainlyPicture(head)) {
    const sniffed = await sniffMime(head);
    if (majorType(sniffed) !== majorType(mime)) throw wrongContent(file, sniffed);
  }
  return {
    file,
    metadata: {
      kind: AssetKind.IMAGE,
      filename: file.filename,
      mime,
      size,
      crc32c: crc | 0,
      ...(customMetadata === undefined ? {} : { customMetadata }),
    },
  };
}

/** The error of a file without content. */
export function emptyFile(file: UploadFile): ViInvalidFileFormatError {
  return new ViInvalidFileFormatError(`${file.path} is empty.`, {
    code: 'EmptyFile',
    suggestion: 'Replace it with the whole picture, or delete it.',
    details: { path: file.path },
  });
}

function wrongContent(file: UploadFile, sniffed: string | undefined): ViInvalidFileFormatError {
  const found = sniffed === undefined ? 'no image of a known format' : sniffed;
  return new ViInvalidFileFormatError(`${file.path} is no picture: its content is ${found}.`, {
    code: 'WrongContent',
    suggestion: 'Replace it with the picture that its name promises.',
    details: { path: file.path, sniffed },
  });
}

function majorType(mime: string | undefined): string | undefined {
  return mime?.split('/')[0];
}
