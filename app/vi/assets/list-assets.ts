import type { z } from 'zod';
import type { Contents } from '../contents.ts';
import { checkPagination, pageQuery } from '../page-query.ts';
import { PaginatedList } from '../pagination.ts';
import { datasetPath, type Service } from '../service.ts';
import { assetSchema, assetSchemaWithoutId, assetToFetchSchema } from '../wire/asset.ts';
import { toContents } from '../wire/contents.ts';
import { asPage, pageSchema } from '../wire/page.ts';
import type { Asset, AssetHash } from './asset.ts';
import type { AssetQuery, ListAssetsOptions } from './assets-options.ts';
import { SortOrder } from './enums.ts';

const schema = pageSchema(assetSchema);
const lenientSchema = pageSchema(assetSchemaWithoutId);
const toFetchSchema = pageSchema(assetToFetchSchema);

/** An asset as a download lists it. */
export interface AssetToFetch {
  readonly assetId: string;
  readonly filename: string;
  readonly fileSize?: number | undefined;
  readonly hash?: AssetHash | undefined;
  /** The signed URL of its bytes; undefined when the service gave none. */
  readonly contents?: Contents | undefined;
}

/** `client.assets.list`. */
export function listAssets(service: Service, options: ListAssetsOptions): PaginatedList<Asset> {
  checkPagination(options.pagination);
  const ask = pageRequest(service, options, options.withoutId === 'give' ? lenientSchema : schema);
  return new PaginatedList(ask, options.pagination?.pageToken ?? null);
}

/** The same, with signed URLs and of the little that a download needs. */
export function listAssetsToFetch(
  service: Service,
  options: Omit<ListAssetsOptions, 'contents'>,
): PaginatedList<AssetToFetch> {
  const ask = pageRequest(service, { ...options, contents: true }, toFetchSchema);
  return new PaginatedList(async (pageToken) => {
    const page = await ask(pageToken);
    return { ...page, items: page.items.map(toAssetToFetch) };
  }, options.pagination?.pageToken ?? null);
}

function toAssetToFetch({ metadata, contents, ...asset }: z.output<typeof assetToFetchSchema>): AssetToFetch {
  const url = contents?.asset;
  return { ...asset, ...metadata, contents: url === undefined ? undefined : toContents(url) };
}

function pageRequest<T>(
  service: Service,
  options: ListAssetsOptions,
  pageOf: z.ZodType<T>,
): (pageToken: string | null) => Promise<T> {
  const path = [...datasetPath(service, options.datasetId), 'assets'];
  const query = listQuery(options);
  return (pageToken) =>
    service.api.request({
      method: 'GET',
      path,
      query: { ...pageQuery(options.pagination, pageToken), ...query },
      schema: pageOf,
      reshape: asPage,
      what: `list the assets of dataset ${options.datasetId}`,
      signal: options.signal,
    });
}

/** A flag that is off is left out; source: VI-API, "List query". */
function listQuery(options: ListAssetsOptions): Record<string, string | undefined> {
  const { sortBy } = options;
  const query = queryFields(options);
  return {
    sortBy: sortBy?.criterion,
    o: sortBy?.order === SortOrder.DESC ? SortOrder.DESC : undefined,
    filter: query.filter,
    contents: options.contents === true ? 'y' : undefined,
    metadataQuery: query.metadataQuery,
    ruleQuery: query.ruleQuery,
    pageAfter: options.pageAfter === true ? 'y' : undefined,
    strictQuery: query.strictQuery === true ? 'y' : undefined,
  };
}

/** The query as it goes over the wire; empty texts count as absent. */
export function queryFields(query: AssetQuery): {
  filter: string | undefined;
  metadataQuery: string | undefined;
  ruleQuery: string | undefined;
  strictQuery: boolean | undefined;
} {
  const filter = typeof query.filter === 'object' ? JSON.stringify(query.filter) : query.filter;
  return {
    filter: notBlank(filter),
    metadataQuery: notBlank(query.metadataQuery),
    ruleQuery: notBlank(query.ruleQuery),
    strictQuery: query.strictQuery === true ? true : undefined,
  };
}

function notBlank(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
