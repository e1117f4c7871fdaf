import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Contents } from './contents.ts';
import { ViOperationError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import { exchange, type SignedResponse } from './signed-response.ts';
import {
  checkSignedUrl,
  type SignedUrlRules,
  signedHeaders,
  signedMethod,
  withoutEndpoint,
} from './signed-url-rules.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

/** Redirects of one download that are followed. */
const mostRedirects = 5;

export interface SignedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For an upload, whose own watchdog knows whether bytes still move. */
  readonly withoutHeadersTimeout?: boolean | undefined;
}

/**
 * Sends requests to signed URLs, which are on other hosts than the API. It has no way to know the secret key: it is built
 * without one, and sends only the headers that it is given.
 */
export class SignedUrlTransport {
  readonly #timeouts: Timeouts;
  readonly #direct: Agent;
  readonly #rules: SignedUrlRules;
  #proxied: EnvHttpProxyAgent | undefined;

  constructor(timeouts: Timeouts = defaultTimeouts, rules: SignedUrlRules = withoutEndpoint) {
    this.#timeouts = timeouts;
    this.#rules = rules;
    this.#direct = new Agent({ connect: { timeout: timeouts.connectMs } });
  }

  /** Sends one request. Redirects are not followed. @throws ViOperationError when the URL must not be used */
  async request(url: URL, request: SignedRequest): Promise<SignedResponse> {
    checkSignedUrl(url, this.#rules);
    const options = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { ...request.headers },
      body: request.body ?? null,
      headersTimeout: request.withoutHeadersTimeout === true ? 0 : this.#timeouts.idleMs,
      bodyTimeout: this.#timeouts.idleMs,
    };
    return await exchange(this.#dispatcher(url), options, this.#timeouts.idleMs, request.signal);
  }

  /** A GET that follows redirects; on another origin it goes on without the headers of the signed URL. */
  async get(
    contents: Contents,
    extra: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<SignedResponse> {
    let url = signedUrl(contents);
    let headers = signedHeaders(contents);
    for (let redirects = 0; ; redirects++) {
      const response = await this.request(url, {
        method: signedMethod(contents, 'download'),
        headers: { ...headers, ...extra },
        signal,
      });
      const location = response.headers.location;
      if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== 'string')
        return response;
      await response.finish();
      const next = URL.parse(location, url.href);
      if (next === null || !this.#mayFollow(url, next)) {
        throw new ViOperationError(`${url.host} redirects to an address that is not followed.`, {
          code: 'UnexpectedRedirect',
          details: { host: url.host },
        });
      }
      if (redirects >= mostRedirects) {
        throw new ViOperationError(`${url.host} redirects more than ${mostRedirects} times.`, {
          code: 'UnexpectedRedirect',
          details: { host: url.host },
        });
      }
      if (next.origin !== url.origin) headers = {};
      url = next;
    }
  }

  #mayFollow(from: URL, to: URL): boolean {
    if (from.protocol === 'https:' && to.protocol === 'http:') return false;
    try {
      checkSignedUrl(to, this.#rules);
      return true;
    } catch (error) {
      if (error instanceof ViOperationError) return false;
      throw error;
    }
  }

  get idleMs(): number {
    return this.#timeouts.idleMs;
  }

  async close(): Promise<void> {
    await Promise.all([this.#direct.close(), this.#proxied?.close()]);
  }

  #dispatcher(url: URL): Dispatcher {
    if (isLoopback(url.hostname)) return this.#direct;
    this.#proxied ??= new EnvHttpProxyAgent({ connect: { timeout: this.#timeouts.connectMs } });
    return this.#proxied;
  }
}

let shared: SignedUrlTransport | undefined;

/** The transport of callers that have none of their own. Its idle connections do not keep a process alive. */
export function sharedSignedUrls(): SignedUrlTransport {
  shared ??= new SignedUrlTransport();
  return shared;
}

/** @throws ViOperationError when the service gave no usable URL. */
export function signedUrl(contents: Contents): URL {
  return checkSignedUrl(URL.parse(contents.url), withoutEndpoint);
}
