import { ApiError } from './api-error.ts';
import type { SessionStore } from './session-store.ts';
import type { SandboxSwitches } from './switches.ts';

/**
 * Refuses a new ingestion session when the sliding window has no room for it. Counted from the sessions themselves, so a
 * restart forgets nothing.
 * @throws ApiError 429
 */
export function spendSessionBudget(sessions: SessionStore, switches: SandboxSwitches, now: number): void {
  const budget = switches.sessionBudget;
  if (budget === null) return;
  const begun = sessions.createdAfter(now - budget.windowMs);
  // Room comes when so many of the oldest have left the window that one fewer than the budget remains.
  const blocking = begun[begun.length - budget.sessions];
  if (blocking === undefined) return;
  const freeAt = blocking + budget.windowMs;
  throw new ApiError(
    429,
    `Too many ingestion sessions: ${budget.sessions} may begin in ${Math.round(budget.windowMs / 1000)} seconds.`,
    { headers: retryAfter(switches, freeAt, now) },
  );
}

function retryAfter(switches: SandboxSwitches, freeAt: number, now: number): Record<string, string> {
  switch (switches.retryAfter) {
    case 'seconds':
      return { 'retry-after': String(Math.max(1, Math.ceil((freeAt - now) / 1000))) };
    case 'date':
      // HTTP dates have no fractions: the next full second, lest a client come too early.
      return { 'retry-after': new Date(Math.ceil(freeAt / 1000) * 1000).toUTCString() };
    case 'absent':
      return {};
  }
}
