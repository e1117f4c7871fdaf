import type { AssetHash } from './assets/asset.ts';
import type { Contents } from './contents.ts';
import { ViDownloadError } from './errors.ts';
import type { FileHash } from './file-hash.ts';
import type { RetryPolicy } from './retry.ts';

export interface DownloadContentsOptions {
  /** Bytes that the asset must have. */
  readonly expectedSize?: number | undefined;
  /** The service's hash of the content; checked when its algorithm is one that can be computed here. */
  readonly expectedHash?: AssetHash | undefined;
  /** Go on from what `targetPath` already holds. Only for a file that an earlier call for the same content has left. */
  readonly resume?: boolean | undefined;
  /** Bytes of this file so far, those resumed from included; falls back when a try begins anew. */
  readonly onBytes?: ((bytesDone: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
}

export interface DownloadedContents extends FileHash {
  /** True when the service's hash was compared, false when it gave none that can be computed here. */
  readonly hashVerified: boolean;
}

/**
 * Fetches a signed URL into `targetPath` (a temporary file of the caller's, in a folder of its own), checks size and
 * hash, and flushes it to the disk. A broken transfer goes on with a Range request. On an error the partial file stays,
 * for a later `resume`, unless it is known to be wrong.
 *
 * @throws ViDownloadError: `isExpired` when the URL is too old, code `ContentMismatch` when size or hash are not as
 * expected; ViNetworkError, ViTimeoutError, ViServerError, ViRateLimitError after the policy's tries; the signal's reason.
 */
export async function downloadContents(
  contents: Contents,
  targetPath: string,
  options: DownloadContentsOptions = {},
): Promise<DownloadedContents> {
  throw new ViDownloadError(`not built yet ${contents.url}${targetPath}${String(options.signal)}`);
}
