/** Promises that are under way, so that whoever closes can wait for all of them. */
export class RunningSet {
  readonly #running = new Set<Promise<void>>();
  readonly #onCrash: (error: unknown) => void;

  /** @param onCrash told of errors that nobody has handled: a fault of the program */
  constructor(onCrash: (error: unknown) => void) {
    this.#onCrash = onCrash;
  }

  add(work: Promise<void>): void {
    const running: Promise<void> = work.catch(this.#onCrash).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  get size(): number {
    return this.#running.size;
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
