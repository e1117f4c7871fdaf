import { Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Request } from 'got';
import { z } from 'zod';
import type { Configuration } from './configuration.ts';
import { ViError, ViResponseError, ViTimeoutError } from './errors.ts';
import { httpError, parseRetryAfter, parseTraceId, singleHeader } from './http-error.ts';
import { isLoopback } from './loopback.ts';
import { networkError, wasNeverSent } from './network-error.ts';
import { type RetryEvent, type RetryPolicy, withRetries } from './retry.ts';
import type { Timeouts } from './timeouts.ts';
import { version } from './version.ts';

/** The largest JSON that is read: a session of 5,000 files with signed URLs has about 10 MB. */
const mostJsonBytes = 64 * 1024 * 1024;
/** Of an answer that is no success no more is read, and of its words no more is told. */
const mostRefusalBytes = 64 * 1024;
const longestWords = 500;
/** A body that is slower on average, once the idle limit is over, would never be there. Bytes a second. */
const slowestRate = 1024;
/** No answer takes longer. Milliseconds. */
const longestAnswerMs = 60 * 60_000;

export interface ApiRequest<T> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parts of the path under the endpoint; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly json?: unknown;
  /** What is being done, for messages: "get the asset x". */
  readonly what: string;
  /** Shape of the answer; left out when it has no body. */
  readonly schema: z.ZodType<T>;
  /** Brings an answer into the form of the schema first. */
  readonly reshape?: ((answer: unknown) => unknown) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** `whenNotSent`: not repeated when the service may have acted on it. */
  readonly repeat?: 'always' | 'whenNotSent' | undefined;
  /** When a later try fails like this, an earlier one, whose answer was lost, had done it. */
  readonly doneWhenRepeated?: ((error: ViError) => boolean) | undefined;
}

const errorBodySchema = z.looseObject({
  message: z.string().optional().catch(undefined),
  error: z
    .union([z.string(), z.looseObject({ message: z.string() }).transform((error) => error.message)])
    .optional()
    .catch(undefined),
});

/** Sends requests to the API with the secret key, repeats them as the policy says, and reads the answers. */
export class ApiTransport {
  readonly endpoint: string;
  readonly #host: string;
  readonly #secretKey: string;
  readonly #organizationId: string;
  readonly #retry: RetryPolicy;
  readonly #timeouts: Timeouts;
  readonly #onRetry: ((event: RetryEvent) => void) | undefined;
  #aheadMs: number | undefined;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };

