import { realClock, realRandomness } from '../engine/real-clock.ts';
import { realDisk } from '../engine/real-disk.ts';
import { eachLimited } from '../vi/each-limited.ts';
import { shortDatasetId, wireDatasetId } from '../vi/ids.ts';
import { type AssetQuery, nameKey, type Pace, type ViClient } from '../vi/index.ts';
import { checkFiles } from './check-files.ts';
import { type FetchOutcome, fetchFiles } from './fetch-files.ts';
import { planFrozen } from './frozen.ts';
import { PullJournal } from './journal.ts';
import { KnownFiles } from './known-files.ts';
import { listDataset } from './listing.ts';
import { isSameLock, type LockedFile, type PullLock, plainQuery } from './lock.ts';
import { findLock, readLock } from './lock-file.ts';
import { type PlacedAsset, placeAssets } from './placement.ts';
import { type PlannedFile, planFile } from './planned-file.ts';
import type { PullContext } from './pull-context.ts';
import { PullError } from './pull-error.ts';
import { type PullEnvironment, PullFolder } from './pull-folder.ts';
import type { PullProgress, PullResult } from './pull-result.ts';
import { PullTally } from './pull-tally.ts';

const defaultConcurrency = 16;

export interface PullOptions {
  readonly client: ViClient;
  /** As users see it; the long form with the organization before it is taken too. */
  readonly datasetId: string;
  /** Made where it is missing. */
  readonly folder: string;
  /** Which assets; all when left out. Not with `frozen`, where the lock file says which. */
  readonly query?: AssetQuery | undefined;
  /** Reproduce what the lock file says, and nothing else. The lock file stays as it is. */
  readonly frozen?: boolean | undefined;
  /** Replace files that differ; their old versions go to the trash in `.vi-sync/trash`. */
  readonly overwrite?: boolean | undefined;
  /** Ends the pull; its reason is thrown. What is there stays, and the next pull goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second, and at the end. */
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** Asked after bytes of an asset have come, before more are taken: a limit of bandwidth. */
  readonly pace?: Pace | undefined;
  /** Files that are fetched at once; 16 when left out. */
  readonly concurrency?: number | undefined;
  /** The disk and the clock; the real ones when left out. */
  readonly environment?: PullEnvironment | undefined;
}

/**
 * Pulls a dataset, or what a query of it gives, into a folder, and writes down in a lock file what came. Files that are there and the
 * same are not fetched again; files that differ are left as they are, unless `overwrite` is set. What happens to single files is in the
 * result, not thrown. A pull can be killed at any moment: the next one goes on where it was.
 *
 * @throws PullError when it can't begin; the client's errors when the dataset can't be listed; ViPermissionError or ViOperationError when
 * folder or lock file can't be written; the signal's reason
 */
export async function pullDataset(options: PullOptions): Promise<PullResult> {
  options.signal?.throwIfAborted();
  const { environment = { disk: realDisk(), clock: realClock, random: realRandomness } } = options;
  const { organizationId } = options.client;
  const datasetId = shortDatasetId(wireDatasetId(options.datasetId, organizationId), organizationId);
  const tally = new PullTally(options.onProgress);
  const pull = new Pull(options, environment, datasetId, tally);
  try {
    const result = await (options.frozen === true ? pull.frozen() : pull.current());
    tally.end();
    return result;
  } finally {
    tally.stop();
    if (options.environment === undefined) await environment.disk.close();
  }
}

class Pull {
  readonly #options: PullOptions;
  readonly #environment: PullEnvironment;
  readonly #tally: PullTally;
  readonly #datasetId: string;

  constructor(options: PullOptions, environment: PullEnvironment, datasetId: string, tally: PullTally) {
    this.#options = options;
    this.#environment = environment;
    this.#datasetId = datasetId;
    this.#tally = tally;
  }

