import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { checkOrganization, DATASET_PATH, datasetOf, pageQuery } from './api-request.ts';
import { bulkDeleteJson, bulkDeleteSpecSchema } from './bulk-delete.ts';
import type { DatasetRow } from './dataset-store.ts';
import { readPageToken, writePageToken } from './page-token.ts';
import type { SandboxParts } from './parts.ts';
import { datasetJson } from './wire.ts';

const listParams = z.object({ org: z.string() });
const listQuery = z.object(pageQuery);
const bulkDeleteBody = z.object({ spec: bulkDeleteSpecSchema });
const bulkDeleteParams = z.object({ session: z.string() });
const ORDER = 'datasets';

export function registerDatasetRoutes(app: FastifyInstance, parts: SandboxParts): void {
  const { organizationId } = parts.organization;
  const json = (row: DatasetRow) =>
    datasetJson(organizationId, row, parts.datasets.tags(row.id), parts.datasets.hidden(row.id), parts.now());

  app.get('/workspaces/:org/datasets', { config: { route: 'datasets.list' } }, async (request) => {
    checkOrganization(listParams.parse(request.params).org, parts);
    const { p, s } = listQuery.parse(request.query);
    return listDatasets(parts, p, s, json);
  });

  app.get(DATASET_PATH, { config: { route: 'datasets.get' } }, async (request) =>
    json(datasetOf(request, parts)),
  );

  app.post(
    `${DATASET_PATH}/deleteManyAssetsSessions`,
    { config: { route: 'bulkDelete.create' } },
    async (request) => {
      const dataset = datasetOf(request, parts);
      const { spec } = bulkDeleteBody.parse(request.body);
      return bulkDeleteJson(organizationId, dataset.datasetId, parts.bulkDeletes.begin(dataset.id, spec));
    },
  );

  app.get(
    `${DATASET_PATH}/deleteManyAssetsSessions/:session`,
    { config: { route: 'bulkDelete.get' } },
    async (request) => {
      const dataset = datasetOf(request, parts);
      const { session } = bulkDeleteParams.parse(request.params);
      const row = parts.bulkDeletes.find(session);
      if (row?.dataset !== dataset.id) throw new ApiError(404, `There is no bulk deletion ${session}.`);
      return bulkDeleteJson(organizationId, dataset.datasetId, row);
    },
  );
}

function listDatasets<Json>(
  { datasets }: SandboxParts,
  token: string | undefined,
  pageSize: number,
  json: (row: DatasetRow) => Json,
) {
  const cursor = token === undefined || token === '' ? undefined : readPageToken(token);
  if (token !== undefined && token !== '' && cursor?.order !== ORDER) {
    throw new ApiError(400, `“${token}” is no page token of a list of datasets.`);
  }
  const back = cursor?.direction === 'before';
  const found = back
    ? datasets.before(cursor.id, pageSize + 1)
    : datasets.after(cursor?.id ?? 0, pageSize + 1);
  const rows = found.slice(0, pageSize);
  if (back) rows.reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  const more = found.length > pageSize;
  const beside = (direction: 'after' | 'before', id: number) =>
    writePageToken({ direction, value: id, id, order: ORDER });
  const hasNext = last !== undefined && (back ? datasets.after(last.id, 1).length > 0 : more);
  const hasPrev = first !== undefined && (back ? more : datasets.before(first.id, 1).length > 0);
  return {
    items: rows.map(json),
    ...(hasNext ? { nextPage: beside('after', last.id) } : {}),
    ...(hasPrev ? { prevPage: beside('before', first.id) } : {}),
  };
}
