import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request was refused. */
export type Refusal = 'wrong-host' | 'foreign-origin' | 'no-session' | 'wrong-token';

/** How long the single-use token for opening a browser lives, in milliseconds. */
const launchTokenLifeMs = 60_000;

/**
 * Decides who may talk to the host: a browser that was given the token once and carries the cookie since, and only pages of this very host.
 * - `Host` must name this host: a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding) is refused.
 * - `Origin`, where sent, must be this host with its port: cookies are shared between the ports of a machine, so SameSite alone is not enough.
 */
export class Access {
  readonly token = randomBytes(32).toString('base64url');
  readonly #cookieValue: string;
  readonly #launchTokens = new Map<string, number>();
  readonly #now: () => number;
  #port = 0;

  /** `sessionKey`: at least 32 random bytes. The same key after a restart keeps open pages signed in. */
  constructor(sessionKey: Uint8Array, now: () => number = Date.now) {
    this.#cookieValue = createHmac('sha256', sessionKey).update('vi-sync session').digest('base64url');
    this.#now = now;
  }

  /** Set once the server listens; before, every request is refused. */
  set port(port: number) {
    this.#port = port;
  }

  /** A token for one use within a minute. A browser is opened with this one, since other users can read a process's arguments. */
  launchToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#launchTokens.set(token, this.#now() + launchTokenLifeMs);
    return token;
  }

  /** The refusal for a request whose `Host` or `Origin` is not ours, or null. `originNeeded`: a WebSocket always names its origin. */
  checkSource(headers: IncomingHttpHeaders, originNeeded: boolean): Refusal | null {
    const host = headers.host?.toLowerCase();
    if (host !== `127.0.0.1:${this.#port}` && host !== `localhost:${this.#port}`) return 'wrong-host';
    const origin = headers.origin;
    if (origin === undefined) return originNeeded ? 'foreign-origin' : null;
    return origin.toLowerCase() === `http://${host}` ? null : 'foreign-origin';
  }

  checkToken(token: string): Refusal | null {
    if (equal(token, this.token)) return null;
    const expiry = this.#launchTokens.get(token);
    this.#launchTokens.delete(token);
    return expiry !== undefined && this.#now() < expiry ? null : 'wrong-token';
  }

  checkSession(headers: IncomingHttpHeaders): Refusal | null {
    for (const pair of headers.cookie?.split(';') ?? []) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.#cookieName && value !== undefined && equal(value, this.#cookieValue)) return null;
    }
    return 'no-session';
  }

  /** The `Set-Cookie` header that starts a session. The name holds the port, since all ports of a machine share their cookies. */
  sessionCookie(): string {
    return `${this.#cookieName}=${this.#cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
  }

  get #cookieName(): string {
    return `vi-sync-${this.#port}`;
  }
}

/** Compares in a time that tells nothing about where the texts differ. */
function equal(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
