import type { Manifest } from '../manifest/manifest.ts';
import { limitsAt, untilNextEdge } from '../transfer/limit-schedule.ts';
import type { TransferGate } from '../transfer/transfer-gate.ts';
import type { Clock } from './environment.ts';
import { Wake } from './wake.ts';

/** The computer may sleep, and its clock may be set: the longest that a schedule is not looked at. Milliseconds. */
const longestRestMs = 60_000;

/**
 * Keeps the limits of all transfers as the settings say, also those of a schedule as its hours come and go. Nothing is written down: a
 * person's own limits are what the settings hold all the time.
 */
export class LimitKeeper {
  readonly #manifest: Manifest;
  readonly #gate: TransferGate;
  readonly #clock: Clock;
  readonly #wake: Wake;
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;

  constructor(manifest: Manifest, gate: TransferGate, clock: Clock) {
    this.#manifest = manifest;
    this.#gate = gate;
    this.#clock = clock;
    this.#wake = new Wake(clock);
    this.apply();
  }

  /** The settings may have changed. */
  apply(): void {
    const settings = this.#manifest.settings.get();
    this.#gate.setLimits(limitsAt(settings, this.#clock.now()));
    if (this.#running !== null) this.#wake.wake();
    else if (settings.limitSchedule !== null) this.#running = this.#follow();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  /** Until there is no schedule any more. */
  async #follow(): Promise<void> {
    const { signal } = this.#abort;
    try {
      while (!signal.aborted) {
        const settings = this.#manifest.settings.get();
        const now = this.#clock.now();
        this.#gate.setLimits(limitsAt(settings, now));
        if (settings.limitSchedule === null) break;
        const rest = Math.min(longestRestMs, untilNextEdge(settings.limitSchedule, now));
        await this.#wake.sleep(rest, signal);
      }
    } catch (error) {
      // Everything stops for it anyway.
      if (this.#manifest.damage === null) throw error;
    } finally {
      this.#running = null;
    }
  }
}
