import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyReply } from 'fastify';
import { WebSocketServer } from 'ws';
import type { AppApi } from '../contract.ts';
import { type Log, silentLog } from '../log.ts';
import type { Previews } from '../workspace/previews.ts';
import { Access, type Refusal } from './access.ts';
import { HostStartError } from './host-error.ts';
import { servePreviews } from './preview-routes.ts';
import { refusedPage, refusedPageStyleSource } from './refused-page.ts';
import { serveApp } from './rpc.ts';
import { securityHeaders } from './security-headers.ts';
import { socketPort } from './socket-port.ts';

export interface HostOptions {
  readonly app: AppApi;
  /** Pictures of files and assets; without, none are served. */
  readonly previews?: Previews;
  /** The built renderer: a folder with an `index.html`. */
  readonly rendererDir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** At least 32 random bytes that sign the cookie. With the same key and port, open pages go on after a restart of the host. */
  readonly sessionKey?: Uint8Array;
  readonly log?: Log;
}

export interface Host {
  /** The page's address with the token. For the person who started the app, and nobody else. */
  readonly url: string;
  readonly port: number;
  /** An address for one use within a minute: for the arguments of a browser's process, which other users can read. */
  launchUrl(): string;
  close(): Promise<void>;
}

/** Front ends at once. A person has a few windows; more is a loop gone wrong. */
const mostConnections = 32;
/** The longest message from a page, in bytes. The longest call has two texts of ignore rules, of 64 KiB each. */
const longestMessage = 1024 * 1024;
const statusOf: Record<Refusal, number> = {
  'no-session': 401,
  'wrong-token': 401,
  'wrong-host': 403,
  'foreign-origin': 403,
};

/**
 * Serves the renderer and, at `/engine`, the contract over a WebSocket, on 127.0.0.1 alone.
 * Throws {@link HostStartError} when the renderer is not built or the port is taken.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const log = options.log ?? silentLog;
  await requireRenderer(options.rendererDir);
  const access = new Access(options.sessionKey ?? randomBytes(32));
  let headers = securityHeaders([]);

  const server = Fastify({
    logger: false,
    forceCloseConnections: true,
    // Malformed URLs do not reach the hooks; they get the same headers.
    frameworkErrors: (_error, _request, reply) => plain(reply.headers(headers), 400, 'Bad request'),
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    const wrongSource = access.checkSource(request.headers, false);
    if (wrongSource !== null) return refuse(reply, wrongSource);
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(reply, 405, 'Method not allowed');
    const token = tokenOf(request.url);
    if (token !== null) {
      const wrongToken = access.checkToken(token);
      if (wrongToken !== null) return refuse(reply, wrongToken);
      return reply
        .header('set-cookie', access.sessionCookie())
        .header('cache-control', 'no-store')
        .redirect('/', 303);
    }
    const noSession = access.checkSession(request.headers);
    if (noSession !== null) return refuse(reply, noSession);
    return undefined;
  });
  // The page asks here whether its session still counts: a refused WebSocket does not tell it why.
  server.get('/session', async (_request, reply) =>
    reply.code(204).header('cache-control', 'no-store').send(),
  );
  if (options.previews !== undefined) servePreviews(server, options.previews, log);
  server.setNotFoundHandler(async (_request, reply) => plain(reply, 404, 'Not found'));
  server.setErrorHandler(async (error, _request, reply) => {
    log.error(
      `The host could not answer a request: ${error instanceof Error ? error.message : String(error)}`,
    );
    return plain(reply, 500, 'Internal error');
  });
  await server.register(fastifyStatic, {
    root: path.resolve(options.rendererDir),
    // Only the files that are there now get a route: no path that a client writes ever reaches the disk.
    wildcard: false,
    list: false,
    dotfiles: 'ignore',
    index: 'index.html',
    cacheControl: false,
    setHeaders: (response, file) => {
      const named = path.relative(options.rendererDir, file).startsWith(`assets${path.sep}`);
      response.header('cache-control', named ? 'private, max-age=31536000, immutable' : 'no-store');
    },
  });

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    perMessageDeflate: false,
  });
  const stops = new Set<() => void>();
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.warn(`A connection failed while it was opened: ${error.message}`));
    const refused = upgradeRefusal(request);
    if (refused !== null) {
      log.warn(`A WebSocket was refused: ${refused.reason}.`);
      socket.end(`HTTP/1.1 ${refused.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const stop = serveApp(options.app, socketPort(client, log), log);
      stops.add(stop);
      client.once('close', () => stops.delete(stop));
    });
  });

  const port = await listen(
    () => server.listen({ host: '127.0.0.1', port: options.port ?? 0 }),
    options.port ?? 0,
  );
  access.port = port;
  // `'self'` covers the WebSocket in current browsers; older ones want its scheme spelt out.
  headers = securityHeaders([`ws://127.0.0.1:${port}`, `ws://localhost:${port}`], [refusedPageStyleSource]);
  const address = (token: string): string => `http://127.0.0.1:${port}/?token=${token}`;
  return {
    url: address(access.token),
    port,
    launchUrl: () => address(access.launchToken()),
    async close() {
      for (const client of sockets.clients) client.close(1001, 'Vi Sync is closing');
      for (const stop of stops) stop();
      sockets.close();
      await server.close();
      for (const client of sockets.clients) client.terminate();
    },
  };

  function upgradeRefusal(request: IncomingMessage): { status: number; reason: string } | null {
    const refusal = access.checkSource(request.headers, true) ?? access.checkSession(request.headers);
    if (refusal !== null) return { status: statusOf[refusal], reason: refusal };
    if (request.url !== '/engine') return { status: 404, reason: 'unknown path' };
    if (sockets.clients.size >= mostConnections) return { status: 503, reason: 'too many connections' };
    return null;
  }

  function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
    log.warn(`A request was refused: ${refusal}.`);
    return reply
      .code(statusOf[refusal])
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(refusedPage(refusal));
  }
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send(`${text}\n`);
}

/** The token of a request for the page itself, or null. */
function tokenOf(url: string): string | null {
  const mark = url.indexOf('?');
  if (mark === -1 || url.slice(0, mark) !== '/') return null;
  return new URLSearchParams(url.slice(mark + 1)).get('token');
}

async function requireRenderer(rendererDir: string): Promise<void> {
  const page = path.join(rendererDir, 'index.html');
  try {
    await fs.access(page);
  } catch (cause) {
    throw new HostStartError('renderer-missing', `The page is not built: ${page} is not there.`, {
      suggestion: 'Run `npm run build` and start again.',
      cause,
    });
  }
}

async function listen(start: () => Promise<string>, port: number): Promise<number> {
  try {
    return Number(new URL(await start()).port);
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    if (taken) {
      throw new HostStartError('port-taken', `Port ${port} of 127.0.0.1 is used by another program.`, {
        suggestion: 'Choose another port, or end the other program.',
        cause,
      });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostStartError('cannot-listen', `The page can't be served on 127.0.0.1: ${reason}`, {
      suggestion: 'Choose another port.',
      cause,
    });
  }
}
