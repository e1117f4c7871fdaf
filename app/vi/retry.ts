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
  /** A `Retry-After` longer than this is not waited for: the error is thrown at once, with `retryAfter`. */
  readonly mostRetryAfterMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  tries: 3,
  rateLimitTries: 20,
  baseMs: 1000,
  capMs: 60_000,
  mostRetryAfterMs: 60 * 60 * 1000,
};
