import { assetFrom, wholeNumber } from '../engine/plausible-asset.ts';
import type { ContentHash } from '../manifest/observations.ts';
import { pathMetadataKey } from '../plan/names.ts';
import { type Asset, type AssetQuery, SortCriterion, type ViClient } from '../vi/index.ts';
import { ListingEnd } from '../vi/listing-end.ts';

const pageSize = 1000;

/** Longer texts than this are no path that any disk opens, and a million of them would fill the memory. Characters. */
const longestClaim = 1000;

/** What a pull needs to know of an asset, and no more: there may be a great many. */
export interface ListedAsset {
  readonly assetId: string;
  readonly filename: string;
  /** Bytes; null when the service does not say. */
  readonly size: number | null;
  readonly hash: ContentHash | null;
  readonly contentsLastUpdated: number | null;
  readonly etag: string;
  /** Milliseconds since the epoch by the service's clock; null when it does not say. */
  readonly timeCreated: number | null;
  /** The path that somebody has left with the asset, believable or not; null when nobody has. */
  readonly claimedPath: string | null;
}

export interface ListDatasetOptions {
  readonly client: ViClient;
  readonly datasetId: string;
  readonly query: AssetQuery;
  readonly signal?: AbortSignal | undefined;
  /** Assets listed so far. */
  readonly onListed?: ((count: number) => void) | undefined;
}

/**
 * The assets of a dataset that a query matches, each once, in no order.
 *
 * @throws ViResponseError `EndlessListing`; the client's errors, which name the page; the signal's reason
 */
export async function listDataset(options: ListDatasetOptions): Promise<ListedAsset[]> {
  const { client, datasetId, query, signal, onListed } = options;
  const assets = new Map<string, ListedAsset>();
  const { statistic } = await client.datasets.get({ datasetId, signal });
  const end = new ListingEnd(wholeNumber(statistic.assetTotal));
  const list = client.assets.list({
    datasetId,
    ...query,
    // An order that does not change while the listing goes on.
    sortBy: { criterion: SortCriterion.ASSET_ID },
    pagination: { pageSize },
    signal,
  });
  for await (const page of list) {
    signal?.throwIfAborted();
    const before = assets.size;
    for (const asset of page.items) assets.set(asset.assetId, listedAsset(asset));
    onListed?.(assets.size);
    if (page.nextPage !== null) end.next(assets.size - before, page.nextPage);
  }
  return [...assets.values()];
}

export function listedAsset(asset: Asset): ListedAsset {
  const { assetId, filename, size, hash, contentsLastUpdated, etag, customMetadata } = assetFrom(asset);
  const claimed = customMetadata[pathMetadataKey];
  return {
    assetId,
    filename,
    size,
    hash,
    contentsLastUpdated,
    etag,
    timeCreated: asset.metadata.timeCreated ?? null,
    claimedPath: claimed === undefined ? null : shortText(claimed),
  };
}

/** What can't be a path becomes a text that is none. */
function shortText(value: unknown): string {
  return typeof value === 'string' && value.length <= longestClaim ? value : '';
}
