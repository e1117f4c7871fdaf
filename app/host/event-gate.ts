import type { EventName, EventPayload } from '../contract.ts';

/** One event as it crosses, its name beside its payload. */
export type AppEvent = {
  [N in EventName]: { readonly name: N; readonly payload: EventPayload<N> };
}[EventName];

export interface EventGateOptions {
  /** Delivers a batch; resolves when the front end has taken it. */
  readonly deliver: (batch: readonly AppEvent[]) => Promise<void>;
  /** Told when a delivery failed; the gate goes on with the next batch. */
  readonly onError: (error: unknown) => void;
  /** Least time between the starts of two batches, in milliseconds. */
  readonly intervalMs?: number;
}

/**
 * Stands between an engine's events and one front end. At most one batch is under way; what happens meanwhile is merged, the newest of each
 * kind for each mirror or pull. A front end that takes its time gets fewer, newer events, and the memory held for it is bounded by their number.
 */
export class EventGate {
  readonly #deliver: EventGateOptions['deliver'];
  readonly #onError: EventGateOptions['onError'];
  readonly #intervalMs: number;
  readonly #pending = new Map<string, AppEvent>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #delivering = false;
  #closed = false;
  #lastStart = Number.NEGATIVE_INFINITY;

  constructor(options: EventGateOptions) {
    this.#deliver = options.deliver;
    this.#onError = options.onError;
    this.#intervalMs = options.intervalMs ?? 100;
  }

  /** Takes an event; it, or a newer one of its kind for its mirror, is delivered. */
  push(event: AppEvent): void {
    if (this.#closed) return;
    const key = `${event.name} ${subjectOf(event)}`;
    // Deleting first moves a merged event to the end: batches keep the order of what happened last.
    this.#pending.delete(key);
    this.#pending.set(key, event);
    this.#schedule();
  }

  /** Number of events that wait. */
  get waiting(): number {
    return this.#pending.size;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#pending.clear();
  }

  #schedule(): void {
    if (this.#closed || this.#delivering || this.#timer !== undefined || this.#pending.size === 0) return;
    const wait = Math.max(0, this.#lastStart + this.#intervalMs - performance.now());
    this.#timer = setTimeout(() => void this.#flush(), wait);
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    this.#delivering = true;
    this.#lastStart = performance.now();
    const batch = [...this.#pending.values()];
    this.#pending.clear();
    try {
      await this.#deliver(batch);
    } catch (error) {
      if (!this.#closed) this.#onError(error);
    } finally {
      this.#delivering = false;
      this.#schedule();
    }
  }
}

/** Whatever an event is the newest state of. */
function subjectOf({ payload }: AppEvent): string {
  if ('mirrorId' in payload) return String(payload.mirrorId);
  return 'pullId' in payload ? String(payload.pullId) : '';
}
