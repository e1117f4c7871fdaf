import type { Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { RemotePoll } from '../observe/remote-poll.ts';
import { ViConfigurationError, ViError } from '../vi/index.ts';
import type { Environment, Remote } from './environment.ts';
import type { Asker, Outage } from './outage.ts';
import { scopeOf, scopes, type WayHealth } from './service-health.ts';
import type { Timing } from './timing.ts';

export interface ServiceLinkOptions {
  readonly environment: Environment;
  readonly remote: Remote;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly timing: Timing;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly health: WayHealth;
  /** Whether the service can be worked with, or when to list again, may have changed. */
  readonly onChange: () => void;
}

/** While uploads are not listed yet: the first wait, doubled each time. Milliseconds. */
const firstOpenPollMs = 500;
const longestOpenPollMs = 10_000;
/** And no sooner than after so many times as long as the last listing took: others have the service and the computer to themselves. */
const openPollShare = 4;
/** A count that disagrees is looked into after this. Milliseconds. */
const incompletePollMs = 2500;

/**
 * Keeps the manifest's tree of assets up to date: knows when to list, and whether the service can be reached. Mirrors learn from one
 * another that it can't, and that it is worth another try; that it can, each believes when it has listed its own dataset.
 */
export class ServiceLink implements Asker {
  readonly #options: ServiceLinkOptions;
  readonly #poll: RemotePoll;
  #nextAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #openPolls = 0;
  /** How long the last good listing took. */
  #tookMs = 0;
  #isProven = false;
  #isImpatient = false;
  #problem: Problem | null = null;
  #isUnreachable = false;
  #isListing = false;

  constructor(options: ServiceLinkOptions) {
    this.#options = options;
    this.#poll = new RemotePoll({ ...options, mirror: options.mirror.id, clock: options.environment.clock });
    for (const outage of this.#outages) outage.join(this);
    options.signal.addEventListener('abort', () => {
      for (const outage of this.#outages) outage.leave(this);
    });
    this.#notice();
  }

  get #outages(): Outage[] {
    return scopes.map((scope) => this.#options.health[scope]);
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

  /** True when the dataset's count can't be expected to fit what is listed. */
  get isCountDoubted(): boolean {
    return this.#poll.isCountDoubted;
  }

  /** What a person should know about a service that can be worked with. */
  get advice(): Problem | null {
    return this.#poll.advice;
  }

  /** Milliseconds since the last good listing. */
  get age(): number {
    return this.#now() - this.#listedAt;
  }

  /** When to list again, by the monotonic clock. */
  get nextAt(): number {
    return Math.max(this.#nextAt, ...this.#outages.map((outage) => outage.nextAt(this)));
  }

  /** When a service that can't be worked with is tried again, milliseconds since the epoch; null: it can be, or is being tried. */
  get retryAt(): number | null {
    const wait = this.nextAt - this.#now();
    const isWaiting = this.#problem !== null && wait > 0 && Number.isFinite(wait);
    return isWaiting ? Math.round(this.#options.environment.clock.now() + wait) : null;
  }

  get isDue(): boolean {
    return this.nextAt <= this.#now();
  }

  /** List again at once. `isImpatient`: somebody has asked, so a count that disagrees is looked into without waiting. */
  pollSoon(isImpatient = false): void {
    // A service that can't be reached is left alone until its time, unless a person asks.
    if (this.#problem !== null && !isImpatient) return;
    this.#isImpatient ||= isImpatient;
    this.#nextAt = this.#now();
    if (this.#problem !== null) for (const outage of this.#outages) outage.tryNow();
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

  onOutage(): void {
    // What a listing finds out itself, it says at its end.
    if (!this.#isListing) this.#notice();
    this.#options.onChange();
  }

  /** Lists. True when the service can be worked with again after it could not be. */
  async run(): Promise<boolean> {
    const { manifest, mirror, signal, timing, log } = this.#options;
    const patience = this.#isImpatient ? 'none' : manifest.sessions.isAnyOpen(mirror.id) ? 'endless' : 'some';
    this.#isImpatient = false;
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#isListing = true;
    for (const outage of this.#outages) outage.begin(this);
    const begun = this.#now();
    try {
      const result = await this.#poll.run(patience, signal);
      this.#isProven = result.isComplete;
      this.#listedAt = this.#now();
      this.#tookMs = this.#listedAt - begun;
      const isSettled = result.isComplete || this.#poll.isHeldBack;
      this.#planNext(isSettled ? timing.pollMs : incompletePollMs);
      const wasAway = this.#problem !== null;
      this.#problem = null;
      this.#isUnreachable = false;
      for (const outage of this.#outages) outage.answered(this);
      if (wasAway) this.#options.onChange();
      return wasAway;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ViError)) throw error;
      log.warn('The dataset could not be listed', { error });
      this.#failed(error);
      return false;
    } finally {
      for (const outage of this.#outages) outage.end(this);
      this.#isListing = false;
    }
  }

  #failed(error: ViError): void {
    const { health } = this.#options;
    const scope = scopeOf(error);
    // Whoever says no can be reached; without credentials nobody was asked.
    if (!(error instanceof ViConfigurationError)) {
      for (const wider of scopes.slice(0, scopes.indexOf(scope))) health[wider].answered(this);
    }
    if (!health[scope].failed(this, error)) health.dataset.failed(this, error);
    this.#notice();
  }

  /** What others have found out holds here too, until a listing of our own proves something else. */
  #notice(): void {
    const outage = this.#outages.find(({ problem }) => problem !== null);
    if (outage !== undefined) {
      this.#problem = outage.problem;
      this.#isUnreachable = outage.isUnreachable;
    }
    if (this.#problem !== null) this.#nextAt = this.#now();
  }

  /** Uploads that the service has taken and does not list yet are looked for more often than anything else. */
  expectUploads(areOpen: boolean): void {
    if (!areOpen) {
      this.#openPolls = 0;
      return;
    }
    const backOff = firstOpenPollMs * 2 ** Math.min(this.#openPolls, 10);
    const wait = Math.min(longestOpenPollMs, Math.max(backOff, openPollShare * this.#tookMs));
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
