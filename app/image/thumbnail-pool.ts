import { Worker } from 'node:worker_threads';
import type { Thumbnail } from './thumbnail.ts';
import { ThumbnailError, type ThumbnailOptions } from './thumbnail.ts';
import type { ThumbnailAnswer, ThumbnailJob } from './thumbnail-job.ts';

export interface ThumbnailPoolOptions {
  /** Threads at most. Default: two: pictures are shown while transfers run. */
  readonly threads?: number;
  /** A thread without work for so long ends. Milliseconds. */
  readonly idleMs?: number;
  /** A picture that takes longer is given up, with its thread. Milliseconds. */
  readonly longestMs?: number;
}

/** A thumbnail could not be made for a reason that is not the picture's: the pool was closed, or its thread has died. */
export class ThumbnailPoolError extends Error {
  override readonly name = 'ThumbnailPoolError';
}

interface Pending {
  readonly job: ThumbnailJob;
  readonly resolve: (thumbnail: Thumbnail) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  pending: Pending | null;
  timer: NodeJS.Timeout | undefined;
}

/** Threads that make thumbnails, one picture each at a time. What was asked for last is made first: it is what a person is looking at. */
export class ThumbnailPool {
  readonly #most: number;
  readonly #idleMs: number;
  readonly #longestMs: number;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Pending[] = [];
  #nextId = 1;
  #isClosed = false;

  constructor({ threads = 2, idleMs = 30_000, longestMs = 60_000 }: ThumbnailPoolOptions = {}) {
    this.#most = threads;
    this.#idleMs = idleMs;
    this.#longestMs = longestMs;
  }

  /**
   * A small picture of an image file: see `makeThumbnail`. Once it is begun it is made to its end, whatever the signal says.
   *
   * @throws ThumbnailError when none can be made; ThumbnailPoolError; the signal's reason
   */
  make(path: string, { maxSize, signal }: ThumbnailOptions): Promise<Thumbnail> {
    if (this.#isClosed) return Promise.reject(closed());
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        const place = this.#waiting.indexOf(pending);
        if (place !== -1) this.#waiting.splice(place, 1);
        reject(signal?.reason);
      };
      const forget = (): void => signal?.removeEventListener('abort', giveUp);
      const pending: Pending = {
        job: { id: this.#nextId++, path, maxSize },
        resolve: (thumbnail) => {
          forget();
          resolve(thumbnail);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(pending);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const pending of this.#waiting.splice(0)) pending.reject(closed());
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, closed())));
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#free();
      if (thread === null) return;
      const pending = this.#waiting.pop();
      if (pending !== undefined) this.#give(thread, pending);
    }
  }

  #free(): Thread | null {
    for (const thread of this.#threads) if (thread.pending === null) return thread;
    return this.#threads.size < this.#most ? this.#start() : null;
  }

  #give(thread: Thread, pending: Pending): void {
    clearTimeout(thread.timer);
    thread.pending = pending;
    thread.timer = setTimeout(
      () => void this.#end(thread, new ThumbnailPoolError('The picture took too long to decode.')),
      this.#longestMs,
    ).unref();
    thread.worker.ref();
    thread.worker.postMessage(pending.job);
  }

  #start(): Thread {
    const worker = new Worker(workerUrl, { name: 'vi-sync-thumbnails' });
    const thread: Thread = { worker, pending: null, timer: undefined };
    worker.on('message', (answer: ThumbnailAnswer) => this.#settle(thread, answer));
    worker.on('error', (cause) => {
      void this.#end(thread, new ThumbnailPoolError('A thread that decodes pictures has failed.', { cause }));
    });
    this.#threads.add(thread);
    return thread;
  }

  #settle(thread: Thread, answer: ThumbnailAnswer): void {
    const { pending } = thread;
    if (pending === null || pending.job.id !== answer.id) return;
    clearTimeout(thread.timer);
    thread.pending = null;
    switch (answer.kind) {
      case 'made':
        pending.resolve(answer.thumbnail);
        break;
      case 'impossible':
        pending.reject(new ThumbnailError(answer.problem));
        break;
      case 'failed':
        pending.reject(new ThumbnailPoolError(answer.message));
        break;
    }
    // It keeps the process running only while it has work.
    thread.worker.unref();
    thread.timer = setTimeout(() => void this.#end(thread, closed()), this.#idleMs).unref();
    this.#next();
  }

  async #end(thread: Thread, error: Error): Promise<void> {
    clearTimeout(thread.timer);
    this.#threads.delete(thread);
    const { pending } = thread;
    thread.pending = null;
    await thread.worker.terminate();
    pending?.reject(error);
    if (!this.#isClosed) this.#next();
  }
}

function closed(): ThumbnailPoolError {
  return new ThumbnailPoolError('Vi Sync is being closed.');
}

/** The compiled program has the worker as JavaScript beside this file. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './thumbnail-worker.ts' : './thumbnail-worker.js',
  import.meta.url,
);
