import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Previews } from '../workspace/previews.ts';
import { answerPreview } from './preview-answer.ts';

const querySchema = z.record(z.string(), z.unknown());

/**
 * Pictures of files and assets, for whoever may have the page:
 * - `/preview/local?mirror=…&path=…&size=…`, of a file that a mirror knows;
 * - `/preview/trash?id=…&size=…`, of a file in the trash of a mirror;
 * - `/preview/asset?endpoint=…&organization=…&dataset=…&asset=…&size=…[&v=…]`, of an asset; `v` is anything that changes with its content.
 */
export function servePreviews(server: FastifyInstance, previews: Previews, log: Log): void {
  for (const kind of ['local', 'trash', 'asset']) {
    server.get(`/preview/${kind}`, async (request, reply) => {
      const query = querySchema.parse(request.query);
      const ifNoneMatch = request.headers['if-none-match'] ?? null;
      const { status, headers, body } = await answerPreview(previews, { kind, query, ifNoneMatch }, log);
      reply.code(status).headers(headers);
      return status === 304 ? reply.send() : reply.send(Buffer.from(body));
    });
  }
}
