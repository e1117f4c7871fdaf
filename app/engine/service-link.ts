import type { Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { RemotePoll } from '../observe/remote-poll.ts';
import { serviceProblem } from '../transfer/transfer-failure.ts';
import { ViError, ViNetworkError, ViRateLimitError, ViServerError, ViTimeoutError } from '../vi/index.ts';
import type { Environment, Remote } from './environment.ts';
import type { Timing } from './timing.ts';

export interface ServiceLinkOptions {
  readonly environment: Environment;
  readonly remote: Remote;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly timing: Timing;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** After a failed poll, the first wait; doubled each time. Milliseconds. */
const firstRetryMs = 1000;
const longestRetryMs = 60_000;
/** While uploads are not listed yet: the first wait, doubled each time. Milliseconds. */
const firstOpenPollMs = 500;
const longestOpenPollMs = 10_000;
/** A count that disagrees is looked into after this. Milliseconds. */
const incompletePollMs = 2500;

/** Keeps the manifest's tree of assets up to date: knows when to list, and whether the service can be reached. */
export class ServiceLink {
  readonly #options: ServiceLinkOptions;
  readonly #poll: RemotePoll;
  #nextAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #openPolls = 0;
  #isProven = false;
  #isImpatient = false;
  #problem: Problem | null = null;
  #isUnreachable = false;

  constructor(options: ServiceLinkOptions) {
    this.#options = options;
    this.#poll = new RemotePoll({ ...options, mirror: options.mirror.id, clock: options.environment.clock });
  }

  /** Why the service can't be worked with. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** True when the service can't be reached: the network or the service itself, nothing that a person could put right here. */
  get isUnreachable(): boolean {
    return this.#isUnreachable;
  }

  get isOnline(): boolean {
    return this.#problem === null;
  }

  /** True when the last listing said all that there is. */
  get isProven(): boolean {
    return this.#isProven && this.#problem === null;
  }

  /** Milliseconds since the last good listing. */
  get age(): number {
    return this.#now() - this.#listedAt;
  }

  /** When to list again, by the monotonic clock. */
  get nextAt(): number {
    return this.#nextAt;
  }

  get isDue(): boolean {
    return this.#nextAt <= this.#now();
  }

  /** List again at once. `isImpatient`: somebody has asked, so a count that disagrees is looked into without waiting. */
  pollSoon(isImpatient = false): void {
    // A service that can't be reached is left alone until its time, unless a person asks.
    if (this.#problem !== null && !isImpatient) return;
    this.#isImpatient ||= isImpatient;
    this.#nextAt = this.#now();
  }

  /** List everything at once, whatever is known. */
  listAllSoon(): void {
    this.#poll.listAllNext();
    this.pollSoon(true);
  }

  /** A call has failed: whether the service can be reached, a listing will tell. */
  callFailed(error: unknown): void {
    this.#options.log.warn('A call of the service has failed', { error });
    if (this.#problem === null) this.#nextAt = this.#now();
  }

  /** Lists. True when the service can be worked with again after it could not be. */
  async run(): Promise<boolean> {
    const { manifest, mirror, signal, timing, log } = this.#options;
    const patience = this.#isImpatient ? 'none' : manifest.sessions.isAnyOpen(mirror.id) ? 'endless' : 'some';
    this.#isImpatient = false;
    this.#nextAt = Number.POSITIVE_INFINITY;
    try {
      const result = await this.#poll.run(patience, signal);
      this.#isProven = result.isComplete;
      this.#failures = 0;
      this.#listedAt = this.#now();
      this.#planNext(result.isComplete ? timing.pollMs : incompletePollMs);
      const wasAway = this.#problem !== null;
      this.#problem = null;
      this.#isUnreachable = false;
      return wasAway;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ViError)) throw error;
      log.warn('The dataset could not be listed', { error });
      this.#failures += 1;
      this.#problem = serviceProblem(error);
      this.#isUnreachable = isAway(error);
      const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10));
      // Half of it at random: many clients must not come back in the same instant.
      const jitter = 0.5 + this.#options.environment.random.fraction() / 2;
      this.#nextAt = this.#now() + Math.max(wait * jitter, error.retryAfter ?? 0);
      return false;
    }
  }

  /** Uploads that the service has taken and does not list yet are looked for more often than anything else. */
  expectUploads(areOpen: boolean): void {
    if (!areOpen) {
      this.#openPolls = 0;
      return;
    }
    const wait = Math.min(longestOpenPollMs, firstOpenPollMs * 2 ** Math.min(this.#openPolls, 10));
    this.#openPolls += 1;
    this.#planNext(wait);
  }

  /** A listing that was asked for meanwhile is not put off. */
  #planNext(wait: number): void {
    this.#nextAt = Math.min(this.#nextAt, this.#now() + wait);
  }

  #now(): number {
    return this.#options.environment.clock.monotonic();
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
