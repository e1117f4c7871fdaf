import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HashAnswer, HashJob, HashJobName, HashJobs } from './hash-job.ts';

export interface HashPoolOptions {
  /** Threads at most. Default: one a core, four at most: more do not make a disk faster. */
  readonly threads?: number;
  /** A thread without work for so long ends. Milliseconds. */
  readonly idleMs?: number;
}

/** Long jobs that one thread has in hand at once: while one waits for the disk, another is hashed. */
const jobsPerThread = 3;

interface PendingJob {
  readonly job: HashJob;
  readonly resolve: (result: HashJobs[HashJobName]['result']) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, PendingJob>;
}

/** The pool has been closed, or a thread of it has died over this job. */
export class HashPoolError extends Error {
  override readonly name = 'HashPoolError';
  /** True when the pool has been closed: then nothing is wrong with the file. */
  readonly isClosed: boolean;

  constructor(message: string, options: ErrorOptions & { isClosed: boolean }) {
    super(message, options);
    this.isClosed = options.isClosed;
  }
}

/** Threads that read folders and files. They start with the first job and end when there is nothing to do. */
export class HashPool {
  readonly #most: number;
  readonly #idleMs: number;
  readonly #threads = new Set<Thread>();
  readonly #queue: PendingJob[] = [];
  #nextId = 1;
  #isClosed = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: HashPoolOptions = {}) {
    this.#most = options.threads ?? Math.min(4, Math.max(1, availableParallelism()));
    this.#idleMs = options.idleMs ?? 30_000;
  }

  /** @throws HashPoolError when the pool is closed before the job is done; the signal's reason */
  run<N extends HashJobName>(
    name: N,
    args: HashJobs[N]['args'],
    signal?: AbortSignal,
  ): Promise<HashJobs[N]['result']> {
    if (this.#isClosed)
      return Promise.reject(new HashPoolError('The engine has been closed.', { isClosed: true }));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<HashJobs[N]['result']>();
    const job = { id: this.#nextId, name, ...args } as HashJob;
    this.#nextId += 1;
    // Whoever gives up does not wait for the end of a file of gigabytes.
    const giveUp = () => reject(signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    const pending: PendingJob = {
      job,
      resolve: (result) => resolve(result as HashJobs[N]['result']),
      reject,
    };
    void promise.catch(() => undefined).finally(() => signal?.removeEventListener('abort', giveUp));
    // A listing is short, and whole scans wait for it: it does not stand in line behind files of gigabytes.
    if (name === 'list') {
      this.#give(this.#freest(), pending);
    } else {
      this.#queue.push(pending);
      this.#next();
    }
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    const error = new HashPoolError('The engine has been closed.', { isClosed: true });
    for (const pending of this.#queue.splice(0)) pending.reject(error);
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, error)));
  }

  #next(): void {
    for (let pending = this.#queue[0]; pending !== undefined; pending = this.#queue[0]) {
      const thread = this.#freest();
      if (thread.jobs.size >= jobsPerThread) return;
      this.#queue.shift();
      this.#give(thread, pending);
    }
  }

  /** The thread with the fewest jobs, or a new one when all have some. */
  #freest(): Thread {
    let freest: Thread | undefined;
    for (const thread of this.#threads) {
      if (freest === undefined || thread.jobs.size < freest.jobs.size) freest = thread;
    }
    if (freest !== undefined && (freest.jobs.size === 0 || this.#threads.size >= this.#most)) return freest;
    return this.#start();
  }

  #give(thread: Thread, pending: PendingJob): void {
    clearTimeout(this.#idleTimer);
    thread.jobs.set(pending.job.id, pending);
    thread.worker.postMessage(pending.job);
  }

  #start(): Thread {
    const worker = new Worker(workerUrl, { name: 'vi-sync-hash' });
    const thread: Thread = { worker, jobs: new Map() };
    worker.on('message', (message: HashAnswer) => this.#settle(thread, message));
    worker.on('error', (cause) => {
      void this.#end(
        thread,
        new HashPoolError('A thread that reads files has failed.', { cause, isClosed: false }),
      );
    });
    this.#threads.add(thread);
    return thread;
  }

  #settle(thread: Thread, message: HashAnswer): void {
    const pending = thread.jobs.get(message.id);
    if (pending === undefined) return;
    thread.jobs.delete(message.id);
    if (message.ok) pending.resolve(message.result);
    else pending.reject(new HashPoolError(message.message, { isClosed: false }));
    this.#next();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if ([...this.#threads].some((thread) => thread.jobs.size > 0)) return;
    clearTimeout(this.#idleTimer);
    const error = new HashPoolError('A thread without work got work while it ended.', { isClosed: false });
    this.#idleTimer = setTimeout(() => {
      for (const thread of this.#threads) void this.#end(thread, error);
    }, this.#idleMs).unref();
  }

  async #end(thread: Thread, error: Error): Promise<void> {
    this.#threads.delete(thread);
    for (const pending of thread.jobs.values()) pending.reject(error);
    thread.jobs.clear();
    await thread.worker.terminate();
  }
}

/** The compiled program has the worker as JavaScript beside this file. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js',
  import.meta.url,
);
