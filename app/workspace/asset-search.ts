import { z } from 'zod';
import { foldForSearch } from '../manifest/path-key.ts';
import type { Asset, ListAssetsOptions, ViClient } from '../vi/index.ts';
import { WorkspaceError } from './workspace-error.ts';

/** The service's language for filters is not published: names are looked for here, page after page of this size. */
const pageSize = 500;
/** Pages that one call looks through; the next one goes on. */
const mostPages = 10;

/** Where a search goes on: the service's page, and how many of its assets are behind us. */
const placeSchema = z.tuple([z.string().nullable(), z.int().nonnegative()]);

export interface AssetSearch {
  /** Part of the filename, whatever its case. */
  readonly search: string;
  readonly limit: number;
  readonly token: string | null;
}

/**
 * Assets whose filename has a text in it, in the order of the listing. It may find none, and yet have more to look through: then there is
 * a token to go on with.
 *
 * @throws WorkspaceError for a token that is none of ours; the client's errors; the signal's reason
 */
export async function searchAssets(
  client: ViClient,
  query: Omit<ListAssetsOptions, 'pagination'>,
  { search, limit, token }: AssetSearch,
): Promise<{ items: Asset[]; nextPage: string | null }> {
  const wanted = foldForSearch(search);
  const found: Asset[] = [];
  let [page, start] = token === null ? [null, 0] : placeFrom(token);
  for (let pages = 0; pages < mostPages; pages++) {
    const pagination = { pageSize, ...(page === null ? {} : { pageToken: page }) };
    const { items, nextPage } = await client.assets.list({ ...query, pagination });
    for (const [index, asset] of items.entries()) {
      if (index < start || !foldForSearch(asset.filename).includes(wanted)) continue;
      found.push(asset);
      if (found.length === limit) return { items: found, nextPage: tokenOf(page, index + 1) };
    }
    if (nextPage === null) return { items: found, nextPage: null };
    page = nextPage;
    start = 0;
  }
  return { items: found, nextPage: tokenOf(page, 0) };
}

function tokenOf(page: string | null, start: number): string {
  return JSON.stringify([page, start]);
}

function placeFrom(token: string): [string | null, number] {
  try {
    return placeSchema.parse(JSON.parse(token));
  } catch (cause) {
    throw new WorkspaceError(
      {
        code: 'wrong-token',
        title: 'The list can’t go on',
        detail: 'It does not continue the search that it was made for.',
        suggestion: 'Begin the search anew.',
      },
      { cause },
    );
  }
}
