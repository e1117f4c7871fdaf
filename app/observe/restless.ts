/** A file that has not held still for so long is shown as being written. Milliseconds. */
const longMs = 2 * 60_000;
/** The next look waits for this part of the time that the file has been written for… */
const share = 8;
/** …and at most for this. Milliseconds. */
const longestWaitMs = 30_000;
/** Nobody has asked about it for so long: it is another story when it comes up again. Milliseconds. */
const forgottenMs = 10 * 60_000;
/** A missing file is waited for at most so long while new ones arrive. Milliseconds. */
const missingMs = 30_000;

/** `arriving`: a new file; `missing`: it may be on its way to another place; `moving`: known, and being written to. */
export type UnrestKind = 'arriving' | 'missing' | 'moving';

interface Unrest {
  readonly kind: UnrestKind;
  readonly since: number;
  readonly lookAt: number;
}

/**
 * Files that were not at rest when they were looked at, and when to look again: soon at first, then ever more seldom, so that one that is
 * written for hours does not keep the disk busy. Times are those of the monotonic clock.
 */
export class Restless {
  readonly #quietMs: number;
  readonly #files = new Map<string, Unrest>();

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** A look has found it so. Returns when to look again. */
  note(path: string, kind: UnrestKind, now: number): number {
    const before = this.#files.get(path);
    // That it was written to before says nothing about how long it has been missing.
    const isOther = before === undefined || (before.kind === 'missing') !== (kind === 'missing');
    const since = isOther ? now : before.since;
    const wait = Math.min(longestWaitMs, Math.max(this.#quietMs, (now - since) / share));
    this.#files.set(path, { kind, since, lookAt: now + wait });
    return now + wait;
  }

  /** It has been looked at, and was at rest. */
  settle(path: string): void {
    this.#files.delete(path);
  }

  /** All but these are at rest, after a look at everything. */
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

  /** Whether one is likely to be at rest in a moment. */
  isAnyShort(now: number): boolean {
    return [...this.#files.values()].some(({ since }) => now - since < longMs);
  }

  /** Whether a new file other than these is likely to be known in a moment. */
  isAnyArriving(except: ReadonlySet<string>, now: number): boolean {
    for (const [path, { kind, since }] of this.#files) {
      if (kind === 'arriving' && now - since < longMs && !except.has(path)) return true;
    }
    return false;
  }

  wasMissing(path: string): boolean {
    return this.#files.get(path)?.kind === 'missing';
  }

  /** Whether a missing file has had time enough to turn up elsewhere. */
  isLongMissing(path: string, now: number): boolean {
    const unrest = this.#files.get(path);
    return unrest?.kind === 'missing' && now - unrest.since >= missingMs;
  }
}
