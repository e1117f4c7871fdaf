import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type HashAnswer, type HashJob, type HashJobName, type HashJobs, isSmall } from './hash-job.ts';

export interface HashPoolOptions {
  /** Threads at most. Default: one a core, four at most: more do not make a disk faster. */
  readonly threads?: number;
  /** A thread without work for so long ends. Milliseconds. */
  readonly idleMs?: number;
}

/**
 * What one thread has in hand at once. Files that are read at once in one piece come in dozens: handing each over by itself, and waiting
 * for its answer, would take longer than reading it. Of others it has three: while one waits for the disk, another is hashed.
 */
const mostWeight = 48;
const smallWeight = 1;
const largeWeight = mostWeight / 3;

interface PendingJob {
  readonly job: HashJob;
  /** Its share of what a thread may have in hand. */
  readonly weight: number;
  readonly resolve: (result: HashJobs[HashJobName]['result']) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, PendingJob>;
  /** The weight of its jobs. */
  load: number;
  /** Jobs that are handed over together at the end of this turn of the event loop. */
  readonly outbox: HashJob[];
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
  /** A set: taking the first of an array moves all others. */
  readonly #queue = new Set<PendingJob>();
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
      weight: weightOf(job),
      resolve: (result) => resolve(result as HashJobs[N]['result']),
      reject,
    };
    void promise.catch(() => undefined).finally(() => signal?.removeEventListener('abort', giveUp));
    // A listing is short, and whole scans wait for it: it does not stand in line behind files of gigabytes.
    if (name === 'list') {
      this.#give(this.#freest(), pending);
    } else {
      this.#queue.add(pending);
      this.#next();
    }
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    const error = new HashPoolError('The engine has been closed.', { isClosed: true });
    for (const pending of this.#queue) pending.reject(error);
    this.#queue.clear();
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, error)));
  }

  #next(): void {
    for (const pending of this.#queue) {
      const thread = this.#freest();
      if (thread.load + pending.weight > mostWeight) return;
      this.#queue.delete(pending);
      this.#give(thread, pending);
    }
  }

  /** The thread with the least in hand, or a new one when all have something. */
  #freest(): Thread {
    let freest: Thread | undefined;
    for (const thread of this.#threads) {
      if (freest === undefined || thread.load < freest.load) freest = thread;
    }
    if (freest !== undefined && (freest.jobs.size === 0 || this.#threads.size >= this.#most)) return freest;
    return this.#start();
  }

  #give(thread: Thread, pending: PendingJob): void {
    clearTimeout(this.#idleTimer);
    thread.jobs.set(pending.job.id, pending);
    thread.load += pending.weight;
    if (thread.outbox.push(pending.job) > 1) return;
    setImmediate(() => thread.worker.postMessage(thread.outbox.splice(0)));
  }

  #start(): Thread {
    const worker = new Worker(workerUrl, { name: 'vi-sync-hash' });
    const thread: Thread = { worker, jobs: new Map(), load: 0, outbox: [] };
    worker.on('message', (answers: HashAnswer[]) => this.#settle(thread, answers));
    worker.on('error', (cause) => {
      void this.#end(
        thread,
        new HashPoolError('A thread that reads files has failed.', { cause, isClosed: false }),
      );
    });
    this.#threads.add(thread);
    return thread;
  }

  #settle(thread: Thread, answers: readonly HashAnswer[]): void {
    for (const answer of answers) {
      const pending = thread.jobs.get(answer.id);
      if (pending === undefined) continue;
      thread.jobs.delete(answer.id);
      thread.load -= pending.weight;
      if (answer.ok) pending.resolve(answer.result);
      else pending.reject(new HashPoolError(answer.message, { isClosed: false }));
    }
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

function weightOf(job: HashJob): number {
  if (job.name === 'list') return smallWeight;
  return isSmall(job) ? smallWeight : largeWeight;
}

/** The compiled program has the worker as JavaScript beside this file. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js',
  import.meta.url,
);
