import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Contents } from './contents.ts';
import { ViOperationError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import { exchange, type SignedResponse } from './signed-response.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

/** Headers that belong to the connection and not to the caller. */
const connectionHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

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
  #proxied: EnvHttpProxyAgent | undefined;

  constructor(timeouts: Timeouts = defaultTimeouts) {
    this.#timeouts = timeouts;
    this.#direct = new Agent({ connect: { timeout: timeouts.connectMs } });
  }

  /** Sends one request. Redirects are not followed. */
  async request(url: URL, request: SignedRequest): Promise<SignedResponse> {
    const options = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { ...request.headers },
      body: request.body ?? null,
      headersTimeout: request.withoutHeadersTimeout === true ? 0 : this.#timeouts.idleMs,
      bodyTimeout: this.#timeouts.idleMs,
    };
    return await exchange(this.#dispatcher(url), options, request.signal);
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
        method: contents.method ?? 'GET',
        headers: { ...headers, ...extra },
        signal,
      });
      const location = response.headers.location;
      if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== 'string')
        return response;
      await response.finish();
      const next = URL.parse(location, url.href);
      if (next === null || !isWeb(next) || (url.protocol === 'https:' && next.protocol === 'http:')) {
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
  const url = URL.parse(contents.url);
  if (url !== null && isWeb(url)) return url;
  throw new ViOperationError('The service gave a signed URL that is no web address.', {
    code: 'SignedUrlInvalid',
  });
}

/** The headers that the signed URL asks for, without those that the connection sets itself. */
export function signedHeaders(contents: Contents): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(contents.headers ?? {})) {
    if (!connectionHeaders.has(name.toLowerCase())) headers[name] = value;
  }
  return headers;
}

function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}
