/** Ends a request when its caller wants that, or when no byte has moved for a while; a slow one that moves goes on. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #caller: AbortSignal | undefined;
  readonly #abort = (): void => this.#controller.abort();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param idleMs milliseconds without a byte */
  constructor(idleMs: number, caller: AbortSignal | undefined) {
    this.#idleMs = idleMs;
    this.#caller = caller;
    this.#timer = setTimeout(this.#abort, idleMs);
    if (caller?.aborted === true) this.#abort();
    else caller?.addEventListener('abort', this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    this.#timer?.refresh();
  }

  /** Does not watch while bytes are held back on purpose. */
  async suspend<T>(wait: Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    try {
      return await wait;
    } finally {
      if (!this.#isStopped) this.#timer = setTimeout(this.#abort, this.#idleMs);
    }
  }

  /** The request is over; whatever still waits to add to it is ended. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#abort);
    this.#abort();
  }
}
