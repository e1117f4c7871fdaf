/** Time limits of one request, in milliseconds. */
export interface Timeouts {
  /** To connect, TLS included. */
  readonly connectMs: number;
  /** Without a byte moving either way. */
  readonly idleMs: number;
}

/** Source: VI-API, "Connection". */
export const defaultTimeouts: Timeouts = { connectMs: 60_000, idleMs: 300_000 };
