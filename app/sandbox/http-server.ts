import { randomBytes } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { authenticate } from './api-request.ts';
import { registerAssetRoutes } from './asset-routes.ts';
import { registerBlobRoutes } from './blob-routes.ts';
import { type SandboxControl, SandboxControlError } from './control.ts';
import { registerControlRoutes } from './control-routes.ts';
import { registerDatasetRoutes } from './dataset-routes.ts';
import { DatasetError } from './dataset-store.ts';
import { isDiskFull } from './disk-full.ts';
import { installFaultHooks } from './fault-hooks.ts';
import { registerOrganizationRoutes } from './organization-routes.ts';
import type { SandboxParts } from './parts.ts';
import { QuerySyntaxError } from './query-syntax.ts';
import { registerSessionRoutes } from './session-routes.ts';
import { StorageError } from './storage-error.ts';
import { wireDatasetId } from './wire.ts';

/** The HTTP side of a sandbox; not listening yet. */
export function makeServer(parts: SandboxParts, control: SandboxControl): FastifyInstance {
  const app = fastify({
    bodyLimit: parts.limits.requestBytes,
    // A filename of 1,024 characters is up to three times as long when it is encoded.
    routerOptions: { maxParamLength: 12_000 },
    // Closing the sandbox ends idle connections at once.
    forceCloseConnections: true,
    requestTimeout: 0,
  });
  app.decorateRequest('faults');
  app.addHook('onRequest', async (request, reply) => {
    request.faults = [];
    reply.header('date', new Date(parts.now()).toUTCString());
    if (!isSigned(request)) reply.header('x-cloud-trace-context', `${randomBytes(16).toString('hex')}/1`);
  });
  // DELETE and GET may come with a JSON content type and no body, as the official client sends them.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);

  app.setErrorHandler((error, request, reply) => {
    const answer = toApiError(error);
    // Errors of ours are answers on purpose: a fault may well be a 500.
    if (answer.status >= 500 && answer !== error && !isConnectionLoss(error)) parts.onFailure(error);
    if (isSigned(request)) {
      const code = error instanceof StorageError ? error.code : answer.code;
      return reply
        .code(answer.status)
        .headers(answer.headers)
        .type('application/xml')
        .send(new StorageError(answer.status, code, answer.message).toXml());
    }
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send({ message: answer.message, error: answer.code });
  });
  app.setNotFoundHandler((request) => {
    throw new ApiError(404, `There is nothing at ${request.method} ${request.url.split('?')[0]}.`);
  });

  app.register(async (api) => {
    api.addHook('onRequest', async (request) => authenticate(request, parts));
    installFaultHooks(api, parts, (request) => assetNameOf(request, parts));
    registerOrganizationRoutes(api, parts);
    registerDatasetRoutes(api, parts);
    registerAssetRoutes(api, parts);
    registerSessionRoutes(api, parts);
  });
  app.register(async (signed) => {
    installFaultHooks(signed, parts, (request) => nameParam.safeParse(request.params).data?.name);
    registerBlobRoutes(signed, parts);
  });
  app.register(async (controlled) => {
    controlled.addHook('onRequest', async (request) => authenticate(request, parts));
    registerControlRoutes(controlled, parts, control);
  });
  return app;
}

/** Whether a request is for the storage behind signed URLs, which answers in other words than the API. */
function isSigned(request: FastifyRequest): boolean {
  return request.url.startsWith('/blobs/');
}

const nameParam = z.object({ name: z.string() });
const assetPath = z.object({ dataset: z.string(), asset: z.string() });

/** The filename of the asset that a path names. */
function assetNameOf(request: FastifyRequest, parts: SandboxParts): string | undefined {
  const path = assetPath.safeParse(request.params);
  if (!path.success) return undefined;
  const prefix = wireDatasetId(parts.organization.organizationId, '');
  const dataset = parts.datasets.find(path.data.dataset.slice(prefix.length));
  return dataset === undefined ? undefined : parts.assets.find(dataset.id, path.data.asset)?.filename;
}

function parseJson(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  const text = body.toString();
  if (text === '') {
    done(null, undefined);
    return;
  }
  try {
    done(null, JSON.parse(text));
  } catch (error) {
    done(new ApiError(400, 'The body of the request is not valid JSON.', { cause: error }));
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StorageError) return new ApiError(error.status, error.message, { cause: error });
  if (error instanceof z.ZodError) return new ApiError(400, z.prettifyError(error), { cause: error });
  if (
    error instanceof QuerySyntaxError ||
    error instanceof SandboxControlError ||
    error instanceof DatasetError
  ) {
    return new ApiError(400, error.message, { cause: error });
  }
  if (isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500) {
    return new ApiError(error.statusCode, error.message, { cause: error });
  }
  if (isDiskFull(error)) {
    return new ApiError(507, "The sandbox's disk is full: it takes nothing new until there is room.", {
      cause: error,
    });
  }
  return new ApiError(500, 'The sandbox has failed.', { cause: error });
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** The client went away: nobody is there for the answer, and nothing is wrong with the sandbox. */
function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
