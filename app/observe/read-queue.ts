import pLimit from 'p-limit';

/** Reads of files, some at a time. Reading is slower than listing: whoever lists waits while the queue is full. */
export class ReadQueue {
  readonly #most: number;
  readonly #limit: <T>(job: () => Promise<T>) => Promise<T>;
  readonly #pending = new Set<Promise<void>>();
  #ended: PromiseWithResolvers<void> | undefined;

  /** @param atOnce reads that run at the same time; four times as many are taken before the queue is full */
  constructor(atOnce: number) {
    this.#most = 4 * atOnce;
    this.#limit = pLimit(atOnce);
  }

  add(job: () => Promise<void>): void {
    const read: Promise<void> = this.#limit(job).finally(() => {
      this.#pending.delete(read);
      this.#ended?.resolve();
      this.#ended = undefined;
    });
    // Whoever waits for all of them sees the error; until then it is nobody's.
    read.catch(() => undefined);
    this.#pending.add(read);
  }

  /** Resolves when there is room: a first scan of a million files must not queue them all in memory. */
  async room(): Promise<void> {
    while (this.#pending.size >= this.#most) {
      this.#ended ??= Promise.withResolvers<void>();
      await this.#ended.promise;
    }
  }

  get isFull(): boolean {
    return this.#pending.size >= this.#most;
  }

  /** Resolves when all have ended; rejects with the error of one that has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
