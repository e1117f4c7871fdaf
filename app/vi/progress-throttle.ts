const shortestGapMs = 100;

/**
 * Passes progress on at most about ten times a second. What is held back follows by itself, so that the last state of a burst is
 * never missing.
 */
export class ProgressThrottle<T> {
  readonly #listener: ((progress: T) => void) | undefined;
  readonly #state: () => T;
  #last = Number.NEGATIVE_INFINITY;
  #trailing: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(listener: ((progress: T) => void) | undefined, state: () => T) {
    this.#listener = listener;
    this.#state = state;
  }

  /** Something has changed. */
  report(): void {
    if (this.#listener === undefined || this.#isStopped || this.#trailing !== undefined) return;
    const wait = this.#last + shortestGapMs - performance.now();
    if (wait <= 0) this.flush();
    else this.#trailing = setTimeout(() => this.flush(), wait);
  }

  /** Passes the state on now. */
  flush(): void {
    clearTimeout(this.#trailing);
    this.#trailing = undefined;
    this.#last = performance.now();
    this.#listener?.(this.#state());
  }

  /** Ends the reports: nothing more is passed on by itself, whoever still reports. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#trailing);
    this.#trailing = undefined;
  }
}
