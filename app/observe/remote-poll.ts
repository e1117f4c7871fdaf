import type { Problem } from '../contract.ts';
import type { Clock, Remote, RemoteDataset } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { RemoteAsset } from '../manifest/observations.ts';
import { placeRemote } from '../plan/names.ts';
import { mayBeOfOneAsset } from '../vi/asset-error.ts';
import { isId } from '../vi/ids.ts';
import { ForcedListings } from './forced-listings.ts';
import { pagesOf } from './listing.ts';

export interface RemotePollOptions {
  readonly remote: Remote;
  readonly clock: Clock;
  readonly manifest: Manifest;
  /** Number of the mirror in the manifest. */
  readonly mirror: number;
}

export interface PollResult {
  readonly isFull: boolean;
  /** False when the dataset counts other assets than we know of: the next poll will tell whether it is only late in listing them. */
  readonly isComplete: boolean;
  /** Assets that were listed. */
  readonly listed: number;
}

const pageSize = 1000;
/** The first page of a listing of changes: mostly nothing has changed, and then it should cost little. */
const firstPageSize = 50;
/** A service may list an upload some seconds after its time of change: changes this much older than the watermark are read again. */
const overlapMs = 30_000;
/** A time of change that is further ahead of all clocks that we know says nothing about when. */
const aheadMs = 10 * 60_000;
const fullListingEveryMs = 24 * 60 * 60 * 1000;
/** How long a count that disagrees may be the service's delay in listing what it has counted. */
const patienceMs = 5000;
/** So many vanished assets are asked for one by one; more are believed if the dataset's own count agrees. */
const mostChecks = 50;
/** So many answers about single assets may be faults of the service before they count as one of it as a whole. */
const mostFaults = 3;
/** So many listings of everything in a row that a count has forced are told to a person: the dataset may just be busy. */
const inVainMost = 4;
/** Rows written in one transaction: nobody waits long for the database. */
const rowsAtOnce = 1000;

/** Milliseconds since the epoch: by the service's clock, if it says, and the latest that a change may have by any clock. */
interface Times {
  readonly now: number;
  readonly latest: number;
}

/**
 * Brings the manifest's tree of assets up to date with the service. What has changed is listed from the newest change down to where the
 * last listing began; everything is listed when the number of assets says that this has missed something, at first, and once a day.
 * An asset that was listed is recorded; that one is gone, only a whole listing can say.
 */
export class RemotePoll {
  readonly #options: RemotePollOptions;
  readonly #forced = new ForcedListings();
  /** When the dataset's count first disagreed, by the monotonic clock. */
  #disagreesSince: number | null = null;
  /** The newest change that listings have shown, and since when, by the monotonic clock. */
  #newest: { readonly at: number; readonly since: number } | null = null;
  /** The watermark up to which nothing can be listed any more that has not been: it was read again after {@link overlapMs}. */
  #readUpTo: number | null = null;
  #isFullWanted = false;
  /** A count that disagrees is why everything is listed. */
  #isForced = false;

  constructor(options: RemotePollOptions) {
    this.#options = options;
  }

  /** Everything is listed with the next poll, whatever the count says. */
  listAllNext(): void {
    this.#isFullWanted = true;
  }

  /** True while everything should be listed again, and too much has been listed in vain to do it at once. */
  get isHeldBack(): boolean {
    return !this.#forced.mayList(this.#options.clock.monotonic());
  }

  /** True when the dataset's count has not fitted for long: nothing that will pass by itself within a wait. */
  get isCountDoubted(): boolean {
    return this.#forced.inARow >= inVainMost;
  }

  /** What a person should know about a service that can be worked with. */
  get advice(): Problem | null {
    return this.isCountDoubted ? countDisagrees : null;
  }

