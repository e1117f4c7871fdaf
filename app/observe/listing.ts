import type { Remote, RemotePage } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { ListingEnd } from '../vi/listing-end.ts';

export interface Listing {
  readonly remote: Remote;
  readonly manifest: Manifest;
  /** Number of the mirror in the manifest. */
  readonly mirror: number;
  readonly order: 'newest-first' | 'stable';
  /** Assets on the first page, and on each of the others. */
  readonly firstSize: number;
  readonly size: number;
  /** How many assets the dataset says that it has; null: it does not say. */
  readonly assetTotal: number | null;
  readonly signal: AbortSignal;
}

/**
 * Goes through a listing page by page, and makes sure that it ends, whatever the service says. Which assets it has shown stays in
 * `manifest.listed` until the caller clears it.
 *
 * @throws ViResponseError `EndlessListing`; the client's errors; the signal's reason
 */
export async function* pagesOf(listing: Listing): AsyncGenerator<RemotePage, void, undefined> {
  const { remote, manifest, mirror, order, assetTotal, signal } = listing;
  const end = new ListingEnd(assetTotal);
  manifest.listed.clear(mirror);
  let token: string | null = null;
  for (;;) {
    const size: number = token === null ? listing.firstSize : listing.size;
    const page: RemotePage = await remote.list(order, { size, token }, signal);
    const fresh = manifest.transaction(
      () => page.assets.filter(({ assetId }) => manifest.listed.add(mirror, assetId)).length,
    );
    yield page;
    token = page.nextPageToken;
    if (token === null) return;
    end.next(fresh, token);
  }
}
