import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Sandbox } from '../../app/sandbox/sandbox.ts';

const channel = 'http.server.request.start';
const started = z.object({ request: z.custom<IncomingMessage>((value) => value instanceof Object) });

/** What goes to and from the signed URLs of a sandbox in this process, counted at the sockets of its server. */
export class StorageTraffic {
  readonly #sockets = new Set<Socket>();
  /** When requests for content came, by `performance.now()`. */
  readonly requests: { readonly method: string; readonly at: number; readonly range: string | undefined }[] =
    [];

  /** @param onFinished of the test's own context, for tests that run beside others */
  constructor(sandbox: Sandbox, onFinished = onTestFinished) {
    const { host } = new URL(sandbox.endpoint);
    const onRequest = (message: unknown) => {
      const { request } = started.parse(message);
      if (request.headers.host !== host || request.url?.startsWith('/blobs/') !== true) return;
      this.#sockets.add(request.socket);
      const { method = '', headers } = request;
      this.requests.push({ method, at: performance.now(), range: headers.range });
    };
    subscribe(channel, onRequest);
    onFinished(() => {
      unsubscribe(channel, onRequest);
    });
  }

  /** Bytes that the storage has received so far. */
  get received(): number {
    return [...this.#sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  /** Bytes that it has sent. */
  get sent(): number {
    return [...this.#sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  }
}