  /**
   * @param patience `none`: a count that disagrees means listing everything at once. `some`: after a few seconds, or more if that has been in vain before. `endless`: never, for
   * the time of uploads, which the service may count before it lists them.
   * @throws the client's errors; the signal's reason
   */
  async run(patience: 'none' | 'some' | 'endless', signal: AbortSignal): Promise<PollResult> {
    const { remote, clock, manifest, mirror } = this.#options;
    const record = manifest.mirrors.get(mirror);
    const dataset = await remote.dataset(signal);
    if (dataset.name !== record.datasetName) manifest.mirrors.setDatasetName(mirror, dataset.name);

    const times = this.#times(dataset);
    const lastFull = record.lastFullListingAt;
    const isOld = lastFull === null || Math.abs(clock.now() - lastFull) >= fullListingEveryMs;
    // Changes below a watermark that lies in the future would never be seen.
    const isLost = record.watermark !== null && record.watermark > times.latest;
    const isDue = (isOld || isLost) && (patience === 'none' || lastFull === null || !this.isHeldBack);
    if (isDue || this.#isFullWanted) return this.#listAll(dataset, signal);

    const { listed, isWhole } = await this.#listChanges(record, dataset.assetTotal, times, signal);
    if (isWhole && (await this.#isCountRight(dataset.assetTotal, signal))) {
      this.#disagreesSince = null;
      this.#forced.settled();
      return { isFull: false, isComplete: true, listed };
    }
    this.#disagreesSince ??= clock.monotonic();
    const isPatient =
      patience === 'endless' ||
      (patience === 'some' && (this.isHeldBack || clock.monotonic() - this.#disagreesSince < patienceMs));
    if (isPatient) return { isFull: false, isComplete: false, listed };
    this.#isForced = true;
    return this.#listAll(dataset, signal);
  }

  #times({ serviceNow }: RemoteDataset): Times {
    const own = this.#options.clock.now();
    return { now: serviceNow ?? own, latest: Math.max(own, serviceNow ?? own) + aheadMs };
  }

  async #isCountRight(assetTotal: number | null, signal: AbortSignal): Promise<boolean> {
    const { remote, manifest, mirror } = this.#options;
    const expected = manifest.remote.count(mirror) + manifest.mirrors.get(mirror).unlisted;
    if (assetTotal === null || assetTotal === expected) return true;
    // Assets may have come and gone since the count was asked for: one more question is cheaper than a listing of everything.
    return (await remote.dataset(signal)).assetTotal === expected;
  }

  /**
   * Lists what has changed since the watermark. One that ends before it has come to what was there before, and before everything was
   * shown, was cut short: what it has shown is so, but it says nothing about the rest, and the watermark stays.
   */
  async #listChanges(
    { watermark, unlisted: hidden }: MirrorRecord,
    assetTotal: number | null,
    { latest }: Times,
    signal: AbortSignal,
  ): Promise<{ listed: number; isWhole: boolean }> {
    const { remote, clock, manifest, mirror } = this.#options;
    const begun = clock.monotonic();
    const floor = this.#floor(watermark);
    const sizes = { firstSize: firstPageSize, size: pageSize };
    let newest = watermark;
    let listed = 0;
    let isDone = false;
    try {
      for await (const page of pagesOf({
        remote,
        manifest,
        mirror,
        order: 'newest-first',
        ...sizes,
        assetTotal,
        signal,
      })) {
        const { changed, isEnd } = changesOn(page.assets, floor);
        // The first page is small and costs nothing more: whatever it shows is recorded.
        const shown = listed === 0 ? page.assets : changed;
        const replaced = await this.#findReplaced(shown, signal);
        this.#record(shown, replaced);
        newest = newestChange(changed, newest, latest);
        listed += changed.length;
        isDone = isEnd;
        if (isDone) break;
      }
    } finally {
      manifest.listed.clear(mirror);
    }
    const isWhole = isDone || assetTotal === null || listed >= assetTotal - hidden;
    if (isWhole) this.#noteRead(newest, begun);
    const { unlisted } = manifest.mirrors.get(mirror);
    manifest.mirrors.setListed(mirror, {
      at: clock.now(),
      isFull: false,
      watermark: isWhole ? newest : watermark,
      unlisted,
    });
    return { listed, isWhole };
  }

  /** The oldest change that a listing must read down to. */
  #floor(watermark: number | null): number {
    if (watermark === null) return Number.NEGATIVE_INFINITY;
    return watermark === this.#readUpTo ? watermark + 1 : watermark - overlapMs;
  }

  /** @param begun when the listing began that has shown this as the newest change, and was whole */
  #noteRead(newest: number | null, begun: number): void {
    if (newest === null) return;
    if (this.#newest?.at !== newest) this.#newest = { at: newest, since: this.#options.clock.monotonic() };
    else if (begun - this.#newest.since >= overlapMs) this.#readUpTo = newest;
  }

  /** Assets whose name now belongs to another one: a service may give an asset that is uploaded again a new ID. */
  async #findReplaced(changed: readonly RemoteAsset[], signal: AbortSignal): Promise<string[]> {
    const { manifest, mirror } = this.#options;
    const ask = this.#asking(signal);
    const replaced: string[] = [];
    for (const asset of changed) {
      if (manifest.remote.has(mirror, asset.assetId)) continue;
      const older = manifest.remote.byFilename(mirror, asset.filename);
      if (older === null) continue;
      if ((await ask(older.assetId)) === 'gone') replaced.push(older.assetId);
    }
    return replaced;
  }

