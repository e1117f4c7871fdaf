import type { SeededRandom } from './seeded-random.ts';

interface Timer {
  readonly at: number;
  /** Decides between timers of one moment. */
  readonly tie: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** So many timers of one moment mean that somebody runs in a circle. */
const mostAtOnce = 100_000;

/**
 * Time that passes only when it is told to. Between two timers everything that can go on without time goes on: the world has no other
 * source of order, so the same seed gives the same history. Timers of the same moment run in a seeded order.
 */
export class VirtualClock {
  readonly #random: SeededRandom;
  readonly #heap: Timer[] = [];
  readonly #outside = new Set<Promise<unknown>>();
  #steady = 0;
  #atOnce = 0;
  #steps = 0;
  #glances = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Milliseconds that have passed. */
  get steady(): number {
    return this.#steady;
  }

  /**
   * The same for an engine.
   *
   * @throws Error when it looks again and again while no time passes: with a real clock it would let nobody else do anything
   */
  glance(): number {
    this.#glances += 1;
    if (this.#glances > mostAtOnce) {
      this.#glances = 0;
      throw new Error('an engine runs in a circle without waiting for anything');
    }
    return this.#steady;
  }

  /** Timers that have run. */
  get steps(): number {
    return this.#steps;
  }

  /** Runs something later. Returns the function that calls it off. */
  after(ms: number, run: () => void): () => void {
    const timer: Timer = {
      at: this.#steady + Math.max(0, ms),
      tie: this.#random.fraction(),
      run,
      isCancelled: false,
    };
    this.#push(timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** No time passes until this is done: something real that nobody waits for in virtual time, as looking into a picture. */
  hold<T>(work: Promise<T>): Promise<T> {
    const held: Promise<unknown> = work.then(
      () => this.#outside.delete(held),
      () => this.#outside.delete(held),
    );
    this.#outside.add(held);
    return work;
  }

  /** Lets pass so many milliseconds. */
  async run(ms: number): Promise<void> {
    const end = this.#steady + ms;
    await this.runUntil(() => false, ms);
    this.#steady = Math.max(this.#steady, end);
  }

  /** Lets time pass until a question is answered with yes; false when that has not come within `mostMs`. */
  async runUntil(question: () => boolean, mostMs: number): Promise<boolean> {
    const end = this.#steady + mostMs;
    await this.#settle();
    while (!question()) {
      const next = this.#next();
      if (next === undefined || next.at > end) return false;
      this.#pop();
      this.#advance(next.at);
      next.run();
      await this.#settle();
    }
    return true;
  }

  /** The outcome of something that takes virtual time. */
  async outcome<T>(work: Promise<T>, mostMs = 3_600_000): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    if (!(await this.runUntil(() => isDone, mostMs))) throw new Error('it does not come to an end');
    return work;
  }

  #advance(at: number): void {
    this.#steps += 1;
    this.#glances = 0;
    this.#atOnce = at === this.#steady ? this.#atOnce + 1 : 0;
    if (this.#atOnce > mostAtOnce)
      throw new Error('time stands still: somebody waits for nothing again and again');
    this.#steady = at;
  }

  async #settle(): Promise<void> {
    do {
      // A turn of the real event loop comes only when no promise is left that can go on.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      if (this.#outside.size > 0) await Promise.all(this.#outside);
    } while (this.#outside.size > 0);
  }

  #next(): Timer | undefined {
    while (this.#heap[0]?.isCancelled === true) this.#pop();
    return this.#heap[0];
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    heap.push(timer);
    let at = heap.length - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, timer)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}
