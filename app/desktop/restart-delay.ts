/** A process that ran for so long has not failed because of how it starts. Milliseconds. */
const steadyAfterMs = 60_000;
const firstDelayMs = 500;
const longestDelayMs = 60_000;

/** How long to wait before a process that ends again and again is started anew: twice as long each time, up to a minute. */
export class RestartDelay {
  #failures = 0;

  /** Milliseconds. `ranMs`: how long it had run. */
  next(ranMs: number): number {
    if (ranMs >= steadyAfterMs) this.#failures = 0;
    this.#failures += 1;
    return Math.min(longestDelayMs, firstDelayMs * 2 ** (this.#failures - 1));
  }

  /** Times in a row that it has not run for long. */
  get failures(): number {
    return this.#failures;
  }

  /** Somebody asked for a new try. */
  reset(): void {
    this.#failures = 0;
  }
}
