import type { TransferProgress } from '../contract.ts';
import type { Clock } from '../engine/environment.ts';

/** Over how long a rate is smoothed. Milliseconds. */
const rateWindowMs = 3000;
/** Samples are not taken more often than this. Milliseconds. */
const sampleMs = 100;

interface Moving {
  readonly total: number;
  bytes: number;
}

/** Counts the files and bytes of one direction of a mirror. A round begins with the first transfer after there was nothing to do. */
export class TransferMeter {
  readonly #clock: Clock;
  readonly #moving = new Map<string, Moving>();
  #filesDone = 0;
  #bytesDone = 0;
  /** Planned, and not begun. */
  #waiting = { files: 0, bytes: 0 };
  /** Every byte ever moved, for the rate. */
  #moved = 0;
  #samples: { at: number; moved: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is to be done, beside what is being done. */
  setWaiting(files: number, bytes: number): void {
    this.#waiting = { files, bytes };
  }

  /** Counts anew if nothing is left of the last round. */
  beginRound(): void {
    if (this.#moving.size > 0 || this.#waiting.files > 0) return;
    this.#filesDone = 0;
    this.#bytesDone = 0;
  }

  begin(item: string, bytes: number): void {
    this.#moving.set(item, { total: bytes, bytes: 0 });
    this.#waiting = {
      files: Math.max(0, this.#waiting.files - 1),
      bytes: Math.max(0, this.#waiting.bytes - bytes),
    };
  }

  /** @param bytes of this file so far; falls back when a try begins anew */
  move(item: string, bytes: number): void {
    const moving = this.#moving.get(item);
    if (moving === undefined) return;
    this.#moved += Math.max(0, bytes - moving.bytes);
    moving.bytes = Math.min(bytes, moving.total);
    this.#sample();
  }

  /** It has come to its end, good or bad; one that is tried again is planned again. */
  end(item: string, isDone: boolean): void {
    const moving = this.#moving.get(item);
    if (moving === undefined) return;
    this.#moving.delete(item);
    if (!isDone) return;
    this.#filesDone += 1;
    this.#bytesDone += moving.total;
  }

  get isMoving(): boolean {
    return this.#moving.size > 0;
  }

  /** Part of an item's bytes that have moved, 0 to 1; null when it does not move. */
  fraction(item: string): number | null {
    const moving = this.#moving.get(item);
    if (moving === undefined) return null;
    return moving.total === 0 ? 1 : moving.bytes / moving.total;
  }

  progress(): TransferProgress {
    const moving = [...this.#moving.values()];
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    return {
      filesDone: this.#filesDone,
      filesTotal: this.#filesDone + moving.length + this.#waiting.files,
      bytesDone: this.#bytesDone + sum(moving.map(({ bytes }) => bytes)),
      bytesTotal: this.#bytesDone + sum(moving.map(({ total }) => total)) + this.#waiting.bytes,
      bytesPerSecond: this.#rate(),
    };
  }

  #sample(): void {
    const at = this.#clock.monotonic();
    const last = this.#samples.at(-1);
    if (last !== undefined && at - last.at < sampleMs) return;
    this.#samples.push({ at, moved: this.#moved });
  }

  #rate(): number {
    const now = this.#clock.monotonic();
    // One sample from before the window stays: it says what had been moved when the window began.
    const first = this.#samples.findLastIndex(({ at }) => at < now - rateWindowMs);
    if (first > 0) this.#samples = this.#samples.slice(first);
    const oldest = this.#samples[0];
    if (oldest === undefined) return 0;
    const elapsed = Math.min(rateWindowMs, now - oldest.at);
    return elapsed < sampleMs ? 0 : ((this.#moved - oldest.moved) / elapsed) * 1000;
  }
}
