import type { Clock } from '../../app/engine/environment.ts';

interface Timer {
  readonly at: number;
  readonly end: () => void;
}

/** Time that passes only in {@link run}, from one end of a sleep to the next. */
export class SteppedClock implements Clock {
  readonly #timers = new Set<Timer>();
  #at = 0;

  now(): number {
    return this.#at;
  }

  monotonic(): number {
    return this.#at;
  }

  /** Sleeps that have not ended. */
  get sleeping(): number {
    return this.#timers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = {
        at: this.#at + ms,
        end: () => {
          this.#timers.delete(timer);
          signal?.removeEventListener('abort', timer.end);
          resolve();
        },
      };
      this.#timers.add(timer);
      signal?.addEventListener('abort', timer.end);
    });
  }

  /** Lets pass so many milliseconds. */
  async run(ms: number): Promise<void> {
    const end = this.#at + ms;
    for (;;) {
      await idle();
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#at = Math.max(this.#at, next.at);
      next.end();
    }
    this.#at = end;
    await idle();
  }
}

/** Until nothing can go on without time. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
