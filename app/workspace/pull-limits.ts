import type { EngineApi } from '../contract.ts';
import { realClock } from '../engine/real-clock.ts';
import type { Log } from '../log.ts';
import { Bandwidth } from '../transfer/bandwidth.ts';
import { limitsAt } from '../transfer/limit-schedule.ts';
import type { Pace } from '../vi/index.ts';

/** How often settings that another process may have changed, or a schedule, are looked at while a pull runs. Milliseconds. */
const refreshMs = 30_000;

/**
 * The limits of downloads, for pulls: all of them together have what the settings give to downloads. Mirrors that download at the same
 * time have as much once more: they may run in another process.
 */
export class PullLimits {
  readonly #engine: EngineApi;
  readonly #log: Log;
  readonly #bandwidth = new Bandwidth(realClock);
  readonly #endless = new AbortController().signal;
  #pulls = 0;
  #timer: NodeJS.Timeout | undefined;
  #atOnce = 16;

  constructor(engine: EngineApi, log: Log) {
    this.#engine = engine;
    this.#log = log;
  }

  readonly pace: Pace = (bytes, signal) => this.#bandwidth.take(bytes, signal ?? this.#endless);

  /** Files that one pull may fetch at once. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** The settings may have changed. */
  async refresh(): Promise<void> {
    try {
      const limits = limitsAt(await this.#engine.call('settings', {}), Date.now());
      this.#atOnce = limits.downloadsAtOnce;
      this.#bandwidth.setLimit(limits.downloadLimit);
    } catch (error) {
      this.#log.warn('The limits for pulls could not be looked up', { error });
    }
  }

  /** While something runs under the limits, they are kept up to date. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#pulls += 1;
    await this.refresh();
    this.#timer ??= setInterval(() => void this.refresh(), refreshMs).unref();
    try {
      return await work();
    } finally {
      this.#pulls -= 1;
      if (this.#pulls === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }
}
