import type { Contents } from './contents.ts';
import { ViUploadError } from './errors.ts';
import type { RetryPolicy } from './retry.ts';

export interface ContentsSource {
  readonly path: string;
  /** Bytes that were announced to the service. */
  readonly size: number;
  /** CRC-32C that was announced (signed int32). When given, a file whose content has changed is not sent to its end. */
  readonly crc32c?: number | undefined;
}

export interface PutContentsOptions {
  /** Bytes of this file handed to the network so far; falls back to 0 when a try is repeated. */
  readonly onBytes?: ((bytesDone: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
}

/**
 * Sends a file to its signed URL, streamed, with the headers that `contents` names and no other of ours.
 *
 * @throws ViUploadError: `isExpired` when the URL is too old, code `FileChanged` when the file is not (or no longer) as
 * announced; ViNetworkError, ViTimeoutError, ViServerError, ViRateLimitError after the policy's tries; the signal's reason.
 */
export async function putContents(
  contents: Contents,
  source: ContentsSource,
  options: PutContentsOptions = {},
): Promise<void> {
  throw new ViUploadError(`not built yet ${contents.url}${source.path}${String(options.signal)}`);
}
