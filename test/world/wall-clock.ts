import type { Clock } from '../../app/engine/environment.ts';
import type { Incarnation } from './incarnation.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Timers of real systems take at least this. Milliseconds. */
const shortestSleep = 1;
const longestSleep = 2 ** 31 - 1;

/** The calendar of one computer: it goes with the virtual clock, and can be set. */
export class WallClock {
  readonly #clock: VirtualClock;
  #offset: number;

  /** @param start milliseconds since the epoch */
  constructor(clock: VirtualClock, start: number) {
    this.#clock = clock;
    this.#offset = start;
  }

  /** Whole milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.#offset + this.#clock.steady);
  }

  /** Sets it forward, or back when negative. Milliseconds. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  /** The clock as one life of an engine has it: what sleeps when it ends never wakes. */
  of(incarnation: Incarnation): Clock {
    return {
      now: () => this.now(),
      monotonic: () => this.#clock.glance(),
      sleep: (ms, signal) => {
        incarnation.checkpoint();
        return new Promise((resolve) => {
          if (signal?.aborted === true) {
            incarnation.go(resolve);
            return;
          }
          const end = () => {
            signal?.removeEventListener('abort', end);
            cancel();
            incarnation.go(resolve);
          };
          const length = Math.min(longestSleep, Math.max(shortestSleep, ms));
          const cancel = this.#clock.after(length, end);
          signal?.addEventListener('abort', end, { once: true });
        });
      },
    };
  }
}
