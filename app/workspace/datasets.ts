import type { AssetRow, AssetSort, CallResult, DatasetRow, Place } from '../contract.ts';
import { assetFrom } from '../engine/plausible-asset.ts';
import { type Asset, type Dataset, SortCriterion, SortOrder, type ViClient } from '../vi/index.ts';
import { searchAssets } from './asset-search.ts';
import { assetsNow, orNull } from './assets-now.ts';
import { deleteAssets } from './delete-assets.ts';
import { askService } from './service-problem.ts';
import type { WorkspaceHandlers, WorkspaceParts } from './workspace-parts.ts';

type DatasetCalls = WorkspaceHandlers<
  'datasets' | 'dataset' | 'datasetAssets' | 'assetsNow' | 'deleteAssets'
>;

const criteria: Readonly<Record<AssetSort, SortCriterion>> = {
  assetId: SortCriterion.ASSET_ID,
  filename: SortCriterion.FILENAME,
  contentsChanged: SortCriterion.LAST_MODIFIED_CONTENTS,
  size: SortCriterion.METADATA_FILE_SIZE,
};

/** Calls about the datasets of accounts and their assets. */
export function datasetCalls(parts: WorkspaceParts): DatasetCalls {
  const { connections, signal } = parts;
  const ask = <T>(place: Place, call: (client: ViClient) => Promise<T>): Promise<T> =>
    askService(connections.use(place, signal, call));
  return {
    datasets: ({ token, limit, ...place }) =>
      ask(place, async (client) => {
        const page = await client.datasets.list({ pagination: pageOf(limit, token), signal });
        return { items: page.items.map(datasetRow), nextToken: page.nextPage };
      }),
    dataset: ({ datasetId, ...place }) =>
      ask(place, async (client) => {
        const dataset = await orNull(client.datasets.get({ datasetId, signal }));
        return { dataset: dataset === null ? null : datasetRow(dataset) };
      }),
    datasetAssets: ({ token, limit, sort, descending, metadataQuery, search = '', datasetId, ...place }) =>
      ask(place, async (client): Promise<CallResult<'datasetAssets'>> => {
        const query = {
          datasetId,
          metadataQuery: metadataQuery === '' ? undefined : metadataQuery,
          sortBy: { criterion: criteria[sort], order: descending ? SortOrder.DESC : SortOrder.ASC },
          signal,
        };
        const found =
          search === ''
            ? await client.assets.list({ ...query, pagination: pageOf(limit, token) })
            : await searchAssets(client, query, { search, limit, token });
        return { items: found.items.map(assetRow), nextToken: found.nextPage };
      }),
    assetsNow: ({ assetIds, datasetId, ...place }) =>
      ask(place, async (client) => {
        const found = await assetsNow(client, datasetId, assetIds, signal);
        return { items: assetIds.flatMap((assetId) => found.get(assetId) ?? []).map(assetRow) };
      }),
    deleteAssets: (args) => deleteAssets(parts, args),
  };
}

function pageOf(limit: number, token: string | null) {
  return { pageSize: limit, ...(token === null ? {} : { pageToken: token }) };
}

function datasetRow({ datasetId, name, type, statistic, createDate, isLocked }: Dataset): DatasetRow {
  return {
    datasetId,
    name,
    type: type ?? null,
    assetTotal: statistic.assetTotal ?? null,
    annotationTotal: statistic.annotationTotal ?? null,
    createdAt: createDate ?? null,
    isLocked: isLocked ?? false,
  };
}

function assetRow(asset: Asset): AssetRow {
  const {
    assetId,
    filename,
    size,
    mime,
    width,
    height,
    annotations,
    hash,
    contentsLastUpdated,
    customMetadata,
  } = assetFrom(asset);
  return {
    assetId,
    filename,
    size,
    mime,
    width,
    height,
    annotations,
    annotationsByTag: { ...asset.metadata.annotations?.withTag },
    customMetadata: { ...customMetadata },
    hash: hash === null ? null : { ...hash },
    contentsChangedAt: contentsLastUpdated,
    status: asset.metadata.status ?? null,
  };
}