  /** The dataset as it is now. */
  async current(): Promise<PullResult> {
    const { client, folder: place, signal } = this.#options;
    const query = plainQuery(this.#options.query ?? {});
    // All that can refuse the pull comes before the folder is made, or something in it.
    this.#checkLock(await findLock(place));
    const listed = await listDataset({
      client,
      datasetId: this.#datasetId,
      query,
      signal,
      onListed: (count) => this.#tally.listed(count),
    });
    using folder = await PullFolder.open(place, this.#environment);
    const previous = await findLock(folder.root);
    this.#checkLock(previous);
    using journal = new PullJournal(folder.journalFile, {
      dataset: this.#datasetId,
      organization: client.organizationId,
    });
    const before = previous?.files ?? [];
    const known = new KnownFiles(before, await journal.read(), folder.names);
    const context = this.#context({ folder, query, journal, known, isFrozen: false });
    const placed = placeAssets(listed, folder.names);
    const outcome = await this.#bring(
      context,
      placed.map((asset) => planFile(asset, known.sha256Of(asset))),
    );
    if (outcome.stopped === null) {
      await this.#writeLock(context, previous);
      // All that the journal says is in the lock file by now.
      journal[Symbol.dispose]();
      await folder.clear(outcome.partials);
    }
    return {
      ...this.#result(context, outcome),
      mapped: placed.flatMap(({ assetId, filename, path, mapped }) =>
        mapped === null ? [] : [{ assetId, filename, path, reason: mapped }],
      ),
      leftOver: await leftOver(folder, before, placed),
    };
  }

  /** The dataset as the lock file has it. */
  async frozen(): Promise<PullResult> {
    const { folder: place } = this.#options;
    const lock = await readLock(place);
    this.#checkLock(lock);
    using folder = await PullFolder.open(place, this.#environment);
    const known = new KnownFiles(lock.files, new Map(), folder.names);
    const query = plainQuery(lock.query);
    const context = this.#context({ folder, query, journal: null, known, isFrozen: true });
    this.#tally.listed(lock.files.length);
    const outcome = await this.#bring(context, await planFrozen(context, lock));
    if (outcome.stopped === null) await folder.clear(outcome.partials);
    return { ...this.#result(context, outcome), mapped: [], leftOver: [] };
  }

  async #bring(context: PullContext, planned: readonly PlannedFile[]): Promise<FetchOutcome> {
    const { signal } = this.#options;
    this.#tally.enter('checking');
    const jobs = await checkFiles(context, planned);
    this.#tally.enter(
      'fetching',
      jobs.reduce((sum, job) => sum + (job.planned.size ?? 0), 0),
    );
    const outcome = await fetchFiles(context, jobs);
    signal?.throwIfAborted();
    await context.folder.sync();
    this.#tally.enter('done');
    return outcome;
  }

  #context(
    parts: Pick<PullContext, 'folder' | 'query' | 'journal' | 'isFrozen'> & { readonly known: KnownFiles },
  ): PullContext {
    const { client, overwrite = false, concurrency = defaultConcurrency, pace, signal } = this.#options;
    const { known, ...own } = parts;
    return {
      ...own,
      client,
      datasetId: this.#datasetId,
      tally: this.#tally,
      overwrite,
      concurrency,
      pace,
      signal,
      pulledBefore: (path) => known.pulledAt(path),
    };
  }

  /** Two datasets in one folder would be one lock file that is true of neither. */
  #checkLock(lock: PullLock | null): void {
    if (lock === null) return;
    const { client, folder } = this.#options;
    const { dataset, organization } = lock;
    if (organization !== client.organizationId) {
      throw new PullError('other-organization', {
        title: 'The folder is of another organization',
        facts: { case: 'folder', folder, organization, other: client.organizationId },
        detail: `The lock file in ${folder} is of organization ${organization}; the secret key is one of ${client.organizationId}.`,
        suggestion: 'Log in to that organization, or pull into another folder.',
      });
    }
    if (dataset === this.#datasetId) return;
    throw new PullError('other-dataset', {
      title: 'The folder is of another dataset',
      facts: { case: 'folder', folder, dataset, other: this.#datasetId },
      detail: `The lock file in ${folder} is of dataset ${dataset}, not of ${this.#datasetId}.`,
      suggestion: 'Pull into another folder. If this one is to change datasets, delete its lock file first.',
    });
  }

  async #writeLock({ query, folder }: PullContext, previous: PullLock | null): Promise<void> {
    const { client } = this.#options;
    const { held, conflicts, failures } = this.#tally;
    // What could not be brought up to date is in the folder as it was: so it stays in the lock.
    const stale = new Map([...conflicts, ...failures].map(({ assetId, path }) => [assetId, path]));
    const kept = previous?.files.filter(({ assetId, path }) => stale.get(assetId) === path) ?? [];
    const lock: PullLock = {
      dataset: this.#datasetId,
      organization: client.organizationId,
      endpoint: client.endpoint,
      query,
      pulledAt: new Date(this.#environment.clock.now()).toISOString(),
      complete: stale.size === 0,
      names: folder.names,
      files: [...held, ...kept],
    };
    // A pull that brings nothing new leaves the file as it is.
    if (previous === null || !isSameLock(previous, lock)) await folder.writeLock(lock);
  }

  #result(
    { folder, isFrozen }: PullContext,
    { stopped }: FetchOutcome,
  ): Omit<PullResult, 'mapped' | 'leftOver'> {
    const counts = this.#tally.counts();
    return {
      folder: folder.root,
      lockFile: folder.lockFile,
      datasetId: this.#datasetId,
      frozen: isFrozen,
      complete: counts.totalPulled + counts.totalSame === counts.totalFiles,
      ...counts,
      stopped,
    };
  }
}

/** Files of an earlier pull that no asset has its place at now, and that are still there. */
async function leftOver(
  { names, tree }: PullFolder,
  before: readonly LockedFile[],
  placed: readonly PlacedAsset[],
): Promise<string[]> {
  const taken = new Set(placed.map(({ path }) => nameKey(path, names)));
  const left: string[] = [];
  await eachLimited(before, defaultConcurrency, async ({ path }) => {
    if (!taken.has(nameKey(path, names)) && (await tree.look(path)).kind === 'file') left.push(path);
  });
  return left.sort();
}
