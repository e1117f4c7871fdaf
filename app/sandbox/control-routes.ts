import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { SandboxControl } from './control.ts';
import { DatasetType } from './dataset-store.ts';
import { faultSchema } from './faults.ts';
import type { SandboxParts } from './parts.ts';
import { switchesPatchSchema } from './switches.ts';

const datasetBody = z.object({
  name: z.string().min(1),
  datasetId: z.string().optional(),
  type: z.enum(DatasetType).optional(),
});
const tagsSchema = z.record(z.string(), z.number().int().nonnegative());
const annotationsBody = z.object({ datasetId: z.string(), asset: z.string(), tags: tagsSchema });
const seedBody = z.object({ datasetId: z.string(), folder: z.string() });
const faultsBody = z.array(faultSchema);

/**
 * What tests (and people) do to a sandbox of another process: `/sandbox/…`, with the same key as the API. The service has
 * nothing of it.
 */
export function registerControlRoutes(
  app: FastifyInstance,
  parts: SandboxParts,
  control: SandboxControl,
): void {
  app.post('/sandbox/datasets', async (request) => control.createDataset(datasetBody.parse(request.body)));

  app.post('/sandbox/annotations', async (request) => {
    const { datasetId, asset, tags } = annotationsBody.parse(request.body);
    control.annotate(datasetId, asset, tags);
    return {};
  });

  app.post('/sandbox/seed', async (request) => {
    const { datasetId, folder } = seedBody.parse(request.body);
    return control.seed(datasetId, folder);
  });

  app.get('/sandbox/switches', async () => parts.switches);
  app.patch('/sandbox/switches', async (request) =>
    Object.assign(parts.switches, switchesPatchSchema.parse(request.body)),
  );

  app.get('/sandbox/faults', async () => parts.faults.list);
  // Adds one, or several, to those that are there.
  app.post('/sandbox/faults', async (request) => {
    const given: unknown = request.body;
    parts.faults.list.push(...faultsBody.parse(Array.isArray(given) ? given : [given]));
    return parts.faults.list;
  });
  app.put('/sandbox/faults', async (request) => {
    parts.faults.list = faultsBody.parse(request.body);
    return parts.faults.list;
  });
  app.delete('/sandbox/faults', async () => {
    parts.faults.list = [];
    return [];
  });

  app.get('/sandbox/requests', async () => parts.requests);
  app.get('/sandbox/data-rows', async () => control.dataRows());
  app.all('/sandbox/*', async (request) => {
    throw new ApiError(404, `The sandbox knows no ${request.method} ${request.url}.`);
  });
}
