/** A file that has not held still for so long is shown as being written. Milliseconds. */
const longMs = 2 * 60_000;
/** The next look waits for this part of the time that the file has been written for… */
const share = 8;
/** …and at most for this. Milliseconds. */
const longestWaitMs = 30_000;
/** Nobody has asked about it for so long: it is another story when it comes up again. Milliseconds. */
const forgottenMs = 10 * 60_000;

interface Unrest {
  readonly since: number;
  readonly lookAt: number;
}

/**
 * Files that were being written when they were looked at, and when to look again: soon at first, then ever more seldom, so that one that
 * is written for hours does not keep the disk busy. Times are those of the monotonic clock.
 */
export class Restless {
  readonly #quietMs: number;
  readonly #files = new Map<string, Unrest>();

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** A look has found it moving. Returns when to look again. */
  note(path: string, now: number): number {
    const since = this.#files.get(path)?.since ?? now;
    const wait = Math.min(longestWaitMs, Math.max(this.#quietMs, (now - since) / share));
    this.#files.set(path, { since, lookAt: now + wait });
    return now + wait;
  }

  /** It has been looked at, and held still. */
  settle(path: string): void {
    this.#files.delete(path);
  }

  /** All but these hold still, after a look at everything. */
  settleAllBut(paths: ReadonlySet<string>, now: number): void {
    for (const [path, { lookAt }] of this.#files) {
      if (!paths.has(path) || lookAt < now - forgottenMs) this.#files.delete(path);
    }
  }

  /** Whether it is too early for another look, whatever is hinted. */
  isResting(path: string, now: number): boolean {
    return (this.#files.get(path)?.lookAt ?? now) > now;
  }

  /** Whether a person should be told. */
  isLong(path: string, now: number): boolean {
    const unrest = this.#files.get(path);
    return unrest !== undefined && now - unrest.since >= longMs;
  }

  /** Whether one is likely to hold still in a moment. */
  isAnyShort(now: number): boolean {
    return [...this.#files.values()].some(({ since }) => now - since < longMs);
  }
}