  constructor(
    configuration: Configuration,
    options: {
      readonly retry: RetryPolicy;
      readonly timeouts: Timeouts;
      readonly onRetry?: ((event: RetryEvent) => void) | undefined;
    },
  ) {
    const url = new URL(configuration.endpoint);
    this.endpoint = configuration.endpoint;
    this.#host = url.host;
    this.#secretKey = configuration.secretKey;
    this.#organizationId = configuration.organizationId;
    this.#retry = options.retry;
    this.#timeouts = options.timeouts;
    this.#onRetry = options.onRetry;
    // This computer is never reached through a proxy.
    const proxyEnv = isLoopback(url.hostname) ? undefined : process.env;
    this.#agents = {
      http: new HttpAgent({ keepAlive: true }),
      https: new HttpsAgent({ keepAlive: true, proxyEnv }),
    };
  }

  /** The service's clock, milliseconds since the epoch, as the `Date` of its last answer has told it; undefined: it has not. */
  get serviceNow(): number | undefined {
    return this.#aheadMs === undefined ? undefined : Date.now() + this.#aheadMs;
  }

  /** Sends one request; the answer is checked against its schema. */
  async request<T>(request: ApiRequest<T>): Promise<T> {
    const { signal, repeat = 'always' } = request;
    let lost = false;
    return await withRetries(
      async () => {
        try {
          return await this.#send(request);
        } catch (error) {
          if (lost && error instanceof ViError && request.doneWhenRepeated?.(error) === true)
            return request.schema.parse({});
          lost ||=
            error instanceof ViError && error.status !== 429 && error.isRetryable && !wasNeverSent(error);
          throw error;
        }
      },
      {
        policy: this.#retry,
        signal,
        onRetry: this.#onRetry,
        mayRepeat: (error) =>
          error.isRetryable && (repeat === 'always' || error.status === 429 || wasNeverSent(error)),
      },
    );
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #send<T>(request: ApiRequest<T>): Promise<T> {
    const response = await this.#exchange(request);
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) this.#aheadMs = date - Date.now();
    const traceId = parseTraceId(singleHeader(response.headers['x-cloud-trace-context']));
    if (!isSuccess(response)) throw this.#refusal(request, response, traceId);
    if (request.method === 'DELETE') return request.schema.parse({});
    return this.#read(request, response, traceId);
  }

  async #exchange<T>(request: ApiRequest<T>): Promise<Answer> {
    const { signal, json, what } = request;
    const { connectMs, idleMs } = this.#timeouts;
    try {
      const stream = got.stream(this.#url(request), {
        method: request.method,
        headers: {
          authorization: `Bearer ${this.#secretKey}`,
          'organization-id': this.#organizationId,
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': `vi-sync/${version} node/${process.versions.node}`,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        agent: this.#agents,
        retry: { limit: 0 },
        throwHttpErrors: false,
        followRedirect: false,
        timeout: {
          lookup: connectMs,
          connect: connectMs,
          secureConnect: connectMs,
          socket: idleMs,
          response: idleMs,
        },
        ...(signal === undefined ? {} : { signal }),
      });
      // got waits for the body of a DELETE to be written.
      if (request.method === 'DELETE' && json === undefined) stream.end();
      return await readAnswer(stream, idleMs);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AnswerTooLarge) {
        throw new ViResponseError(
          `Cannot ${what}: the answer of ${this.#host} is larger than ${mostJsonBytes} bytes.`,
        );
      }
      if (error instanceof AnswerTooSlow) {
        throw new ViTimeoutError(`Cannot ${what}: the answer of ${this.#host} comes too slowly.`);
      }
      throw networkError(error, what, this.#host);
    }
  }

  #url<T>(request: ApiRequest<T>): URL {
    const url = new URL(`${this.endpoint}/${request.path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  }

  #refusal<T>(request: ApiRequest<T>, response: Answer, traceId: string | undefined): ViError {
    const body = this.#withoutKey(response.body);
    const json = parseJson(body);
    const parsed = errorBodySchema.safeParse(json);
    const words = parsed.success ? (parsed.data.message ?? parsed.data.error) : undefined;
    const told = words === undefined ? undefined : oneLine(words);
    const message = `Cannot ${request.what}: ${this.#host} answered ${response.statusCode}${told === undefined ? '' : `, "${told}"`}.`;
    return httpError(response.statusCode, message, {
      traceId,
      retryAfter: parseRetryAfter(response.headers['retry-after'], response.headers.date),
      details: { host: this.#host, response: parsed.success ? parsed.data : beginning(body) },
    });
  }

  #read<T>(request: ApiRequest<T>, response: Answer, traceId: string | undefined): T {
    const json = parseJson(response.body);
    if (json === undefined) {
      const body = this.#withoutKey(response.body);
      const found =
        body.trim() === '' ? 'nothing' : /^\s*<(!doctype|html)/i.test(body) ? 'a web page' : 'no JSON';
      throw new ViResponseError(
        `Cannot ${request.what}: ${this.#host} answered with ${found} where JSON is due.`,
        {
          status: response.statusCode,
          traceId,
          details: {
            host: this.#host,
            contentType: response.headers['content-type'],
            beginning: beginning(body),
          },
        },
      );
    }
    const parsed = request.schema.safeParse(request.reshape === undefined ? json : request.reshape(json));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const place =
      issue === undefined
        ? ''
        : ` (${issue.path.map(String).join('.') || 'the whole answer'}: ${issue.message})`;
    throw new ViResponseError(
      `Cannot ${request.what}: the answer of ${this.#host} is not as its API says${place}.`,
      {
        status: response.statusCode,
        traceId,
        details: {
          host: this.#host,
          issues: parsed.error.issues.slice(0, 10).map(({ path, message }) => ({ path, message })),
        },
      },
    );
  }

  /** A server may echo what it was sent; the key must not come back in a message. */
  #withoutKey(text: string): string {
    return text.replaceAll(this.#secretKey, '[secret key]');
  }
}

interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

class AnswerTooLarge extends Error {}
class AnswerTooSlow extends Error {}

/**
 * Reads an answer to its end. got holds on to its streams, and to all that their listeners lead to, until the next full
 * garbage collection: the text of the answer must not be among that, or a long listing fills the memory with it.
 */
async function readAnswer(stream: Request, idleMs: number): Promise<Answer> {
  const chunks: Buffer[] = [];
  const { statusCode, headers } = await new Promise<Omit<Answer, 'body'>>((resolve, reject) => {
    let size = 0;
    let head: Omit<Answer, 'body'> | undefined;
    let since = 0;
    // got would wrap the error that it is destroyed with.
    const giveUp = (error: Error) => {
      reject(error);
      stream.destroy();
    };
    stream.on('response', (response) => {
      head = { statusCode: response.statusCode, headers: response.headers };
      since = performance.now();
    });
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      const tookMs = performance.now() - since;
      if (head !== undefined && !isSuccess(head) && size > mostRefusalBytes) {
        resolve(head);
        stream.destroy();
      } else if (size > mostJsonBytes) {
        giveUp(new AnswerTooLarge());
      } else if (tookMs > longestAnswerMs || (tookMs > idleMs && size < (tookMs / 1000) * slowestRate)) {
        giveUp(new AnswerTooSlow());
      }
    });
    stream.on('error', reject);
    stream.on('end', () => {
      if (head === undefined) reject(new Error('The answer has no head.'));
      else resolve(head);
    });
  });
  const body = Buffer.concat(chunks.splice(0)).toString();
  return { statusCode, headers, body };
}

function isSuccess({ statusCode }: Pick<Answer, 'statusCode'>): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function beginning(text: string): string {
  return text.slice(0, longestWords);
}

/** Words of the service that can be shown: no control characters, and not without end. */
function oneLine(words: string): string {
  const line = words.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > longestWords ? `${line.slice(0, longestWords).toWellFormed()}…` : line;
}

/** The value of a JSON text; undefined when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
