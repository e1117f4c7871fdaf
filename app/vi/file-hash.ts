import { type ComparableHash, type ContentDigest, ContentDigester } from './content-hash.ts';
import { readFileBlocks } from './file-blocks.ts';

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
  const digester = new ContentDigester(expected);
  await readFileBlocks(
    path,
    (bytes) => {
      digester.update(bytes);
      options.onBytes?.(digester.size);
    },
    { signal: options.signal },
  );
  return digester.digest();
}
