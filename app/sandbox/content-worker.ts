import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync, writevSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';

/** What the thread that reads sockets asks: to make a file of these bytes, or of chunks that come bit by bit. */
export type ContentRequest = { readonly job: number } & (
  | { readonly kind: 'whole'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly kind: 'begin'; readonly file: string }
  /** Their memory is this thread's from now on. */
  | { readonly kind: 'chunks'; readonly chunks: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly kind: 'end' }
  /** The rest won't come: close the file. */
  | { readonly kind: 'abandon' }
);

export type ContentAnswer = {
  readonly job: number;
} /** The chunks are written (or won't be): send more. */ & (
  | { readonly kind: 'taken' }
  /** The file is complete. `crc32c` is signed. */
  | { readonly kind: 'done'; readonly sha256: string; readonly crc32c: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
);

interface OpenFile {
  readonly descriptor: number;
  readonly sha256: Hash;
  crc32c: number;
}

const files = new Map<number, OpenFile>();
const port = parentPort;

port?.on('message', (request: ContentRequest) => {
  try {
    handle(request);
  } catch (error) {
    close(request.job);
    const { message, code } = describe(error);
    answer({ kind: 'failed', job: request.job, message, code });
  } finally {
    if (request.kind === 'chunks') {
      // At once, and not when the next garbage collection comes by: a large upload is thousands of these.
      for (const { buffer } of request.chunks) buffer.transfer(0);
      answer({ kind: 'taken', job: request.job });
    }
  }
});

function handle(request: ContentRequest): void {
  const { job } = request;
  switch (request.kind) {
    case 'whole':
      files.set(job, create(request.file));
      append(job, [request.bytes]);
      finish(job);
      break;
    case 'begin':
      files.set(job, create(request.file));
      break;
    case 'chunks':
      append(job, request.chunks);
      break;
    case 'end':
      finish(job);
      break;
    case 'abandon':
      close(job);
      break;
  }
}

function create(file: string): OpenFile {
  return { descriptor: openSync(file, 'wx'), sha256: createHash('sha256'), crc32c: 0 };
}

function append(job: number, chunks: readonly Uint8Array[]): void {
  const file = files.get(job);
  // It failed before: the main thread knows, and what is on its way is let go.
  if (file === undefined) return;
  for (const chunk of chunks) {
    file.sha256.update(chunk);
    file.crc32c = crc32c(chunk, file.crc32c);
  }
  const written = writevSync(file.descriptor, chunks);
  // A disk that is nearly full takes a part, and says so at the next attempt.
  let rest = Buffer.concat(written < sizeOf(chunks) ? chunks : []).subarray(written);
  while (rest.length > 0) rest = rest.subarray(writeSync(file.descriptor, rest));
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((size, chunk) => size + chunk.length, 0);
}

function finish(job: number): void {
  const file = files.get(job);
  if (file === undefined) return;
  close(job);
  answer({ kind: 'done', job, sha256: file.sha256.digest('hex'), crc32c: file.crc32c | 0 });
}

function close(job: number): void {
  const file = files.get(job);
  if (file === undefined) return;
  files.delete(job);
  closeSync(file.descriptor);
}

function answer(message: ContentAnswer): void {
  port?.postMessage(message);
}

function describe(error: unknown): { readonly message: string; readonly code: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error), code: undefined };
  return { message: error.message, code: 'code' in error ? String(error.code) : undefined };
}
