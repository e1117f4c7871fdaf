import { checkPagination, pageQuery } from '../page-query.ts';
import { PaginatedList } from '../pagination.ts';
import { datasetPath, type Service } from '../service.ts';
import { assetSchema } from '../wire/asset.ts';
import { pageSchema } from '../wire/page.ts';
import type { Asset } from './asset.ts';
import type { AssetQuery, ListAssetsOptions } from './assets-options.ts';
import { SortOrder } from './enums.ts';

const schema = pageSchema(assetSchema);

/** `client.assets.list`. */
export function listAssets(service: Service, options: ListAssetsOptions): PaginatedList<Asset> {
  checkPagination(options.pagination);
  const path = [...datasetPath(service, options.datasetId), 'assets'];
  const query = listQuery(options);
  return new PaginatedList(
    (pageToken) =>
      service.api.request({
        method: 'GET',
        path,
        query: { ...pageQuery(options.pagination, pageToken), ...query },
        schema,
        what: `list the assets of dataset ${options.datasetId}`,
        signal: options.signal,
      }),
    options.pagination?.pageToken ?? null,
  );
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
