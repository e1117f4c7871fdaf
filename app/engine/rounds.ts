import type { Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import { crashProblem } from './crash-problem.ts';
import type { Clock } from './environment.ts';
import { Wake } from './wake.ts';

export interface RoundsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** One round; what it throws is a fault of the program. */
  readonly round: () => Promise<void>;
  /** A round is over, and no other has begun. */
  readonly onRound: () => void;
  /** A round has failed in the program: what it was about is forgotten. */
  readonly onCrash: () => void;
  /** The computer has slept. */
  readonly onSlept: () => void;
  /** When the next round is due, by the monotonic clock. */
  readonly nextAt: () => number;
}

/** After a fault of the program, the first wait and the longest; doubled each time. Milliseconds. */
const firstCrashRetryMs = 1000;
const longestCrashRetryMs = 10_000;
/** So much more time on the calendar than on the clock that counts: the computer has slept. Milliseconds. */
const sleptMs = 30_000;

/** One round after the other, each when it is due or when somebody wakes it, until the signal is aborted. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #wake: Wake;
  #crash: Problem | null = null;
  #isInRound = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#wake = new Wake(options.clock);
  }

  /** What the last round has failed with, in the program itself. */
  get crash(): Problem | null {
    return this.#crash;
  }

  /** From before a look until the plan of what was seen: what it finds may be news. */
  get isInRound(): boolean {
    return this.#isInRound;
  }

  wake(): void {
    this.#wake.wake();
  }

  async run(): Promise<void> {
    const { clock, log, signal, round, onRound, onCrash, onSlept, nextAt } = this.#options;
    let before = { wall: clock.now(), steady: clock.monotonic() };
    let crashes = 0;
    while (!signal.aborted) {
      let wait: number;
      try {
        this.#isInRound = true;
        await round();
        this.#crash = null;
        crashes = 0;
        this.#isInRound = false;
        onRound();
        wait = nextAt() - clock.monotonic();
      } catch (error) {
        if (signal.aborted) return;
        log.error('A round has failed in the program', { error });
        this.#crash = crashProblem(error);
        onCrash();
        await clock.sleep(Math.min(longestCrashRetryMs, firstCrashRetryMs * 2 ** crashes), signal);
        crashes += 1;
        continue;
      } finally {
        this.#isInRound = false;
      }
      await this.#wake.sleep(wait, signal);
      const now = { wall: clock.now(), steady: clock.monotonic() };
      if (now.wall - before.wall - (now.steady - before.steady) > sleptMs) onSlept();
      before = now;
    }
  }
}
