import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32c } from '@node-rs/crc32';
import type { Contents } from './contents.ts';
import { ViError, ViTimeoutError, ViUploadError } from './errors.ts';
import { readFileStart } from './file-blocks.ts';
import { fileError } from './file-error.ts';
import { networkError } from './network-error.ts';
import type { Pace } from './pace.ts';
import { type RetryEvent, type RetryPolicy, retryPolicy, withRetries } from './retry.ts';
import { type SignedUrlTransport, sharedSignedUrls, signedUrl } from './signed-url.ts';
import { signedHeaders, signedMethod } from './signed-url-rules.ts';
import { transferRefusal } from './transfer-refusal.ts';
import { Watchdog } from './watchdog.ts';

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
  /** Asked before bytes are handed to the network. The time that it takes does not count as standing still. */
  readonly pace?: Pace | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** The connections to use; a shared set when left out. */
  readonly transport?: SignedUrlTransport | undefined;
}

/** Up to this size a file is read and sent in one piece, which is faster; larger ones are streamed. */
const onePiece = 512 * 1024;
const blockSize = 256 * 1024;

/**
 * Sends a file to its signed URL, with its length, the headers that `contents` names and no other of ours. Large files are
 * streamed: memory does not grow with their size.
 *
 * @throws ViUploadError: `isExpired` when the URL is too old, code `FileChanged` when the file is not (or no longer) as
 * announced; ViPermissionError or ViOperationError when it can't be read; ViNetworkError, ViTimeoutError, ViServerError,
 * ViRateLimitError after the policy's tries; the signal's reason.
 */
export async function putContents(
  contents: Contents,
  source: ContentsSource,
  options: PutContentsOptions = {},
): Promise<void> {
  const { signal, onBytes, onRetry } = options;
  await withRetries(
    async () => {
      onBytes?.(0);
      await putOnce(contents, source, options);
    },
    { policy: retryPolicy(options.retry), signal, onRetry },
  );
}

async function putOnce(
  contents: Contents,
  source: ContentsSource,
  options: PutContentsOptions,
): Promise<void> {
  const { signal, onBytes, transport = sharedSignedUrls() } = options;
  const url = signedUrl(contents);
  const file = source.size > onePiece ? await openSource(source) : undefined;
  const watchdog = new Watchdog(transport.idleMs, signal);
  try {
    const pieces = new Pieces(source.size, watchdog, options);
    const body =
      file === undefined ? await pieces.whole(await readWhole(source)) : pieces.of(readBlocks(file, source));
    const response = await transport.request(url, {
      method: signedMethod(contents, 'upload'),
      headers: { ...signedHeaders(contents), 'content-length': String(source.size) },
      body,
      signal: watchdog.signal,
      withoutHeadersTimeout: true,
    });
    if (response.statusCode < 200 || response.statusCode >= 300) {
      throw await transferRefusal('upload', source.path, contents, response);
    }
    await response.finish();
    onBytes?.(source.size);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ViError) throw error;
    if (watchdog.signal.aborted) {
      throw new ViTimeoutError(
        `Cannot upload ${source.path}: no byte moved for ${transport.idleMs / 1000} s.`,
        {
          details: { path: source.path, host: url.host },
        },
      );
    }
    throw networkError(error, `upload ${source.path}`, url.host);
  } finally {
    watchdog.stop();
    await file?.close();
  }
}

async function openSource(source: ContentsSource): Promise<FileHandle> {
  try {
    return await open(source.path, 'r');
  } catch (error) {
    throw fileError(error, source.path, 'read');
  }
}

/** The body of one request, in pieces as large as its pace allows. */
class Pieces {
  readonly #size: number;
  readonly #watchdog: Watchdog;
  readonly #pace: Pace | undefined;
  readonly #onBytes: PutContentsOptions['onBytes'];
  #done = 0;

  constructor(size: number, watchdog: Watchdog, { pace, onBytes }: PutContentsOptions) {
    this.#size = size;
    this.#watchdog = watchdog;
    this.#pace = pace;
    this.#onBytes = onBytes;
  }

  /** Small content goes in one piece when all of it may go at once. */
  async whole(bytes: Buffer): Promise<Buffer | Readable> {
    const first = await this.#leave(bytes.length);
    return first >= bytes.length ? bytes : Readable.from(this.#split(bytes, first));
  }

  of(blocks: AsyncIterable<Buffer>): Readable {
    return Readable.from(this.#splitAll(blocks));
  }

  async *#splitAll(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const block of blocks) yield* this.#split(block, await this.#leave(block.length));
  }

  /** @param first how much of it may go already */
  async *#split(bytes: Buffer, first: number): AsyncGenerator<Buffer, void, undefined> {
    let end = first;
    for (let start = 0; start < bytes.length; ) {
      yield bytes.subarray(start, end);
      this.#watchdog.touch();
      this.#done += end - start;
      // That the last piece has gone, the answer tells.
      if (this.#done < this.#size) this.#onBytes?.(this.#done);
      start = end;
      if (start < bytes.length) end += await this.#leave(bytes.length - start);
    }
  }

  /** How many of so many bytes may go now. */
  async #leave(bytes: number): Promise<number> {
    if (this.#pace === undefined || bytes === 0) return bytes;
    return await this.#watchdog.suspend(this.#pace(bytes, this.#watchdog.signal));
  }
}

/** Reads a small file; one byte more than announced is asked for, so that one that has grown shows. */
async function readWhole(source: ContentsSource): Promise<Buffer> {
  const bytes = await readFileStart(source.path, source.size + 1);
  if (bytes.length !== source.size) throw changed(source, bytes.length < source.size ? 'shorter' : 'longer');
  checkCrc(source, source.crc32c === undefined ? 0 : crc32c(bytes));
  return bytes;
}

/**
 * Reads a file block by block. The last block is held back until the file has proved to end there with the announced
 * checksum: a request that lacks it leaves nothing at the service.
 */
async function* readBlocks(
  file: FileHandle,
  source: ContentsSource,
): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer | undefined;
  let size = 0;
  let crc = 0;
  for (;;) {
    const block = await readBlock(file, source.path, size);
    if (block.length === 0) break;
    size += block.length;
    if (size > source.size) throw changed(source, 'longer');
    if (source.crc32c !== undefined) crc = crc32c(block, crc);
    if (held !== undefined) yield held;
    held = block;
  }
  if (size < source.size) throw changed(source, 'shorter');
  checkCrc(source, crc);
  if (held !== undefined) yield held;
}

async function readBlock(file: FileHandle, path: string, position: number): Promise<Buffer> {
  try {
    const block = Buffer.allocUnsafeSlow(blockSize);
    const { bytesRead } = await file.read(block, 0, blockSize, position);
    return block.subarray(0, bytesRead);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

function checkCrc(source: ContentsSource, crc: number): void {
  if (source.crc32c !== undefined && (crc | 0) !== source.crc32c) throw changed(source, 'different');
}

function changed(source: ContentsSource, how: 'shorter' | 'longer' | 'different'): ViUploadError {
  const text = {
    shorter: 'it has become shorter',
    longer: 'it has become longer',
    different: 'its content has changed',
  };
  return new ViUploadError(`Cannot upload ${source.path}: ${text[how]} since it was announced.`, {
    code: 'FileChanged',
    suggestion: 'Upload it again when nothing writes to it any more.',
    details: { path: source.path, announcedSize: source.size },
  });
}
