import type { Clock } from './environment.ts';

/** A sleep that others can end. A wake that comes while nobody sleeps ends the next sleep at once: none is lost. */
export class Wake {
  readonly #clock: Clock;
  #isPending = false;
  #end: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#isPending = true;
    this.#end?.abort();
  }

  /** Until somebody wakes it, or for `ms`, or until `signal` is aborted; whoever waits looks at the signal then. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isPending && ms > 0) {
      const end = new AbortController();
      this.#end = end;
      await this.#clock.sleep(ms, AbortSignal.any([end.signal, signal]));
      this.#end = undefined;
    }
    this.#isPending = false;
  }
}
