import { open } from 'node:fs/promises';
import { type ComparableHash, type ContentDigest, ContentDigester } from './content-hash.ts';
import { fileError } from './file-error.ts';

export interface FileHash {
  /** Bytes read. */
  readonly size: number;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
  /** CRC-32C of the content as a signed 32-bit integer, as the service wants it. */
  readonly crc32c: number;
}

export interface HashFileOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes read so far. */
  readonly onBytes?: ((bytesDone: number) => void) | undefined;
  /** The first block of the file, to look at during the call: it is overwritten afterwards. */
  readonly onHead?: ((bytes: Uint8Array) => void) | undefined;
}

/** Read size: large enough that the calls do not count, small enough for many files at once. */
const blockSize = 256 * 1024;

/**
 * SHA-256 and CRC-32C of a file in one read. Memory does not grow with the file's size.
 *
 * @throws ViPermissionError, ViOperationError when the file can't be read; the signal's reason when it is aborted.
 */
export async function hashFile(path: string, options: HashFileOptions = {}): Promise<FileHash> {
  const { size, sha256, crc32c } = await digestFile(path, undefined, options);
  return { size, sha256, crc32c };
}

/** The same, compared with a hash of the service too: `matches`. */
export async function digestFile(
  path: string,
  expected: ComparableHash | undefined,
  options: HashFileOptions = {},
): Promise<ContentDigest> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    await using file = await open(path, 'r');
    const digester = new ContentDigester(expected);
    const block = Buffer.allocUnsafeSlow(blockSize);
    for (;;) {
      const { bytesRead } = await file.read(block, 0, blockSize, null);
      signal?.throwIfAborted();
      if (bytesRead === 0) return digester.digest();
      const bytes = block.subarray(0, bytesRead);
      if (digester.size === 0) options.onHead?.(bytes);
      digester.update(bytes);
      options.onBytes?.(digester.size);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw fileError(error, path, 'read');
  }
}
