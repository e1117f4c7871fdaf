import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import type { AssetHash } from './assets/asset.ts';
import { type ComparableHash, type ContentDigest, ContentDigester, comparableHash } from './content-hash.ts';
import type { Contents } from './contents.ts';
import { ViDownloadError, ViError, ViOperationError } from './errors.ts';
import { fileError } from './file-error.ts';
import type { FileHash } from './file-hash.ts';
import { singleHeader } from './http-error.ts';
import { networkError } from './network-error.ts';
import type { Pace } from './pace.ts';
import { type RetryEvent, type RetryPolicy, retryPolicy, withRetries } from './retry.ts';
import { Room } from './room.ts';
import type { SignedResponse } from './signed-response.ts';
import { type SignedUrlTransport, sharedSignedUrls, signedUrl } from './signed-url.ts';
import { transferRefusal } from './transfer-refusal.ts';

export interface DownloadContentsOptions {
  /** Bytes that the asset must have. */
  readonly expectedSize?: number | undefined;
  /** The most bytes that are taken of an asset whose size is not known; 16 GB when left out, which no image has. */
  readonly mostBytes?: number | undefined;
  /** The service's hash of the content; checked when its algorithm is one that can be computed here. */
  readonly expectedHash?: AssetHash | undefined;
  /** Go on from what `targetPath` already holds. Only for a file that an earlier call for the same content has left. */
  readonly resume?: boolean | undefined;
  /** Name of the asset, for messages. */
  readonly subject?: string | undefined;
  /** Bytes of this file so far, those resumed from included; falls back when a try begins anew. */
  readonly onBytes?: ((bytesDone: number) => void) | undefined;
  /** Asked after bytes have come: no more are taken from the network until it has given leave for all of them. */
  readonly pace?: Pace | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** The connections to use; a shared set when left out. */
  readonly transport?: SignedUrlTransport | undefined;
}

const defaultMostBytes = 16e9;

export interface DownloadedContents extends FileHash {
  /** True when the service's hash was compared, false when it gave none that can be computed here. */
  readonly hashVerified: boolean;
}

/**
 * Fetches a signed URL into `targetPath` (a temporary file of the caller's, in a folder of its own), checks size and
 * hash, and flushes it to the disk. A broken transfer goes on with a Range request. On an error the partial file stays,
 * for a later `resume`; one that is known to be wrong is emptied.
 *
 * @throws ViDownloadError: `isExpired` when the URL is too old, code `ContentMismatch` when size or hash are not as
 * expected; ViPermissionError or ViOperationError when the file can't be written; ViNetworkError, ViTimeoutError,
 * ViServerError, ViRateLimitError after the policy's tries; the signal's reason.
 */
export async function downloadContents(
  contents: Contents,
  targetPath: string,
  options: DownloadContentsOptions = {},
): Promise<DownloadedContents> {
  options.signal?.throwIfAborted();
  const file = await openTarget(targetPath, options.resume === true);
  try {
    const download = new Download(contents, file, targetPath, options);
    if (options.resume === true) await download.takeUp();
    return await withRetries(() => download.attempt(), {
      policy: retryPolicy(options.retry),
      signal: options.signal,
      onRetry: options.onRetry,
    });
  } finally {
    await file.close();
  }
}

async function openTarget(path: string, resume: boolean): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | (resume ? 0 : constants.O_TRUNC);
  try {
    // Not through a symbolic link: what it points to may be anywhere. Windows has no flag for that.
    if (process.platform === 'win32') await refuseLink(path);
    return await open(path, process.platform === 'win32' ? flags : flags | constants.O_NOFOLLOW, 0o666);
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

async function refuseLink(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isSymbolicLink() === true) {
    throw new ViOperationError(`Cannot write ${path}: it is a symbolic link.`, {
      code: 'SymbolicLink',
      suggestion: 'Remove the link.',
      details: { path },
    });
  }
}

/** One download with its tries: what has arrived is kept from one try to the next. */
class Download {
  readonly #contents: Contents;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #subject: string;
  readonly #options: DownloadContentsOptions;
  readonly #transport: SignedUrlTransport;
  readonly #expected: ComparableHash | undefined;
  readonly #room: Room;
  #digester: ContentDigester;
  /** Identity of the content that the bytes so far belong to. */
  #etag: string | undefined;

  constructor(contents: Contents, file: FileHandle, path: string, options: DownloadContentsOptions) {
    this.#contents = contents;
    this.#file = file;
    this.#path = path;
    this.#options = options;
    this.#subject = options.subject ?? 'the asset';
    this.#transport = options.transport ?? sharedSignedUrls();
    this.#expected = comparableHash(options.expectedHash);
    this.#room = new Room(path);
    this.#digester = new ContentDigester(this.#expected);
  }