  async #listAll(dataset: RemoteDataset, signal: AbortSignal): Promise<PollResult> {
    const { remote, clock, manifest, mirror } = this.#options;
    const { unlisted, watermark } = manifest.mirrors.get(mirror);
    // What changes while pages are read may be on one that has been read: the next listing of changes begins before it.
    const first = await remote.list('newest-first', { size: firstPageSize, token: null }, signal);
    const newest = startOf(first.assets, this.#times(dataset));
    const sizes = { firstSize: pageSize, size: pageSize };
    const { assetTotal: counted } = dataset;
    let pages = 0;
    let listed = 0;
    try {
      for await (const page of pagesOf({
        remote,
        manifest,
        mirror,
        order: 'stable',
        ...sizes,
        assetTotal: counted,
        signal,
      })) {
        this.#record(page.assets);
        pages += 1;
      }
      listed = manifest.listed.count(mirror);
      const { assetTotal } = await remote.dataset(signal);
      const isCountRight = assetTotal === null || assetTotal === listed;
      const missing = manifest.listed.missing(mirror, mostChecks + 1);
      const areFew = missing.length <= mostChecks;
      // While pages were read, assets may have moved across their borders: what is missing is asked for before it is believed.
      const isBelieved = areFew || isCountRight;
      const gone = areFew ? await this.#confirmGone(missing, isCountRight, signal) : [];
      manifest.transaction(() => {
        if (isBelieved && !areFew) manifest.listed.dropMissing(mirror);
        for (const assetId of gone) manifest.remote.delete(mirror, assetId);
        const more = assetTotal === null ? null : assetTotal - manifest.remote.count(mirror);
        manifest.mirrors.setListed(mirror, {
          at: clock.now(),
          isFull: isBelieved,
          watermark: isBelieved ? newest : watermark,
          // That it counts fewer than it has shown is no habit of it: one was deleted after its page had been read.
          unlisted: isBelieved && more !== null ? Math.max(0, more) : unlisted,
        });
      });
      this.#disagreesSince = null;
      this.#isFullWanted = false;
      if (this.#isForced || !isBelieved) this.#forced.listed(clock.monotonic(), pages);
      this.#isForced = false;
      return { isFull: true, isComplete: isBelieved, listed };
    } finally {
      manifest.listed.clear(mirror);
    }
  }

  /** Asks for assets that a listing did not show. Those that are there all the same are recorded as they are now. */
  async #confirmGone(
    missing: readonly string[],
    isCountRight: boolean,
    signal: AbortSignal,
  ): Promise<string[]> {
    const ask = this.#asking(signal);
    const gone: string[] = [];
    for (const assetId of missing) {
      // What is no ID can't be asked for: only the count can say.
      const answer = isId(assetId) ? await ask(assetId) : isCountRight ? 'gone' : 'unknown';
      if (answer === 'gone') gone.push(assetId);
      else if (answer !== 'unknown') this.#record([answer]);
    }
    return gone;
  }

  /** Asks for single assets. What is wrong with one of them, or with the answer about it, leaves it unknown and stops nothing. */
  #asking(signal: AbortSignal): (assetId: string) => Promise<RemoteAsset | 'gone' | 'unknown'> {
    let faults = 0;
    return async (assetId) => {
      if (!isId(assetId)) return 'unknown';
      try {
        return (await this.#options.remote.get(assetId, signal)) ?? 'gone';
      } catch (error) {
        signal.throwIfAborted();
        faults += 1;
        if (!mayBeOfOneAsset(error) || faults > mostFaults) throw error;
        return 'unknown';
      }
    };
  }

  /** @param gone IDs of assets that go in the same moment */
  #record(assets: readonly RemoteAsset[], gone: readonly string[] = []): void {
    const { manifest, mirror } = this.#options;
    const { foldsCase } = manifest.mirrors.get(mirror);
    for (let index = 0; index < assets.length; index += rowsAtOnce) {
      manifest.transaction(() => {
        for (const asset of assets.slice(index, index + rowsAtOnce)) {
          manifest.remote.put(mirror, placeRemote(asset, foldsCase));
        }
        if (index === 0) for (const assetId of gone) manifest.remote.delete(mirror, assetId);
      });
    }
  }
}

/** The part of a page, newest first, that has changed since `floor`; what comes after the last such asset is older. */
function changesOn(
  assets: readonly RemoteAsset[],
  floor: number,
): { changed: readonly RemoteAsset[]; isEnd: boolean } {
  const times = assets.map(({ contentsLastUpdated }) => contentsLastUpdated);
  // One that is out of order among newer ones ends nothing.
  const last = times.findLastIndex((at) => at !== null && at >= floor);
  const end = times.findIndex((at, index) => index > last && at !== null && at < floor);
  return end === -1 ? { changed: assets, isEnd: false } : { changed: assets.slice(0, end), isEnd: true };
}

/** The newest time of change that can be believed. */
function newestChange(assets: readonly RemoteAsset[], since: number | null, latest: number): number | null {
  return assets.reduce<number | null>((newest, { contentsLastUpdated: at }) => {
    if (at === null || at > latest) return newest;
    return newest === null ? at : Math.max(newest, at);
  }, since);
}

/** Where the next listing of changes begins, by the assets that changed last before everything was listed. */
function startOf(assets: readonly RemoteAsset[], { now, latest }: Times): number | null {
  const newest = newestChange(assets, null, latest);
  if (newest !== null) return newest;
  return assets.some(({ contentsLastUpdated }) => contentsLastUpdated !== null) ? now : null;
}

const countDisagrees: Problem = {
  code: 'count-disagrees',
  title: 'The dataset’s count does not fit',
  detail:
    'The service counts other assets than it lists, again and again, though everything was listed. What it lists is mirrored; assets that were deleted there may be noticed late.',
  suggestion: 'Everything is listed again by itself, less and less often, until the count fits.',
};
