import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { type ActiveFault, isApiRoute } from './faults.ts';
import type { SandboxParts } from './parts.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What goes wrong with this request. */
    faults: readonly ActiveFault[];
  }
}

const WEB_PAGE =
  '<!doctype html><html><head><title>Sign in</title></head><body><h1>Welcome to the network</h1></body></html>';

/**
 * Counts requests, and has faults happen to them.
 * @param filenameOf The file that a request is about, for faults that are aimed at one
 */
export function installFaultHooks(
  app: FastifyInstance,
  parts: SandboxParts,
  filenameOf: (request: FastifyRequest) => string | undefined,
): void {
  app.addHook('preHandler', async (request, reply) => {
    const { route } = request.routeOptions.config;
    if (route === undefined) return;
    parts.requests[route]++;
    if (parts.faults.list.length === 0) return;
    request.faults = parts.faults.forRequest(route, filenameOf(request));
    for (const fault of request.faults) {
      const answered = await happenBefore(fault, request, reply);
      if (answered) return reply;
    }
  });

  app.addHook('onSend', async (request, reply, payload) => {
    let changed = payload;
    for (const fault of request.faults) changed = happenAfter(fault, request, reply, changed);
    return changed;
  });
}

/** Whether the request got its answer, or never will. */
async function happenBefore(
  fault: ActiveFault,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.ms);
      return false;
    case 'status':
      if (fault.when !== 'before') return false;
      throw new ApiError(fault.status, `A fault says ${fault.status}.`, {
        headers: retryAfter(fault.retryAfter),
      });
    case 'reset':
      if (fault.when !== 'before' || fault.afterBytes !== undefined) return false;
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return true;
    case 'redirect':
      reply.redirect(fault.location, fault.status);
      return true;
    case 'truncate':
    case 'corrupt':
    case 'slow':
    case 'expired-url':
    case 'malformed-json':
    case 'html':
    case 'wrong-size':
    case 'wrong-hash':
    case 'ingestion-error':
      return false;
  }
}

function happenAfter(
  fault: ActiveFault,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const { route } = request.routeOptions.config;
  switch (fault.kind) {
    case 'status':
      if (fault.when !== 'after') return payload;
      reply.code(fault.status).headers(retryAfter(fault.retryAfter)).type('application/json');
      reply.removeHeader('content-length');
      return JSON.stringify({ message: `A fault says ${fault.status}.`, error: 'ServerError' });
    case 'reset':
      // The body of a download is reset by whoever sends it, at its end.
      if (fault.when === 'after' && (route === 'upload' || (route !== undefined && isApiRoute(route)))) {
        request.raw.socket.resetAndDestroy();
      }
      return payload;
    case 'malformed-json':
      return typeof payload === 'string' ? payload.slice(0, Math.ceil(payload.length / 2)) : payload;
    case 'html':
      reply.code(fault.status).type('text/html; charset=utf-8');
      return WEB_PAGE;
    case 'delay':
    case 'redirect':
    case 'truncate':
    case 'corrupt':
    case 'slow':
    case 'expired-url':
    case 'wrong-size':
    case 'wrong-hash':
    case 'ingestion-error':
      return payload;
  }
}

function retryAfter(value: number | string | undefined): Record<string, string> {
  return value === undefined ? {} : { 'retry-after': String(value) };
}
