import type { Dispatcher } from 'undici';
import { whenAborted } from './when-aborted.ts';

/** Bytes that wait for their reader; with more, the connection is held. */
const mostWaiting = 256 * 1024;

const mostToFinish = 128 * 1024;

/** A body that comes more slowly, while it is waited for, would never be there. Bytes a second, on average over the idle limit. */
const slowestRate = 200;

/** The bytes of an answer come, and so slowly that it makes no sense to wait for them. */
class TooSlowError extends Error {
  readonly code = 'TOO_SLOW';

  constructor() {
    super(`less than ${slowestRate} bytes came in a second`);
  }
}

type Headers = Dispatcher.ResponseData['headers'];

/**
 * Sends a request and gives its answer once the head is there.
 *
 * By undici's handlers and not by its `request`: for a small file its streams cost more than all the rest, and whatever hangs
 * on them stays in memory until the next full garbage collection.
 *
 * @param idleMs over which the rate of the body is judged
 * @throws undici's errors; the signal's reason
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  idleMs: number,
  signal?: AbortSignal | undefined,
): Promise<SignedResponse> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const body = new ArrivingBody(idleMs, signal, reject);
    dispatcher.dispatch(options, {
      onRequestStart: (controller) => body.start(controller),
      onResponseStart: (_controller, statusCode, headers) => {
        // 100 to 103: the answer proper is still to come.
        if (statusCode >= 200) resolve(new SignedResponse(statusCode, headers, body));
      },
      onResponseData: (_controller, chunk) => body.add(chunk),
      onResponseEnd: () => body.end(),
      onResponseError: (_controller, error) => body.fail(error),
    });
  });
}

/** The answer of a signed URL. Its body has to be read to its end or dropped, or its connection stays occupied. */
export class SignedResponse {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly #body: ArrivingBody;

  constructor(statusCode: number, headers: Headers, body: ArrivingBody) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.#body = body;
  }

  /** The next bytes; undefined at the end. What is not asked for waits at the other side. */
  async next(): Promise<Buffer | undefined> {
    return await this.#body.next();
  }

  /** Ends the answer: its body is not wanted. */
  drop(): void {
    this.#body.drop();
  }

  /** Reads the body, which says nothing, so that its connection can be used again. One that is large is dropped. */
  async finish(): Promise<void> {
    await this.beginning(mostToFinish);
  }

  /** The body's beginning; what comes after `most` bytes is dropped. */
  async beginning(most: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let size = 0; size < most; ) {
      const chunk = await this.next();
      if (chunk === undefined) return Buffer.concat(chunks);
      chunks.push(chunk);
      size += chunk.length;
    }
    this.drop();
    return Buffer.concat(chunks).subarray(0, most);
  }
}

/** A body on its way: bytes come in from the connection and go out to whoever asks for them. */
class ArrivingBody {
  readonly #idleMs: number;
  readonly #forgetSignal: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #onFailure: ((error: unknown) => void) | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #state: 'arriving' | 'complete' | 'failed' = 'arriving';
  #failure: unknown;
  #wake: (() => void) | undefined;
  /** Time that the reader has waited for the network, and what has come meanwhile. What is held back on purpose is not waited for. */
  #waitedMs = 0;
  #cameBytes = 0;

  /** @param onFailure told when it fails before its head has come; nobody minds being told later */
  constructor(idleMs: number, signal: AbortSignal | undefined, onFailure: (error: unknown) => void) {
    this.#idleMs = idleMs;
    this.#onFailure = onFailure;
    if (signal !== undefined) this.#forgetSignal = whenAborted(signal, () => this.#stop(signal.reason));
  }

  start(controller: Dispatcher.DispatchController): void {
    // It was aborted while it waited for a connection.
    if (this.#state === 'failed') controller.abort(asError(this.#failure));
    else this.#controller = controller;
  }

  add(chunk: Buffer): void {
    if (this.#state !== 'arriving') return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > mostWaiting) this.#controller?.pause();
    this.#wake?.();
  }

  end(): void {
    this.#settle('complete');
  }

  fail(error: unknown): void {
    if (this.#state !== 'arriving') return;
    this.#failure = error;
    this.#waiting = [];
    this.#onFailure?.(error);
    this.#settle('failed');
  }

  drop(): void {
    if (this.#state === 'arriving') this.#stop(new Error('The rest of the answer is not wanted.'));
  }

  async next(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#state === 'failed') throw this.#failure;
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes <= mostWaiting && this.#controller?.paused === true) this.#controller.resume();
        return chunk;
      }
      if (this.#state === 'complete') return undefined;
      const since = performance.now();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
      this.#judge(performance.now() - since);
    }
  }

  #judge(waitedMs: number): void {
    this.#waitedMs += waitedMs;
    this.#cameBytes += this.#waitingBytes;
    if (this.#state !== 'arriving' || this.#waitedMs < this.#idleMs) return;
    if (this.#cameBytes < (this.#waitedMs / 1000) * slowestRate) this.#stop(new TooSlowError());
    this.#waitedMs = 0;
    this.#cameBytes = 0;
  }

  #stop(reason: unknown): void {
    const controller = this.#controller;
    this.fail(reason);
    controller?.abort(asError(reason));
  }

  #settle(state: 'complete' | 'failed'): void {
    if (this.#state === 'arriving') this.#state = state;
    this.#forgetSignal?.();
    this.#controller = undefined;
    this.#onFailure = undefined;
    this.#wake?.();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
