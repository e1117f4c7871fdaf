import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32c } from '@node-rs/crc32';
import type { Contents } from './contents.ts';
import { ViError, ViTimeoutError, ViUploadError } from './errors.ts';
import { readFileStart } from './file-blocks.ts';
import { fileError } from './file-error.ts';
import { networkError } from './network-error.ts';
import { type RetryEvent, type RetryPolicy, retryPolicy, withRetries } from './retry.ts';
import { type SignedUrlTransport, sharedSignedUrls, signedHeaders, signedUrl } from './signed-url.ts';
import { transferRefusal } from './transfer-refusal.ts';

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
  const { signal, onBytes, onRetry, transport = sharedSignedUrls() } = options;
  await withRetries(
    async () => {
      onBytes?.(0);
      await putOnce(contents, source, transport, onBytes, signal);
    },
    { policy: retryPolicy(options.retry), signal, onRetry },
  );
}

async function putOnce(
  contents: Contents,
  source: ContentsSource,
  transport: SignedUrlTransport,
  onBytes: PutContentsOptions['onBytes'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const url = signedUrl(contents);
  const file = source.size > onePiece ? await openSource(source) : undefined;
  const watchdog = new Watchdog(transport.idleMs, signal);
  try {
    const body =
      file === undefined
        ? await readWhole(source)
        : Readable.from(readBlocks(file, source, watchdog, onBytes));
    const response = await transport.request(url, {
      method: contents.method ?? 'PUT',
      headers: { ...signedHeaders(contents), 'content-length': String(source.size) },
      body,
      signal: watchdog.signal,
      withoutHeadersTimeout: true,
    });
    if (response.statusCode < 200 || response.statusCode >= 300) {
      throw await transferRefusal('upload', source.path, contents, response);
    }
    await response.body.dump();
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

/** Ends a request when its caller wants that, or when no byte has moved for a while; a slow one that moves goes on. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #abort = (): void => this.#controller.abort();

  constructor(idleMs: number, caller: AbortSignal | undefined) {
    this.#timer = setTimeout(this.#abort, idleMs);
    this.#caller = caller;
    if (caller?.aborted === true) this.#abort();
    else caller?.addEventListener('abort', this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#abort);
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
  watchdog: Watchdog,
  onBytes: PutContentsOptions['onBytes'],
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
    if (held !== undefined) {
      yield held;
      watchdog.touch();
      onBytes?.(size - block.length);
    }
    held = block;
  }
  if (size < source.size) throw changed(source, 'shorter');
  checkCrc(source, crc);
  if (held !== undefined) yield held;
  watchdog.touch();
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
