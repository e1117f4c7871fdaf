import type { Remote, RemotePage } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { ViResponseError } from '../vi/index.ts';

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

/** After so many pages in a row that show nothing new, a listing is not taken to end by itself. */
const mostIdlePages = 20;
/** The most assets of a listing: twice as many as the dataset counts, or so many whatever it counts, and never more than the last. */
const leastMost = 50_000;
const uncountedMost = 5_000_000;

/**
 * Goes through a listing page by page, and makes sure that it ends, whatever the service says. Which assets it has shown stays in
 * `manifest.listed` until the caller clears it.
 *
 * @throws ViResponseError `EndlessListing`; the client's errors; the signal's reason
 */
export async function* pagesOf(listing: Listing): AsyncGenerator<RemotePage, void, undefined> {
  const { remote, manifest, mirror, order, assetTotal, signal } = listing;
  const most = Math.min(uncountedMost, Math.max(leastMost, 2 * (assetTotal ?? uncountedMost)));
  manifest.listed.clear(mirror);
  let token: string | null = null;
  let listed = 0;
  let idle = 0;
  // A token that comes again leads in a circle. One is remembered, further and further on: it is met again in any circle.
  let remembered: string | null = null;
  let rememberAt = 1;
  for (let number = 1; ; number++) {
    const size: number = token === null ? listing.firstSize : listing.size;
    const page: RemotePage = await remote.list(order, { size, token }, signal);
    const fresh = manifest.transaction(
      () => page.assets.filter(({ assetId }) => manifest.listed.add(mirror, assetId)).length,
    );
    yield page;
    token = page.nextPageToken;
    if (token === null) return;
    listed += fresh;
    idle = fresh === 0 ? idle + 1 : 0;
    if (token === remembered) throw endless('it gives a page again that it has given before');
    if (idle >= mostIdlePages) throw endless(`${idle} pages in a row have shown nothing new`);
    if (listed > most) {
      throw endless(`it has shown ${listed} assets, and the dataset counts ${assetTotal ?? 'none'}`);
    }
    if (number === rememberAt) {
      remembered = token;
      rememberAt *= 2;
    }
  }
}

function endless(reason: string): ViResponseError {
  return new ViResponseError(`The service’s list of the dataset’s assets does not end: ${reason}.`, {
    code: 'EndlessListing',
    suggestion:
      'Nothing was changed because of it. It is tried again by itself; if it stays so, tell the service’s support.',
  });
}
