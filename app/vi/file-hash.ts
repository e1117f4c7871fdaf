import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32c } from '@node-rs/crc32';
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
}

/** Read size: large enough that the calls do not count, small enough for many files at once. */
const blockSize = 256 * 1024;

/**
 * SHA-256 and CRC-32C of a file in one read. Memory does not grow with the file's size.
 *
 * @throws ViPermissionError, ViOperationError when the file can't be read; the signal's reason when it is aborted.
 */
export async function hashFile(path: string, options: HashFileOptions = {}): Promise<FileHash> {
  options.signal?.throwIfAborted();
  try {
    await using file = await open(path, 'r');
    const sha256 = createHash('sha256');
    const block = Buffer.allocUnsafe(blockSize);
    let crc = 0;
    let size = 0;
    for (;;) {
      const { bytesRead } = await file.read(block, 0, blockSize, null);
      options.signal?.throwIfAborted();
      if (bytesRead === 0) break;
      const bytes = block.subarray(0, bytesRead);
      sha256.update(bytes);
      crc = crc32c(bytes, crc);
      size += bytesRead;
      options.onBytes?.(size);
    }
    return { size, sha256: sha256.digest('hex'), crc32c: crc | 0 };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw fileError(error, path, 'read');
  }
}
