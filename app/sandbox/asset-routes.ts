import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { DATASET_PATH, datasetOf, flag, pageQuery } from './api-request.ts';
import { makeAssetFilter } from './asset-filter.ts';
import { listAssets, type sortCriteria } from './asset-listing.ts';
import type { AssetRow } from './asset-store.ts';
import type { DatasetRow } from './dataset-store.ts';
import type { RouteName } from './faults.ts';
import { ensureDigests } from './lazy-hash.ts';
import type { SandboxParts } from './parts.ts';
import { type AssetDigests, assetJson } from './wire.ts';

const criteria = z.enum(['default', 'assetId', 'filename', 'lastModified.contents', 'metadata.fileSize']);

const listQuery = z.object({
  ...pageQuery,
  sortBy: criteria.default('default') satisfies z.ZodType<keyof typeof sortCriteria>,
  /** `d` is what the service's own client means to send for descending. */
  o: z.enum(['asc', 'desc', 'd']).default('asc'),
  filter: z.string().optional(),
  metadataQuery: z.string().optional(),
  ruleQuery: z.string().optional(),
  strictQuery: flag,
  contents: flag,
  pageAfter: flag,
});
const getQuery = z.object({ contents: flag });
const assetParams = z.object({ asset: z.string() });

export function registerAssetRoutes(app: FastifyInstance, parts: SandboxParts): void {
  const { assets, blobs, switches } = parts;

  app.get(`${DATASET_PATH}/assets`, { config: { route: 'assets.list' } }, async (request) => {
    const dataset = datasetOf(request, parts);
    const query = listQuery.parse(request.query);
    const page = listAssets(assets, {
      dataset: dataset.id,
      sortBy: query.sortBy,
      descending: query.o !== 'asc',
      pageSize: query.s,
      token: query.p,
      pageAfter: query.pageAfter,
      filter: makeAssetFilter(query),
    });
    return { ...page, items: await toJson(parts, dataset, page.items, query.contents, 'assets.list') };
  });

  app.get(`${DATASET_PATH}/assets/:asset`, { config: { route: 'assets.get' } }, async (request) => {
    const dataset = datasetOf(request, parts);
    const { asset: assetId } = assetParams.parse(request.params);
    const { contents } = getQuery.parse(request.query);
    const row = assets.find(dataset.id, assetId);
    if (row === undefined) throw new ApiError(404, `There is no asset ${assetId}.`);
    const [json] = await toJson(parts, dataset, [row], contents, 'assets.get');
    return json;
  });

  app.delete(
    `${DATASET_PATH}/assets/:asset`,
    { config: { route: 'assets.delete' } },
    async (request, reply) => {
      const dataset = datasetOf(request, parts);
      const { asset: assetId } = assetParams.parse(request.params);
      const row = assets.find(dataset.id, assetId);
      if (row !== undefined) {
        assets.remove(dataset.id, row.id);
        await blobs.sweep();
      } else if (switches.deleteMissing === 'not-found') {
        throw new ApiError(404, `There is no asset ${assetId}.`);
      }
      // An empty body, not an empty object: the official client looks for nothing else.
      return reply.code(200).send();
    },
  );
}

async function toJson(
  parts: SandboxParts,
  dataset: DatasetRow,
  rows: readonly AssetRow[],
  withContents: boolean,
  route: RouteName,
) {
  const { switches, urls, blobs, db, faults } = parts;
  const { hashAlgorithm, urlLifetimeMs } = switches;
  if (hashAlgorithm === 'md5' || hashAlgorithm === 'sha1') {
    await ensureDigests(
      db,
      blobs,
      hashAlgorithm,
      rows.map(({ blobId }) => blobId),
    );
  }
  const digests = db.prepare<[string], AssetDigests>(
    'SELECT sha256, crc32c, md5, sha1 FROM blob WHERE blob_id = ?',
  );
  return rows.map((row) =>
    assetJson(row, {
      organizationId: parts.organization.organizationId,
      datasetId: dataset.datasetId,
      digests: digests.get(row.blobId) ?? NO_DIGESTS,
      switches,
      lies: faults.forAsset(route, row.filename),
      contents: withContents
        ? {
            asset: urls.sign({ action: 'download', target: row.blobId }, row.filename, urlLifetimeMs),
            thumbnail: urls.sign({ action: 'thumbnail', target: row.blobId }, row.filename, urlLifetimeMs),
          }
        : undefined,
    }),
  );
}

/** Of content that went away while its old listing was still shown. */
const NO_DIGESTS: AssetDigests = { sha256: '', crc32c: 0, md5: null, sha1: null };
