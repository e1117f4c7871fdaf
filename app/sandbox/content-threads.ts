import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ContentAnswer, ContentRequest } from './content-worker.ts';

/** What the bytes of a file say about it. `sha256` in lower-case hex, `crc32c` signed (as the wire has it). */
export interface ContentDigest {
  readonly sha256: string;
  readonly crc32c: number;
}

/** A file could not be written. */
export class ContentWriteError extends Error {
  override readonly name = 'ContentWriteError';
  /** The system's: `ENOSPC`, `EACCES` … */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Memory that can be handed to another thread: it is nobody else's. */
export type OwnChunk = Uint8Array<ArrayBuffer>;

/** A new file that is written in chunks. */
export interface ChunkFile {
  /** Writes the chunks, and takes their memory away; `taken` is called when they are written. */
  write(chunks: readonly OwnChunk[], taken: () => void): void;
  /** @throws ContentWriteError */
  end(): Promise<ContentDigest>;
  /** Call when all chunks are taken: the file stays as it is. */
  abandon(): void;
}

interface Job {
  readonly taken: (() => void)[];
  readonly done: (digest: ContentDigest) => void;
  readonly failed: (error: ContentWriteError) => void;
}

/** More would wait for the disk all the same. */
const MOST_THREADS = Math.min(4, os.availableParallelism());

/**
 * Writes and digests a file on a thread of its own. To make a file, to write and to digest each cost about as much as receiving
 * it does, and a disk that stalls must not stall the requests that need no disk.
 */
class ContentThread {
  readonly #jobs = new Map<number, Job>();
  readonly #worker: Worker;
  #lastJob = 0;
  isDead = false;

  constructor() {
    // The compiled package has .js files: the extension of this very file tells.
    this.#worker = new Worker(new URL(`./content-worker${path.extname(import.meta.url)}`, import.meta.url));
    this.#worker.on('message', (answer: ContentAnswer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#died(error));
    // Only while it has work does it keep the process running.
    this.#worker.unref();
  }

  /** Files that it works on. */
  get load(): number {
    return this.#jobs.size;
  }

  writeWhole(file: string, bytes: Uint8Array): Promise<ContentDigest> {
    const { job, digest } = this.#open();
    this.#send({ kind: 'whole', job, file, bytes });
    return digest;
  }

  writeChunks(file: string): ChunkFile {
    const { job, digest, taken } = this.#open();
    // Nobody awaits the digest of a file that is abandoned.
    digest.catch(() => undefined);
    this.#send({ kind: 'begin', job, file });
    return {
      write: (chunks, onTaken) => {
        if (!this.#jobs.has(job)) {
          onTaken();
          return;
        }
        taken.push(onTaken);
        this.#send(
          { kind: 'chunks', job, chunks },
          chunks.map(({ buffer }) => buffer),
        );
      },
      end: () => {
        this.#send({ kind: 'end', job });
        return digest;
      },
      abandon: () => {
        this.#send({ kind: 'abandon', job });
        this.#close(job);
      },
    };
  }

  #open(): { readonly job: number; readonly digest: Promise<ContentDigest>; readonly taken: (() => void)[] } {
    const job = ++this.#lastJob;
    const { promise, resolve, reject } = Promise.withResolvers<ContentDigest>();
    const taken: (() => void)[] = [];
    this.#jobs.set(job, { taken, done: resolve, failed: reject });
    this.#worker.ref();
    return { job, digest: promise, taken };
  }

  #send(request: ContentRequest, given: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, given);
  }

  #answered(answer: ContentAnswer): void {
    const job = this.#jobs.get(answer.job);
    if (job === undefined) return;
    switch (answer.kind) {
      case 'taken':
        job.taken.shift()?.();
        break;
      case 'done':
        this.#close(answer.job);
        job.done({ sha256: answer.sha256, crc32c: answer.crc32c });
        break;
      case 'failed':
        // What is on its way still comes back; what comes from now on is let go.
        this.#close(answer.job);
        job.failed(new ContentWriteError(answer.message, answer.code));
        for (const taken of job.taken) taken();
        break;
    }
  }

  #close(job: number): void {
    this.#jobs.delete(job);
    if (this.#jobs.size === 0) this.#worker.unref();
  }

  #died(cause: unknown): void {
    this.isDead = true;
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of jobs) {
      job.failed(new ContentWriteError('The thread that writes uploads has failed.', undefined, { cause }));
      for (const taken of job.taken) taken();
    }
  }
}

/** Shared by all sandboxes of the process, and started when there is work for them. */
const threads: ContentThread[] = [];

/** The thread with the least work; another one while all have some. */
export function contentThread(): Pick<ContentThread, 'writeWhole' | 'writeChunks'> {
  let best: ContentThread | undefined;
  for (const [index, thread] of threads.entries()) {
    if (thread.isDead) threads.splice(index, 1);
    else if (best === undefined || thread.load < best.load) best = thread;
  }
  if (best === undefined || (best.load > 0 && threads.length < MOST_THREADS)) {
    best = new ContentThread();
    threads.push(best);
  }
  return best;
}
