import type { Clock } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Spend } from '../manifest/spend-table.ts';

/** How many ingestion sessions an organization may create in any window of time. */
export interface BudgetLimit {
  readonly sessions: number;
  readonly windowMs: number;
}

/** Source: VI-API, "Ingestion session". */
export const defaultBudgetLimit: BudgetLimit = { sessions: 10, windowMs: 10 * 60_000 };

/** A request that was sent late in our window may arrive early in the service's: spends count this much longer. Milliseconds. */
const marginMs = 2000;

/** The longest wait that a service is believed to mean. Milliseconds. */
const longestRefusalMs = 60 * 60_000;

/** What a session is wanted for: `edit`, a few files that somebody has just changed; `bulk`, anything else. */
export type SessionPurpose = 'edit' | 'bulk';

/**
 * The budget of ingestion sessions, shared by all mirrors of an organization and kept in the manifest, so that a restart does not forget
 * what was spent. The first sessions are given at once, so that an edit is up in seconds; then they are spaced out, so that a steady
 * stream of changes waits a little each time and never until a whole window is over. One slot of the window is for edits alone.
 */
export class SessionBudget {
  readonly #manifest: Manifest;
  readonly #clock: Clock;
  readonly #limit: BudgetLimit;
  /** Until when the service has told an organization to wait. */
  readonly #refusedUntil = new Map<string, number>();

  constructor(manifest: Manifest, clock: Clock, limit: BudgetLimit = defaultBudgetLimit) {
    this.#manifest = manifest;
    this.#clock = clock;
    this.#limit = limit;
  }

  /** When the next session may be created, milliseconds since the epoch; not later than now if at once. */
  nextAt(organizationId: string, purpose: SessionPurpose): number {
    const now = this.#clock.now();
    const spends = this.#spends(organizationId);
    const refused = this.#refusedUntil.get(organizationId) ?? Number.NEGATIVE_INFINITY;
    const regular = nextRegular(spends, now, this.#limit);
    const next = purpose === 'bulk' ? regular : Math.min(regular, nextReserve(spends, now, this.#limit));
    return Math.max(next, refused, nextKnown(spends, now, this.#limit));
  }

  /** Sessions that were created in the window that ends now; all of the budget where nobody knows. */
  used(organizationId: string): number {
    const start = this.#clock.now() - this.#limit.windowMs;
    const spends = this.#spends(organizationId).filter(({ at }) => at > start);
    return spends.some(({ kind }) => kind === 'unknown') ? this.#limit.sessions : spends.length;
  }

  get limit(): BudgetLimit {
    return this.#limit;
  }

  /** How long the last of so many sessions has to wait if they are created one after the other from now on. Milliseconds. */
  waitFor(organizationId: string, sessions: number): number {
    const spends = this.#spends(organizationId);
    const now = this.#clock.now();
    const refused = this.#refusedUntil.get(organizationId) ?? 0;
    let at = Math.max(now, refused, nextKnown(spends, now, this.#limit));
    for (let session = 0; session < sessions; session++) {
      at = nextRegular(spends, at, this.#limit);
      spends.push({ at, kind: 'regular' });
    }
    return sessions === 0 ? 0 : at - now;
  }

  /** Records a session that is about to be created: before the request is sent, for a kill may come before its answer. */
  spend(organizationId: string, purpose: SessionPurpose): void {
    const now = this.#clock.now();
    const isReserve = purpose === 'edit' && nextRegular(this.#spends(organizationId), now, this.#limit) > now;
    this.#manifest.transaction(() => {
      this.#manifest.spends.prune(organizationId, now - 2 * this.#limit.windowMs - marginMs);
      this.#manifest.spends.add(organizationId, { at: now, kind: isReserve ? 'reserve' : 'regular' });
    });
  }

  /** The service refused a session all the same: others have spent of the budget. */
  refused(organizationId: string, retryAfterMs: number | undefined): void {
    const { sessions, windowMs } = this.#limit;
    const wait = Math.min(retryAfterMs ?? windowMs / sessions, longestRefusalMs);
    this.#refusedUntil.set(organizationId, this.#clock.now() + wait);
  }

  #spends(organizationId: string): Spend[] {
    const now = this.#clock.now();
    const { windowMs } = this.#limit;
    return (
      this.#manifest.spends
        .since(organizationId, now - 2 * windowMs - marginMs)
        // Times from before the clock was set back say nothing about when.
        .filter(({ at }) => at <= now + windowMs)
    );
  }
}

/** Slots that edits do not have for themselves. A budget of one session is for everything. */
function regularSlots(limit: BudgetLimit): number {
  return Math.max(1, limit.sessions - 1);
}

/**
 * A bucket of a few tokens that fills up steadily, at such a rate that bucket and rate together never exceed the window's slots; and the
 * window itself, for what the bucket does not know.
 */
function nextRegular(spends: readonly Spend[], now: number, limit: BudgetLimit): number {
  const slots = regularSlots(limit);
  const burst = Math.max(1, Math.floor(slots / 3));
  const interval = limit.windowMs / Math.max(1, slots - burst);
  let tokens = burst;
  let at = spends[0]?.at ?? now;
  for (const spend of spends.filter(({ kind }) => kind === 'regular')) {
    tokens = Math.min(burst, tokens + (spend.at - at) / interval) - 1;
    at = spend.at;
  }
  const refilled = Math.min(burst, tokens + (now - at) / interval);
  const byBucket = refilled >= 1 ? now : now + (1 - refilled) * interval;
  return Math.max(byBucket, nextInWindow(spends, now, limit.windowMs, slots));
}

function nextReserve(spends: readonly Spend[], now: number, limit: BudgetLimit): number {
  const reserved = spends.filter(({ kind }) => kind === 'reserve');
  return Math.max(
    nextInWindow(reserved, now, limit.windowMs, 1),
    nextInWindow(spends, now, limit.windowMs, limit.sessions),
  );
}

/** When the whole window is known again: until then any slot of it may have been spent. */
function nextKnown(spends: readonly Spend[], now: number, { windowMs }: BudgetLimit): number {
  return nextInWindow(
    spends.filter(({ kind }) => kind === 'unknown'),
    now,
    windowMs,
    1,
  );
}

/** When fewer than `slots` spends lie within the window. */
function nextInWindow(spends: readonly Spend[], now: number, windowMs: number, slots: number): number {
  const last = spends.at(-slots);
  return last === undefined ? now : Math.max(now, last.at + windowMs + marginMs);
}
