import type { Clock } from '../engine/environment.ts';
import { Wake } from '../engine/wake.ts';

/** What is saved up while nothing moves, and what is made up for when a timer comes late. Seconds of the limit. */
const burstSeconds = 0.1;
const lateSeconds = 0.5;
/** What one transfer gets before it is the next one's turn: seconds of the limit, and at least so many bytes. */
const turnSeconds = 0.025;
const leastTurn = 1024;

interface Waiter {
  readonly bytes: number;
  readonly grant: (bytes: number) => void;
}

/**
 * The bytes that may move in one direction, for all transfers together: a token bucket. Transfers that wait get a little each in turn, so
 * that each has the same share and none stands still for long, however slow the limit and however large their blocks are.
 */
export class Bandwidth {
  readonly #clock: Clock;
  readonly #wake: Wake;
  readonly #waiting = new Set<Waiter>();
  /** Bytes per second; null: no limit. */
  #limit: number | null = null;
  /** Bytes that may move now. */
  #saved = 0;
  #filledAt = 0;
  #isServing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wake = new Wake(clock);
  }

  get limit(): number | null {
    return this.#limit;
  }

  /**
   * Holds at once, also for transfers that wait already.
   *
   * @param limit bytes per second, more than 0; null: no limit
   */
  setLimit(limit: number | null): void {
    this.#fill(this.#waiting.size > 0);
    if (limit === null) this.#saved = 0;
    this.#limit = limit;
    this.#wake.wake();
  }

  /**
   * Resolves, when it is its turn, with how many of so many bytes may move: at least 1.
   *
   * @throws the signal's reason
   */
  take(bytes: number, signal: AbortSignal): Promise<number> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#limit === null) return Promise.resolve(bytes);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        leave();
        if (this.#waiting.size === 0) this.#wake.wake();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        bytes,
        grant: (granted) => {
          leave();
          resolve(granted);
        },
      };
      signal.addEventListener('abort', giveUp);
      this.#waiting.add(waiter);
      if (!this.#isServing) void this.#serve();
    });
  }

  /** Gives out what there is, until nobody waits any more. */
  async #serve(): Promise<void> {
    this.#isServing = true;
    this.#fill(false);
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      const limit = this.#limit;
      if (limit === null) {
        first.grant(first.bytes);
        continue;
      }
      const turn = Math.min(first.bytes, turnOf(limit));
      if (this.#saved >= turn) {
        this.#saved -= turn;
        first.grant(turn);
        continue;
      }
      await this.#wake.sleep(Math.ceil(((turn - this.#saved) / limit) * 1000), endless);
      this.#fill(true);
    }
    this.#isServing = false;
  }

  #first(): Waiter | undefined {
    const [first] = this.#waiting;
    return first;
  }

  /** @param isWanted whether somebody has waited all the time since it was last filled */
  #fill(isWanted: boolean): void {
    const now = this.#clock.monotonic();
    const seconds = (now - this.#filledAt) / 1000;
    this.#filledAt = now;
    if (this.#limit === null) return;
    const most = Math.max(turnOf(this.#limit), this.#limit * (isWanted ? lateSeconds : burstSeconds));
    this.#saved = Math.min(most, this.#saved + this.#limit * seconds);
  }
}

const endless = new AbortController().signal;

function turnOf(limit: number): number {
  return Math.max(leastTurn, Math.floor(limit * turnSeconds));
}
