import type { Clock, LocatedAsset, Remote } from '../engine/environment.ts';
import type { DownloadOperation } from '../plan/operation.ts';

/** Assets on a page: their signed URLs live for a quarter of an hour, and this many are fetched long before. */
const pageSize = 250;
/** Fewer downloads than this ask for each asset by itself. */
const fewest = 50;
/** A page on which fewer than one in so many assets is wanted is one in vain. */
const sparse = 10;
/** So many pages in vain, for each download that is wanted, are worth it; then they are given up for a while. */
const vainShare = 1 / 20;
/** Pages are begun from the start again no sooner than this. Milliseconds. */
const restartMs = 5 * 60_000;
/** An address is used while it is younger than this. Milliseconds. */
const freshMs = 5 * 60_000;
/** No more pages are asked for while so many addresses wait to be used… */
const mostKept = 2000;
/** …and no more than this are waited for on the way to one asset, whatever they show. */
const mostWaited = mostKept / pageSize;

/** `isListed`: it was shown with others some minutes ago, and may be another by now. */
export type FoundLocation = LocatedAsset & { readonly isListed: boolean };

interface Kept {
  readonly located: LocatedAsset;
  readonly at: number;
}

/**
 * Where the contents of assets are: for many downloads by the page, in the order in which a plan has them; else, and whenever that does not
 * lead to an asset soon, one by one.
 */
export class AssetLocations {
  readonly #remote: Pick<Remote, 'locate' | 'locatePage'>;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  #wanted: ReadonlySet<string> = new Set();
  /** Where the next page begins; undefined: no page is asked for. */
  #token: string | null | undefined;
  /** Pages in a row that were in vain. */
  #vain = 0;
  #startedAt = Number.NEGATIVE_INFINITY;
  #paging: Promise<void> | undefined;

  constructor(remote: Pick<Remote, 'locate' | 'locatePage'>, clock: Clock) {
    this.#remote = remote;
    this.#clock = clock;
  }

  /** These are about to be downloaded. What pages have shown before is gone on from. */
  expect(operations: readonly Pick<DownloadOperation, 'remote'>[]): void {
    this.#wanted = new Set(operations.map(({ remote }) => remote.assetId));
    for (const assetId of this.#kept.keys()) if (!this.#wanted.has(assetId)) this.#kept.delete(assetId);
    const now = this.#clock.monotonic();
    if (operations.length < fewest) this.#token = undefined;
    else if (this.#token === undefined && now - this.#startedAt >= restartMs) {
      this.#token = null;
      this.#vain = 0;
      this.#startedAt = now;
    }
  }

  /**
   * An asset with its address, at most some minutes old; null: there is none such.
   *
   * @throws the client's errors, the signal's reason
   */
  async of(assetId: string, signal: AbortSignal): Promise<FoundLocation | null> {
    for (let waited = 0; ; waited++) {
      const kept = this.#take(assetId);
      if (kept !== null) return { ...kept, isListed: true };
      if (this.#token === undefined || this.#kept.size >= mostKept || !this.#wanted.has(assetId)) break;
      this.#paging ??= this.#page(this.#token, signal).finally(() => {
        this.#paging = undefined;
      });
      // While pages lead through what is here already, nobody waits for them.
      if (this.#vain > 0 || waited >= mostWaited) break;
      await this.#paging;
      signal.throwIfAborted();
    }
    return this.askFor(assetId, signal);
  }

  /**
   * The same as it is now.
   *
   * @throws the client's errors, the signal's reason
   */
  async askFor(assetId: string, signal: AbortSignal): Promise<FoundLocation | null> {
    const located = await this.#remote.locate(assetId, signal);
    return located === null ? null : { ...located, isListed: false };
  }

  #take(assetId: string): LocatedAsset | null {
    const kept = this.#kept.get(assetId);
    this.#kept.delete(assetId);
    const isFresh = kept !== undefined && this.#clock.monotonic() - kept.at < freshMs;
    return isFresh ? kept.located : null;
  }

  /** A page that fails is no failure of a file: its assets are asked for one by one, and what is wrong shows there. */
  async #page(token: string | null, signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#remote.locatePage({ size: pageSize, token }, signal);
      const at = this.#clock.monotonic();
      const wanted = page.assets.filter(({ asset }) => this.#wanted.has(asset.assetId));
      for (const located of wanted) this.#kept.set(located.asset.assetId, { located, at });
      this.#vain = wanted.length * sparse >= page.assets.length && wanted.length > 0 ? 0 : this.#vain + 1;
      const isWorthIt = this.#vain <= this.#wanted.size * vainShare;
      this.#token = isWorthIt ? (page.nextPageToken ?? undefined) : undefined;
    } catch (error) {
      // After a pause it is gone on with.
      if (!signal.aborted) this.#token = undefined;
      if (!(error instanceof Error)) throw error;
    }
  }
}
