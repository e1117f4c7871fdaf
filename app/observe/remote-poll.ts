import type { Clock, Remote } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { RemoteAsset } from '../manifest/observations.ts';
import { placeRemote } from '../plan/names.ts';

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
const fullListingEveryMs = 24 * 60 * 60 * 1000;
/** How long a count that disagrees may be the service's delay in listing what it has counted. */
const patienceMs = 5000;
/** So many vanished assets are asked for one by one; more are believed if the dataset's own count agrees. */
const mostChecks = 50;
/** Rows written in one transaction: nobody waits long for the database. */
const rowsAtOnce = 1000;

/**
 * Brings the manifest's tree of assets up to date with the service. What has changed is listed from the newest change down to where the
 * last listing began; everything is listed when the number of assets says that this has missed something, at first, and once a day.
 * An asset that was listed is recorded; that one is gone, only a whole listing can say.
 */
export class RemotePoll {
  readonly #options: RemotePollOptions;
  /** When the dataset's count first disagreed, by the monotonic clock. */
  #disagreesSince: number | null = null;
  #isFullWanted = false;

  constructor(options: RemotePollOptions) {
    this.#options = options;
  }

  /** Everything is listed with the next poll, whatever the count says. */
  listAllNext(): void {
    this.#isFullWanted = true;
  }

  /**
   * @param patience `none`: a count that disagrees means listing everything at once. `some`: after a few seconds. `endless`: never, for
   * the time of uploads, which the service may count before it lists them.
   * @throws the client's errors; the signal's reason
   */
  async run(patience: 'none' | 'some' | 'endless', signal: AbortSignal): Promise<PollResult> {
    const { remote, clock, manifest, mirror } = this.#options;
    const record = manifest.mirrors.get(mirror);
    const dataset = await remote.dataset(signal);
    if (dataset.name !== record.datasetName) manifest.mirrors.setDatasetName(mirror, dataset.name);

    const lastFull = record.lastFullListingAt;
    const isDue = lastFull === null || Math.abs(clock.now() - lastFull) >= fullListingEveryMs;
    if (isDue || this.#isFullWanted) return this.#listAll(signal);

    const { listed, isWhole } = await this.#listChanges(record, dataset.assetTotal, signal);
    if (isWhole && (await this.#isCountRight(dataset.assetTotal, signal))) {
      this.#disagreesSince = null;
      return { isFull: false, isComplete: true, listed };
    }
    this.#disagreesSince ??= clock.monotonic();
    const isPatient =
      patience === 'endless' ||
      (patience === 'some' && clock.monotonic() - this.#disagreesSince < patienceMs);
    return isPatient ? { isFull: false, isComplete: false, listed } : this.#listAll(signal);
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
    signal: AbortSignal,
  ): Promise<{ listed: number; isWhole: boolean }> {
    const { remote, clock, manifest, mirror } = this.#options;
    const floor = watermark === null ? Number.NEGATIVE_INFINITY : watermark - overlapMs;
    const changed: RemoteAsset[] = [];
    let token: string | null = null;
    let isDone = false;
    do {
      const size: number = token === null ? firstPageSize : pageSize;
      const page = await remote.list('newest-first', { size, token }, signal);
      for (const asset of page.assets) {
        isDone ||= asset.contentsLastUpdated !== null && asset.contentsLastUpdated < floor;
        if (!isDone) changed.push(asset);
      }
      token = page.nextPageToken;
    } while (token !== null && !isDone);

    const isWhole = isDone || assetTotal === null || changed.length >= assetTotal - hidden;
    const replaced = await this.#findReplaced(changed, signal);
    this.#record(changed);
    manifest.transaction(() => {
      for (const assetId of replaced) manifest.remote.delete(mirror, assetId);
      const { unlisted } = manifest.mirrors.get(mirror);
      const newest = isWhole ? newestChange(changed, watermark) : watermark;
      manifest.mirrors.setListed(mirror, { at: clock.now(), isFull: false, watermark: newest, unlisted });
    });
    return { listed: changed.length, isWhole };
  }

  /** Assets whose name now belongs to another one: a service may give an asset that is uploaded again a new ID. */
  async #findReplaced(changed: readonly RemoteAsset[], signal: AbortSignal): Promise<string[]> {
    const { remote, manifest, mirror } = this.#options;
    const replaced: string[] = [];
    for (const asset of changed) {
      const older = manifest.remote.byFilename(mirror, asset.filename);
      if (older === null || older.assetId === asset.assetId) continue;
      if (manifest.remote.get(mirror, asset.assetId) !== null) continue;
      if ((await remote.get(older.assetId, signal)) === null) replaced.push(older.assetId);
    }
    return replaced;
  }

  async #listAll(signal: AbortSignal): Promise<PollResult> {
    const { remote, clock, manifest, mirror } = this.#options;
    const { unlisted, watermark } = manifest.mirrors.get(mirror);
    // What changes while pages are read may be on one that has been read: the next listing of changes begins before it.
    const first = await remote.list('newest-first', { size: 1, token: null }, signal);
    const newest = newestChange(first.assets, null);
    const seen = new Set<string>();
    let token: string | null = null;
    do {
      const page = await remote.list('stable', { size: pageSize, token }, signal);
      for (const asset of page.assets) seen.add(asset.assetId);
      this.#record(page.assets);
      token = page.nextPageToken;
    } while (token !== null);

    const { assetTotal } = await remote.dataset(signal);
    const isCountRight = assetTotal === null || assetTotal === seen.size;
    const missing = [...manifest.remote.ids(mirror)].filter((assetId) => !seen.has(assetId));
    // While pages were read, assets may have moved across their borders: what is missing is asked for before it is believed.
    const isBelieved = missing.length <= mostChecks || isCountRight;
    const gone = !isBelieved
      ? []
      : missing.length <= mostChecks
        ? await this.#confirmGone(missing, signal)
        : missing;
    manifest.transaction(() => {
      for (const assetId of gone) manifest.remote.delete(mirror, assetId);
      manifest.mirrors.setListed(mirror, {
        at: clock.now(),
        isFull: isBelieved,
        watermark: isBelieved ? newest : watermark,
        unlisted: isBelieved && assetTotal !== null ? assetTotal - manifest.remote.count(mirror) : unlisted,
      });
    });
    this.#disagreesSince = null;
    this.#isFullWanted = false;
    return { isFull: true, isComplete: isBelieved, listed: seen.size };
  }

  /** Asks for assets that a listing did not show. Those that are there all the same are recorded as they are now. */
  async #confirmGone(missing: readonly string[], signal: AbortSignal): Promise<string[]> {
    const gone: string[] = [];
    for (const assetId of missing) {
      const asset = await this.#options.remote.get(assetId, signal);
      if (asset === null) gone.push(assetId);
      else this.#record([asset]);
    }
    return gone;
  }

  #record(assets: readonly RemoteAsset[]): void {
    const { manifest, mirror } = this.#options;
    const { foldsCase } = manifest.mirrors.get(mirror);
    for (let index = 0; index < assets.length; index += rowsAtOnce) {
      manifest.transaction(() => {
        for (const asset of assets.slice(index, index + rowsAtOnce)) {
          manifest.remote.put(mirror, placeRemote(asset, foldsCase));
        }
      });
    }
  }
}

function newestChange(assets: readonly RemoteAsset[], since: number | null): number | null {
  return assets.reduce<number | null>((newest, { contentsLastUpdated }) => {
    if (contentsLastUpdated === null) return newest;
    return newest === null ? contentsLastUpdated : Math.max(newest, contentsLastUpdated);
  }, since);
}
