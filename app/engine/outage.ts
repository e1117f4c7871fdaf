import type { Problem } from '../contract.ts';
import { serviceProblem } from '../transfer/transfer-failure.ts';
import {
  type ViError,
  ViNetworkError,
  ViRateLimitError,
  ViServerError,
  ViTimeoutError,
} from '../vi/index.ts';
import type { Clock, Randomness } from './environment.ts';

/** After a failed call, the first wait; doubled each time. Milliseconds. */
const firstRetryMs = 1000;
const longestRetryMs = 60_000;
/** The longest wait that a service is believed to mean when it asks for one. Milliseconds. */
const longestAskedMs = 60 * 60_000;
/** Whoever has failed last lets others go first for so long: it may be the only one in trouble. Milliseconds. */
const headStartMs = 1000;

/** One of those who ask a service, as the others know it. */
export interface Asker {
  /** Whether there is an outage, or when it may be asked again, has changed. */
  onOutage(): void;
}

/**
 * Whether something that several ask can be worked with. One failed call is enough for all to stop, and one that is answered for all to go
 * on; in between one of them at a time tries, less and less often. Who fails while others are answered has a trouble of its own.
 */
export class Outage {
  readonly #clock: Clock;
  readonly #random: Randomness;
  readonly #askers = new Set<Asker>();
  /** For each asker, when it last failed and was answered: positions in one order of all calls. */
  readonly #failedAt = new Map<Asker, number>();
  readonly #answeredAt = new Map<Asker, number>();
  #calls = 0;
  #problem: Problem | null = null;
  #isUnreachable = false;
  #failures = 0;
  #nextAt = Number.NEGATIVE_INFINITY;
  #trying: Asker | null = null;
  #lastFailed: Asker | null = null;

  constructor(clock: Clock, random: Randomness) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Why it can't be worked with; null when it can, for all that is known. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** True when nothing answers: nothing that a person could put right here. */
  get isUnreachable(): boolean {
    return this.#isUnreachable;
  }

  join(asker: Asker): void {
    this.#askers.add(asker);
  }

  leave(asker: Asker): void {
    this.#askers.delete(asker);
    this.#failedAt.delete(asker);
    this.#answeredAt.delete(asker);
    if (this.#lastFailed === asker) this.#lastFailed = null;
    this.end(asker);
  }

  /** From when on this one may ask, by the monotonic clock; infinite while another one tries for all. */
  nextAt(asker: Asker): number {
    if (this.#trying !== null && this.#trying !== asker) return Number.POSITIVE_INFINITY;
    const isBehind = this.#lastFailed === asker && this.#askers.size > 1;
    return isBehind ? this.#nextAt + headStartMs : this.#nextAt;
  }

  /** Somebody wants it to be tried now. */
  tryNow(): void {
    this.#nextAt = Number.NEGATIVE_INFINITY;
    this.#tell();
  }

  /** This one is about to ask, with the outcome in {@link failed} or {@link answered}, and then {@link end}. */
  begin(asker: Asker): void {
    if (this.#problem !== null) this.#trying ??= asker;
  }

  end(asker: Asker): void {
    if (this.#trying !== asker) return;
    this.#trying = null;
    this.#tell();
  }

  answered(asker: Asker): void {
    this.#calls += 1;
    this.#answeredAt.set(asker, this.#calls);
    this.#failedAt.delete(asker);
    if (this.#problem === null) return;
    this.#problem = null;
    this.#isUnreachable = false;
    this.#failures = 0;
    this.#nextAt = Number.NEGATIVE_INFINITY;
    this.#lastFailed = null;
    this.#tell();
  }

  /** False: others are answered, so that it is not for all. */
  failed(asker: Asker, error: ViError): boolean {
    const before = this.#failedAt.get(asker);
    this.#calls += 1;
    this.#failedAt.set(asker, this.#calls);
    if (before !== undefined && this.#othersAnsweredSince(asker, before)) return false;
    // Those who had asked before it was known say nothing new.
    if (this.#problem !== null && this.#trying !== asker) return true;
    this.#lastFailed = asker;
    this.#problem = serviceProblem(error);
    this.#isUnreachable = isAway(error);
    const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    // Half of it at random: many clients must not come back in the same instant.
    const jitter = 0.5 + this.#random.fraction() / 2;
    this.#nextAt =
      this.#clock.monotonic() + Math.max(wait * jitter, Math.min(error.retryAfter ?? 0, longestAskedMs));
    this.#tell();
    return true;
  }

  #othersAnsweredSince(asker: Asker, call: number): boolean {
    return [...this.#answeredAt].some(([other, at]) => other !== asker && at > call);
  }

  #tell(): void {
    for (const asker of this.#askers) asker.onOutage();
  }
}

function isAway(error: ViError): boolean {
  return (
    error instanceof ViNetworkError ||
    error instanceof ViTimeoutError ||
    error instanceof ViServerError ||
    error instanceof ViRateLimitError
  );
}
