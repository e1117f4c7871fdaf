import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { NoPreview, type Preview, type Previews } from '../workspace/previews.ts';
import { toCallError } from './call-error.ts';

const size = z.coerce.number().int().min(16).max(4096);
const text = z.string().min(1).max(4000);

const localSchema = z
  .object({ mirror: text, path: text, size })
  .transform(({ mirror, ...rest }) => ({ ...rest, mirrorId: mirror }));

const assetSchema = z
  .object({ endpoint: text, organization: text, dataset: text, asset: text, size, v: text.optional() })
  .transform(({ organization, dataset, asset, v, ...rest }) => ({
    ...rest,
    organizationId: organization,
    datasetId: dataset,
    assetId: asset,
    version: v ?? null,
  }));

/** A picture and nothing else: whatever it may contain is not run, and nothing is loaded for it. */
const pictureHeaders = {
  'content-security-policy': "default-src 'none'; sandbox",
  'content-disposition': 'inline',
} as const;

/** Nothing about the content of an address that names its version ever changes. Seconds. */
const lasting = 'private, max-age=86400, immutable';
const askedAgain = 'private, no-cache';

/**
 * Pictures of files and assets, for whoever may have the page:
 * - `/preview/local?mirror=…&path=…&size=…`, of a file that a mirror knows;
 * - `/preview/asset?endpoint=…&organization=…&dataset=…&asset=…&size=…[&v=…]`, of an asset; `v` is anything that changes with its content.
 */
export function servePreviews(server: FastifyInstance, previews: Previews, log: Log): void {
  const send = async (
    reply: FastifyReply,
    ifNoneMatch: string | undefined,
    cacheControl: string,
    find: () => Promise<Preview>,
  ): Promise<FastifyReply> => {
    try {
      const { bytes, etag } = await find();
      reply.headers(pictureHeaders).header('cache-control', cacheControl).header('etag', etag);
      if (ifNoneMatch === etag) return reply.code(304).send();
      return reply.type('image/webp').send(Buffer.from(bytes));
    } catch (error) {
      return refuse(reply, error, log);
    }
  };
  server.get('/preview/local', async (request, reply) => {
    const parsed = localSchema.safeParse(request.query);
    if (!parsed.success) return told(reply, 400, 'The address of the picture is not complete.');
    return send(reply, request.headers['if-none-match'], askedAgain, () => previews.local(parsed.data));
  });
  server.get('/preview/asset', async (request, reply) => {
    const parsed = assetSchema.safeParse(request.query);
    if (!parsed.success) return told(reply, 400, 'The address of the picture is not complete.');
    const cacheControl = parsed.data.version === null ? askedAgain : lasting;
    return send(reply, request.headers['if-none-match'], cacheControl, () => previews.asset(parsed.data));
  });
}

const statusOf: Readonly<Record<NoPreview['kind'], number>> = {
  missing: 404,
  'no-picture': 422,
  unavailable: 502,
};

function refuse(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const { code, title, detail } = toCallError(error);
  if (error instanceof NoPreview) return told(reply, statusOf[error.kind], `${title}: ${detail}`);
  log.error(`A preview could not be made (${code}): ${detail}`);
  return told(reply, 500, 'The picture could not be made.');
}

function told(reply: FastifyReply, status: number, words: string): FastifyReply {
  return reply
    .code(status)
    .headers(pictureHeaders)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send(`${words}\n`);
}
