import { whenAborted } from './when-aborted.ts';

/** Why what still waits is ended: one for all requests, since a signal without a reason makes a new error each time. */
const isOver = new Error('The request is over.');

/** Ends a request when its caller wants that, or when no byte has moved for a while; a slow one that moves goes on. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #forgetCaller: (() => void) | undefined;
  readonly #abort = (): void => this.#controller.abort();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param idleMs milliseconds without a byte */
  constructor(idleMs: number, caller: AbortSignal | undefined) {
    this.#idleMs = idleMs;
    this.#timer = setTimeout(this.#abort, idleMs);
    if (caller?.aborted === true) this.#abort();
    else if (caller !== undefined) this.#forgetCaller = whenAborted(caller, this.#abort);
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
    this.#forgetCaller?.();
    this.#controller.abort(isOver);
  }
}
