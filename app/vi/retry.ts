import { setTimeout as sleep } from 'node:timers/promises';
import { ViError, ViRateLimitError } from './errors.ts';

/** How failed requests are repeated. Durations in milliseconds. */
export interface RetryPolicy {
  /** Tries in all for network errors and 5xx. */
  readonly tries: number;
  /** Tries in all for 429. */
  readonly rateLimitTries: number;
  /** Upper bound of the first wait; doubles with each try. */
  readonly baseMs: number;
  /** Upper bound of every wait that the service did not ask for. */
  readonly capMs: number;
  /** A `Retry-After` longer than this is not waited for: the error is thrown at once, with its `retryAfter`. */
  readonly mostRetryAfterMs: number;
}

/** Source of the numbers: VI-API, "Connection". The longest `Retry-After` that is waited for is ours. */
export const defaultRetryPolicy: RetryPolicy = {
  tries: 3,
  rateLimitTries: 20,
  baseMs: 1000,
  capMs: 60_000,
  mostRetryAfterMs: 60 * 60 * 1000,
};

/** One failed try that is going to be repeated. */
export interface RetryEvent {
  readonly error: ViError;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly waitMs: number;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** Whether this error may be repeated at all; by default its `isRetryable`. */
  readonly mayRepeat?: ((error: ViError) => boolean) | undefined;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** The policy with some of its values replaced; values that are `undefined` are not. */
export function retryPolicy(
  changes: { readonly [K in keyof RetryPolicy]?: RetryPolicy[K] | undefined } = {},
  base: RetryPolicy = defaultRetryPolicy,
): RetryPolicy {
  return {
    tries: changes.tries ?? base.tries,
    rateLimitTries: changes.rateLimitTries ?? base.rateLimitTries,
    baseMs: changes.baseMs ?? base.baseMs,
    capMs: changes.capMs ?? base.capMs,
    mostRetryAfterMs: changes.mostRetryAfterMs ?? base.mostRetryAfterMs,
  };
}

/**
 * Runs `attempt` until it succeeds, fails for good, or its tries are used up; waits between tries as the policy says.
 * A signal ends the wait at once.
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { policy, signal } = options;
  const mayRepeat = options.mayRepeat ?? ((error: ViError) => error.isRetryable);
  let rateLimited = 0;
  let failed = 0;
  for (let number = 1; ; number++) {
    signal?.throwIfAborted();
    try {
      return await attempt(number);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ViError) || !mayRepeat(error)) throw error;
      const isRateLimit = error instanceof ViRateLimitError;
      const used = isRateLimit ? ++rateLimited : ++failed;
      if (used >= (isRateLimit ? policy.rateLimitTries : policy.tries)) throw error;
      if (error.retryAfter !== undefined && error.retryAfter > policy.mostRetryAfterMs) throw error;
      const waitMs = waitBefore(used, error.retryAfter, policy);
      options.onRetry?.({ error, attempt: number, waitMs });
      await pause(waitMs, signal);
    }
  }
}

/** Waits; a signal ends the wait at once by throwing its reason. */
export async function pause(milliseconds: number, signal?: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Full jitter: anything between 0 and the bound, which doubles with each try. A wait that the service asked for is kept
 * whole, and spread a little after it, so that many clients do not come back in the same instant.
 */
function waitBefore(used: number, retryAfter: number | undefined, policy: RetryPolicy): number {
  const spread = Math.random();
  if (retryAfter !== undefined) return retryAfter + spread * Math.min(policy.baseMs, policy.capMs);
  return spread * Math.min(policy.capMs, policy.baseMs * 2 ** (used - 1));
}