  /** Digests what the file already holds. */
  async takeUp(): Promise<void> {
    const block = Buffer.allocUnsafe(256 * 1024);
    for (;;) {
      this.#options.signal?.throwIfAborted();
      const { bytesRead } = await this.#file.read(block, 0, block.length, this.#digester.size);
      if (bytesRead === 0) break;
      this.#digester.update(block.subarray(0, bytesRead));
    }
    const { expectedSize } = this.#options;
    if (expectedSize !== undefined && this.#digester.size > expectedSize) await this.#startOver();
  }

  async attempt(): Promise<DownloadedContents> {
    const { signal, onBytes, expectedSize } = this.#options;
    onBytes?.(this.#digester.size);
    // A file that is complete already only needs its checks.
    if (this.#digester.size === 0 || this.#digester.size !== expectedSize) {
      await this.#room.check((expectedSize ?? 0) - this.#digester.size);
      const response = await this.#ask();
      try {
        for (let chunk = await response.next(); chunk !== undefined; chunk = await response.next()) {
          await this.#write(chunk, onBytes);
          await this.#hold(chunk.length);
        }
      } catch (error) {
        response.drop();
        signal?.throwIfAborted();
        throw error instanceof ViError ? error : this.#networkError(error);
      }
    }
    return await this.#finish();
  }

  async #ask(): Promise<SignedResponse> {
    const { signal } = this.#options;
    const from = this.#digester.size;
    let response: SignedResponse;
    try {
      response = await this.#transport.get(this.#contents, this.#range(from), signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof ViError ? error : this.#networkError(error);
    }
    const { statusCode } = response;
    if (statusCode === 206 && from > 0) {
      if (this.#continues(response, from)) return response;
      return await this.#again(response);
    }
    if (statusCode === 416 && from > 0) return await this.#again(response);
    if (statusCode !== 200) throw await transferRefusal('download', this.#subject, this.#contents, response);
    if (from > 0) await this.#startOver();
    this.#etag = strongEtag(response);
    return response;
  }

  #range(from: number): Record<string, string> {
    if (from === 0) return {};
    const range = { range: `bytes=${from}-` };
    return this.#etag === undefined ? range : { ...range, 'if-range': this.#etag };
  }

  /** Whether a partial answer begins where our bytes end, and is of the same content. */
  #continues(response: SignedResponse, from: number): boolean {
    const { expectedSize } = this.#options;
    const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(singleHeader(response.headers['content-range']) ?? '');
    if (match === null || Number(match[1]) !== from) return false;
    if (expectedSize !== undefined && match[2] !== '*' && Number(match[2]) !== expectedSize) return false;
    const etag = strongEtag(response);
    return this.#etag === undefined || etag === undefined || etag === this.#etag;
  }

  /** The range can't be used: asks once more, from the beginning. */
  async #again(response: SignedResponse): Promise<SignedResponse> {
    response.drop();
    await this.#startOver();
    return await this.#ask();
  }

  async #hold(bytes: number): Promise<void> {
    const { pace, signal } = this.#options;
    if (pace === undefined) return;
    for (let left = bytes; left > 0; ) left -= await pace(left, signal);
  }

  async #write(chunk: Buffer, onBytes: DownloadContentsOptions['onBytes']): Promise<void> {
    const { expectedSize } = this.#options;
    const position = this.#digester.size;
    // A server that sends without end must not fill the disk.
    if (expectedSize !== undefined && position + chunk.length > expectedSize) {
      await this.#startOver();
      throw this.#mismatch(`more than the ${expectedSize} bytes that it should have`);
    }
    if (expectedSize === undefined) await this.#checkUnknown(position + chunk.length);
    let written = 0;
    try {
      while (written < chunk.length) {
        const { bytesWritten } = await this.#file.write(
          chunk,
          written,
          chunk.length - written,
          position + written,
        );
        written += bytesWritten;
      }
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
    this.#digester.update(chunk);
    onBytes?.(this.#digester.size);
  }

  /** Nothing says where it ends. */
  async #checkUnknown(size: number): Promise<void> {
    const { mostBytes = defaultMostBytes } = this.#options;
    if (size > mostBytes) {
      await this.#startOver();
      throw new ViDownloadError(
        `The download of ${this.#subject} was broken off after ${mostBytes} bytes: no image is that large.`,
        {
          code: 'TooLarge',
          suggestion: 'The service does not say how large it is. Look at the asset in Datature Vi.',
          details: { subject: this.#subject, path: this.#path },
        },
      );
    }
    try {
      await this.#room.growing(size);
    } catch (error) {
      await this.#startOver();
      throw error;
    }
  }

  async #finish(): Promise<DownloadedContents> {
    const { expectedSize } = this.#options;
    const { size } = this.#digester;
    if (expectedSize !== undefined && size < expectedSize) {
      // What has arrived may be good: the next try asks for the rest.
      throw this.#mismatch(`${size} of its ${expectedSize} bytes`);
    }
    const digest: ContentDigest = this.#digester.digest();
    if (!digest.matches) {
      await this.#startOver();
      throw this.#mismatch(`other content than its ${this.#expected?.algorithm} says`);
    }
    try {
      await this.#file.datasync();
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
    return {
      size: digest.size,
      sha256: digest.sha256,
      crc32c: digest.crc32c,
      hashVerified: this.#expected !== undefined,
    };
  }

  async #startOver(): Promise<void> {
    try {
      await this.#file.truncate(0);
    } catch (error) {
      throw fileError(error, this.#path, 'write');
    }
    this.#digester = new ContentDigester(this.#expected);
    this.#etag = undefined;
  }

  #mismatch(found: string): ViDownloadError {
    return new ViDownloadError(`The download of ${this.#subject} gave ${found}.`, {
      code: 'ContentMismatch',
      suggestion: 'Try again; if it stays so, the asset is damaged at the service: upload it again.',
      details: { subject: this.#subject, path: this.#path },
      isRetryable: true,
    });
  }

  #networkError(error: unknown): ViError {
    return networkError(error, `download ${this.#subject}`, signedUrl(this.#contents).host);
  }
}

/** An ETag that vouches for every byte; a weak one does not. */
function strongEtag(response: SignedResponse): string | undefined {
  const etag = singleHeader(response.headers.etag);
  return etag?.startsWith('"') === true ? etag : undefined;
}
