import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ViClient, type ViClientOptions } from '../../app/vi/index.ts';

/** A key of the right form, and of no service. */
export const secretKey = `dtvi_${'Kq7-'.repeat(24)}Zz`;
export const organizationId = 'org_1';

export interface SeenRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Query as it came, without the question mark. */
  readonly search: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Gives the answer to a request: JSON (status 200) or whatever it writes itself. */
export type Answer = (request: SeenRequest, response: ServerResponse, raw: IncomingMessage) => unknown;

export interface WireServer {
  readonly origin: string;
  readonly requests: SeenRequest[];
  /** May be replaced in the middle of a test. */
  answer: Answer;
  close(): Promise<void>;
}

/** Stands for an answer that the handler has written, or will write, itself. */
export const handled = Symbol('handled');

/** A real HTTP server whose every answer is written by the test. */
export async function startWireServer(answer: Answer): Promise<WireServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((raw, response) => {
    const chunks: Buffer[] = [];
    raw.on('data', (chunk: Buffer) => chunks.push(chunk));
    raw.on('error', () => response.destroy());
    raw.on('end', async () => {
      const url = new URL(raw.url ?? '/', 'http://server');
      const request: SeenRequest = {
        method: raw.method ?? '',
        path: url.pathname,
        search: url.search.slice(1),
        query: url.searchParams,
        headers: raw.headers,
        body: Buffer.concat(chunks),
      };
      requests.push(request);
      try {
        const result = await wire.answer(request, response, raw);
        if (result === handled) return;
        response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
      } catch (error) {
        response.statusCode = 599;
        response.end(String(error));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const wire: WireServer = {
    origin: `http://127.0.0.1:${port}`,
    requests,
    answer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return wire;
}

/** Answers with a status, JSON and headers. */
export function refuse(
  response: ServerResponse,
  status: number,
  json: unknown = { message: 'no' },
  headers: Record<string, string> = {},
): typeof handled {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(json));
  return handled;
}

/** A client of a test's server, that knows nothing of the environment and does not wait long between tries. */
export function clientOf(server: WireServer, options: ViClientOptions = {}): ViClient {
  return new ViClient({
    secretKey,
    organizationId,
    endpoint: server.origin,
    env: {},
    retry: { baseMs: 1, capMs: 5 },
    ...options,
  });
}

/** What a promise was rejected with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The promise was fulfilled.');
}

/** The same, of a class. */
export async function rejectionOf<E extends Error>(
  kind: abstract new (...args: never[]) => E,
  promise: PromiseLike<unknown>,
): Promise<E> {
  const error = await rejection(promise);
  if (error instanceof kind) return error;
  throw new Error(`Rejected with another kind of error: ${String(error)}`, { cause: error });
}

/** Everything that an iteration gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
