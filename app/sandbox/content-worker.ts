import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { crc32c } from '@node-rs/crc32';

/** What the thread that reads sockets asks: to make a file of these bytes, or of blocks that come one by one. */
export type ContentRequest = { readonly job: number } & (
  | { readonly kind: 'whole'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly kind: 'begin'; readonly file: string }
  /** `memory` comes with the block's first use on this thread: each passing on would cost its size in garbage. */
  | {
      readonly kind: 'block';
      readonly block: number;
      readonly length: number;
      readonly memory?: SharedArrayBuffer;
    }
  | { readonly kind: 'end' }
  /** The rest won't come: close the file. */
  | { readonly kind: 'abandon' }
  /** The block won't be used again. */
  | { readonly kind: 'forget'; readonly block: number }
);

export type ContentAnswer = { readonly job: number } /** The block may be written over. */ & (
  | { readonly kind: 'taken' }
  /** The file is written. `crc32c` is signed. */
  | { readonly kind: 'done'; readonly sha256: string; readonly crc32c: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
);

interface OpenFile {
  readonly descriptor: number;
  readonly sha256: Hash;
  crc32c: number;
}

const files = new Map<number, OpenFile>();
const blocks = new Map<number, Buffer>();
const port = parentPort;

port?.on('message', (request: ContentRequest) => {
  try {
    handle(request);
  } catch (error) {
    close(request.job);
    const { message, code } = describe(error);
    answer({ kind: 'failed', job: request.job, message, code });
  } finally {
    if (request.kind === 'block') answer({ kind: 'taken', job: request.job });
  }
});

function handle(request: ContentRequest): void {
  const { job } = request;
  switch (request.kind) {
    case 'whole':
      files.set(job, create(request.file));
      append(job, request.bytes);
      finish(job);
      break;
    case 'begin':
      files.set(job, create(request.file));
      break;
    case 'block':
      if (request.memory !== undefined) blocks.set(request.block, Buffer.from(request.memory));
      append(job, blockOf(request.block).subarray(0, request.length));
      break;
    case 'end':
      finish(job);
      break;
    case 'abandon':
      close(job);
      break;
    case 'forget':
      blocks.delete(request.block);
      break;
  }
}

function blockOf(id: number): Buffer {
  const block = blocks.get(id);
  if (block === undefined) throw new Error(`Block ${id} never came.`);
  return block;
}

function create(file: string): OpenFile {
  return { descriptor: openSync(file, 'wx'), sha256: createHash('sha256'), crc32c: 0 };
}

function append(job: number, bytes: Uint8Array): void {
  const file = files.get(job);
  // It failed before: the main thread knows, and what is on its way is let go.
  if (file === undefined) return;
  file.sha256.update(bytes);
  file.crc32c = crc32c(bytes, file.crc32c);
  let written = 0;
  while (written < bytes.length) written += writeSync(file.descriptor, bytes, written);
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
