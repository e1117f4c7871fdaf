import { ApiError } from './api-error.ts';
import type { AssetFilter } from './asset-filter.ts';
import type { AssetOrder, AssetPlace, AssetRow, AssetStore } from './asset-store.ts';
import { type PageCursor, readPageToken, writePageToken } from './page-token.ts';

/** What assets are sorted by, as the wire calls it. */
export const sortCriteria = {
  default: { column: 'id', of: (asset: AssetRow) => asset.id },
  assetId: { column: 'asset_id', of: (asset: AssetRow) => asset.assetId },
  filename: { column: 'filename', of: (asset: AssetRow) => asset.filename },
  'lastModified.contents': {
    column: 'contents_last_updated',
    of: (asset: AssetRow) => asset.contentsLastUpdated,
  },
  'metadata.fileSize': { column: 'size', of: (asset: AssetRow) => asset.size },
} as const satisfies Record<string, { column: AssetOrder; of: (asset: AssetRow) => string | number }>;
export type SortCriterion = keyof typeof sortCriteria;

export interface AssetListing {
  readonly dataset: number;
  readonly sortBy: SortCriterion;
  readonly descending: boolean;
  readonly pageSize: number;
  /** A page token; with `pageAfter` also the ID of the asset after which the page begins. */
  readonly token?: string | undefined;
  readonly pageAfter: boolean;
  readonly filter: AssetFilter | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPage?: string;
  readonly prevPage?: string;
}

/** One page of a dataset's assets, with the tokens of its neighbours where there are any. */
export function listAssets(assets: AssetStore, listing: AssetListing): Page<AssetRow> {
  const { column, of } = sortCriteria[listing.sortBy];
  const order = `${listing.sortBy} ${listing.descending ? 'desc' : 'asc'}`;
  const cursor = readCursor(assets, listing, order);
  const back = cursor?.direction === 'before';

  const take = (from: AssetPlace | undefined, backwards: boolean, count: number): AssetRow[] => {
    const found: AssetRow[] = [];
    if (count === 0) return found;
    for (const asset of assets.walk(listing.dataset, column, listing.descending !== backwards, from)) {
      if (listing.filter !== undefined && !listing.filter(asset)) continue;
      found.push(asset);
      if (found.length === count) break;
    }
    return found;
  };
  const beside = (direction: PageCursor['direction'], { value, id }: AssetPlace) =>
    writePageToken({ direction, value, id, order });
  const placeOf = (asset: AssetRow): AssetPlace => ({ value: of(asset), id: asset.id });

  const found = take(cursor, back, listing.pageSize + 1);
  const more = found.length > listing.pageSize;
  const items = found.slice(0, listing.pageSize);
  if (back) items.reverse();

  const first = items[0];
  const last = items.at(-1);
  const page: { items: AssetRow[]; nextPage?: string; prevPage?: string } = { items };
  if (first === undefined || last === undefined) {
    // All that followed is gone. What came before includes the item that the token names.
    if (cursor !== undefined && !back) {
      const place = { value: cursor.value, id: cursor.id + (listing.descending ? -1 : 1) };
      if (take(place, true, 1).length > 0) page.prevPage = beside('before', place);
    }
    return page;
  }
  const hasNext = back ? take(placeOf(last), false, 1).length > 0 : more;
  const hasPrev = back ? more : cursor !== undefined && take(placeOf(first), true, 1).length > 0;
  if (hasNext) page.nextPage = beside('after', placeOf(last));
  if (hasPrev) page.prevPage = beside('before', placeOf(first));
  return page;
}

function readCursor(assets: AssetStore, listing: AssetListing, order: string): PageCursor | undefined {
  const { token } = listing;
  if (token === undefined || token === '') return undefined;
  const cursor = readPageToken(token);
  if (cursor !== undefined) {
    if (cursor.order !== order) {
      throw new ApiError(400, `The page token is of another listing (${cursor.order}), not of ${order}.`);
    }
    return cursor;
  }
  const asset = listing.pageAfter ? assets.find(listing.dataset, token) : undefined;
  if (asset === undefined) throw new ApiError(400, `“${token}” is no page token.`);
  return {
    direction: 'after',
    value: sortCriteria[listing.sortBy].of(asset),
    id: asset.id,
    order,
  };
}
