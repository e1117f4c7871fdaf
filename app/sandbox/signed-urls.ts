import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** What a signed URL lets its holder do, to what. `target` names it: a blob, or a file of a session. */
export interface SignedPurpose {
  readonly action: 'upload' | 'download' | 'thumbnail';
  readonly target: string;
  /** The content type that an upload must come with. */
  readonly contentType?: string | undefined;
}

/** The wire's `Contents`. `expiry` in milliseconds since the epoch. */
export interface SignedContents {
  readonly url: string;
  readonly expiry: number;
  readonly method: 'GET' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
}

export type SignatureCheck = 'valid' | 'expired' | 'forged';

/** Makes and checks signed URLs: whoever has one needs no key, until it expires, for this one purpose. */
export class UrlSigner {
  readonly #key: KeyObject;
  readonly #now: () => number;
  /** The address that clients reach, without a slash at its end. Known once the server listens. */
  origin = '';

  constructor(key: string, now: () => number) {
    this.#key = createSecretKey(key, 'hex');
    this.#now = now;
  }

  /** A URL whose path ends in `name`: clients that take a download's name from there find it. */
  sign(purpose: SignedPurpose, name: string, lifetimeMs: number): SignedContents {
    const expiry = Math.floor(this.#now() + lifetimeMs);
    const path = `/blobs/${purpose.action}/${purpose.target}/${lastSegment(name)}`;
    const url = `${this.origin}${path}?expires=${expiry}&signature=${this.#signature(purpose, expiry)}`;
    if (purpose.contentType === undefined) return { url, expiry, method: 'GET' };
    return { url, expiry, method: 'PUT', headers: { 'Content-Type': purpose.contentType } };
  }

  check(purpose: SignedPurpose, expires: string, signature: string): SignatureCheck {
    const expiry = Number(expires);
    if (!Number.isSafeInteger(expiry)) return 'forged';
    const right = Buffer.from(this.#signature(purpose, expiry));
    const given = Buffer.from(signature);
    if (right.length !== given.length || !timingSafeEqual(right, given)) return 'forged';
    return expiry > this.#now() ? 'valid' : 'expired';
  }

  #signature({ action, target, contentType = '' }: SignedPurpose, expiry: number): string {
    return createHmac('sha256', this.#key)
      .update([action, target, expiry, contentType].join('\n'))
      .digest('base64url');
  }
}

function lastSegment(name: string): string {
  // URLs drop these two, even encoded.
  if (name === '.' || name === '..') return 'unnamed';
  return encodeURIComponent(name.toWellFormed());
}
