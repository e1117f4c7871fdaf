const shortestGapMs = 100;

/** Passes progress on at most about ten times a second; `flush` always passes the last state on. */
export class ProgressThrottle<T> {
  readonly #listener: ((progress: T) => void) | undefined;
  readonly #state: () => T;
  #last = Number.NEGATIVE_INFINITY;

  constructor(listener: ((progress: T) => void) | undefined, state: () => T) {
    this.#listener = listener;
    this.#state = state;
  }

  report(): void {
    if (this.#listener === undefined || performance.now() - this.#last < shortestGapMs) return;
    this.flush();
  }

  flush(): void {
    this.#last = performance.now();
    this.#listener?.(this.#state());
  }
}
