import { assetFrom } from '../engine/plausible-asset.ts';
import type { RemoteAsset } from '../manifest/observations.ts';
import { isSameVersion } from '../plan/content.ts';
import { isServiceError } from '../transfer/transfer-failure.ts';
import { eachLimited } from '../vi/each-limited.ts';
import {
  type Asset,
  comparableHash,
  type FileHash,
  SortCriterion,
  ViAuthenticationError,
  ViDownloadError,
  ViError,
  ViNotFoundError,
} from '../vi/index.ts';
import { type FetchJob, keepFile } from './check-files.ts';
import { fileProblem } from './file-problem.ts';
import { listedAsset } from './listing.ts';
import { wantedPlace } from './placement.ts';
import { lockedFile, type PlannedFile } from './planned-file.ts';
import type { PullContext } from './pull-context.ts';

/** Signed URLs come with a listing, and live for a quarter of an hour: a page is what can be fetched in that time. */
const pageSize = 250;
/** Fewer files than one in so many assets are asked for one by one. */
const sparse = 20;
/** Signed URLs that are fetched anew for one file before it counts as failed. */
const mostUrls = 5;
/** Failures of the service in a row, with nothing that went well between them, after which the others are not tried. */
const mostServiceFailures = 10;

export interface FetchOutcome {
  /** Why not everything was tried; null when it was. */
  readonly stopped: ViError | null;
  /** Unfinished files that the next pull can go on with. */
  readonly partials: ReadonlySet<string>;
}

/** An asset as it was just seen, with its signed URL; null: to be asked for. */
type Located = readonly [job: FetchJob, asset: Asset | null];

/** Nothing else would go better: ends the pull. */
class PullStopped extends Error {
  override readonly name = 'PullStopped';
  override readonly cause: ViError;

  constructor(cause: ViError) {
    super(cause.message);
    this.cause = cause;
  }
}

/**
 * Fetches files: each into a temporary file, where it is checked and flushed; then into its place, if that still is as it was looked at.
 * What happens to single files is in the tally.
 *
 * @throws the signal's reason
 */
export async function fetchFiles(context: PullContext, jobs: readonly FetchJob[]): Promise<FetchOutcome> {
  const fetcher = new Fetcher(context);
  const { concurrency, signal } = context;
  try {
    await eachLimited(locate(context, jobs), concurrency, async ([job, asset]) => {
      signal?.throwIfAborted();
      await fetcher.bring(job, asset);
    });
  } catch (error) {
    signal?.throwIfAborted();
    // An error of the client that is no file's is the listing's.
    const cause = error instanceof PullStopped ? error.cause : error;
    if (!(cause instanceof ViError)) throw cause;
    return { stopped: cause, partials: fetcher.partials };
  }
  return { stopped: null, partials: fetcher.partials };
}

/** Files with signed URLs, a page at a time and one page ahead. What no page shows is asked for by its ID. */
async function* locate(
  { client, datasetId, query, tally, signal }: PullContext,
  jobs: readonly FetchJob[],
): AsyncGenerator<Located, void, undefined> {
  const open = new Map(jobs.map((job) => [job.planned.assetId, job]));
  if (open.size * sparse > tally.progress().filesTotal) {
    const pages = client.assets
      .list({
        datasetId,
        ...query,
        contents: true,
        sortBy: { criterion: SortCriterion.ASSET_ID },
        pagination: { pageSize },
        signal,
      })
      [Symbol.asyncIterator]();
    for (let next = pages.next(); open.size > 0; ) {
      const page = await next;
      if (page.done === true) break;
      next = pages.next();
      // Thrown when its turn comes; until then it must not count as unhandled.
      next.catch(() => undefined);
      for (const asset of page.value.items) {
        const job = open.get(asset.assetId);
        if (job !== undefined && open.delete(asset.assetId)) yield [job, asset];
      }
    }
  }
  for (const job of open.values()) yield [job, null];
}

/** The version of an asset that was fetched, or why it was not. */
type Fetched =
  | { readonly kind: 'fetched'; readonly planned: PlannedFile; readonly content: FileHash }
  | { readonly kind: 'gone' }
  | { readonly kind: 'changed'; readonly now: RemoteAsset };

class Fetcher {
  readonly partials = new Set<string>();
  readonly #context: PullContext;
  #serviceFailures = 0;

  constructor(context: PullContext) {
    this.#context = context;
  }

  async bring(job: FetchJob, asset: Asset | null): Promise<void> {
    const { signal, tally, folder } = this.#context;
    try {
      await this.#bring(job, asset);
      this.#serviceFailures = 0;
    } catch (error) {
      signal?.throwIfAborted();
      const problem = fileProblem(error, folder.tree.absolute(job.planned.path));
      tally.failed(job.planned, problem);
      if (this.#isHopeless(problem) || !(await folder.isThere())) throw new PullStopped(problem);
    }
  }

  async #bring(job: FetchJob, asset: Asset | null): Promise<void> {
    const fetched = await this.#fetch(job.planned, asset);
    if (fetched.kind !== 'fetched') {
      this.#differs(job.planned, fetched);
      return;
    }
    const { planned, content } = fetched;
    const { folder, tally, isFrozen } = this.#context;
    const partial = folder.partialOf(planned);
    let isPlaced = false;
    if (isFrozen && content.sha256 !== planned.sha256) tally.differs(job.planned, 'changed');
    else isPlaced = await this.#place({ ...job, planned }, content, partial);
    this.partials.delete(partial);
    if (!isPlaced) await folder.discard(partial);
  }

  /** False: something else is in the file's place, and stays. */
  async #place(job: FetchJob, content: FileHash, partial: string): Promise<boolean> {
    const { folder, tally, journal, overwrite } = this.#context;
    const { planned, expected } = job;
    const locked = lockedFile(planned, content);
    journal?.add(locked);
    if (expected?.content?.sha256 === content.sha256) {
      tally.same(locked);
      return false;
    }
    if (expected !== null && !overwrite) {
      await keepFile(this.#context, planned, expected);
      return false;
    }
    const placed = await folder.files.place(partial, planned.path, expected, planned.contentsLastUpdated);
    if (placed.kind === 'changed') {
      tally.conflict(planned, 'busy');
      return false;
    }
    if (placed.trashed !== null) {
      tally.replaced.push({
        path: planned.path,
        trashPath: folder.trash.get(placed.trashed)?.trashPath ?? '',
      });
    }
    tally.pulled(locked);
    return true;
  }

  /** The planned version, whole and checked. A URL that is too old is replaced, and the transfer goes on where it was. */
  async #fetch(wanted: PlannedFile, listed: Asset | null): Promise<Fetched> {
    let planned = wanted;
    let asset = listed;
    for (let urls = 1; ; urls++) {
      asset ??= await this.#get(planned.assetId);
      if (asset === null) return { kind: 'gone' };
      const now = assetFrom(asset);
      if (!isSameVersion(now, planned) || now.filename !== planned.filename) {
        const newer = this.#newer(planned, asset);
        if (newer === null) return { kind: 'changed', now };
        planned = newer;
      }
      try {
        return { kind: 'fetched', planned, content: await this.#transfer(planned, asset) };
      } catch (error) {
        if (!(error instanceof ViDownloadError) || urls >= mostUrls) throw error;
        const isMissing = error.code === 'UrlMissing' && asset === listed;
        if (!error.isExpired && !isMissing) throw error;
        asset = null;
      }
    }
  }

  async #transfer(planned: PlannedFile, asset: Asset): Promise<FileHash> {
    const { client, folder, tally, pace, signal } = this.#context;
    const contents = asset.contents?.asset;
    if (contents === undefined) {
      throw new ViDownloadError(
        `The service gives no address for the content of ${JSON.stringify(asset.filename)}.`,
        {
          code: 'UrlMissing',
          suggestion: 'The asset may still be being processed: pull again later.',
        },
      );
    }
    const partial = folder.partialOf(planned);
    const hash = planned.hash ?? undefined;
    // Without a hash nothing would tell that two halves are of two versions.
    const canResume = comparableHash(hash) !== undefined;
    if (canResume) this.partials.add(partial);
    return await client.assets.fetchContents(contents, partial, {
      expectedSize: planned.size ?? undefined,
      expectedHash: hash,
      subject: JSON.stringify(planned.filename),
      resume: canResume,
      onBytes: (bytes) => tally.moved(planned, bytes),
      pace,
      signal,
    });
  }

  /** Null: the service has no such asset (any more). */
  async #get(assetId: string): Promise<Asset | null> {
    const { client, datasetId, signal } = this.#context;
    try {
      return await client.assets.get({ datasetId, assetId, contents: true, signal });
    } catch (error) {
      if (error instanceof ViNotFoundError) return null;
      throw error;
    }
  }

  /** A version that came while the pull was running is as good, as long as it belongs in the same place. */
  #newer(planned: PlannedFile, asset: Asset): PlannedFile | null {
    const { isFrozen, folder } = this.#context;
    const now = listedAsset(asset);
    if (isFrozen || now.filename !== planned.filename) return null;
    // A file with a marked name has one for the sake of others, which this can't tell.
    if (wantedPlace(now, folder.names).path !== planned.path) return null;
    const { size, hash, contentsLastUpdated, etag } = now;
    return { ...planned, size, hash, contentsLastUpdated, etag, sha256: null };
  }

  #differs(planned: PlannedFile, fetched: Exclude<Fetched, { kind: 'fetched' }>): void {
    const { tally, isFrozen } = this.#context;
    if (isFrozen) {
      if (fetched.kind === 'gone') tally.differs(planned, 'gone');
      else if (!isSameVersion(fetched.now, planned)) tally.differs(planned, 'changed');
      else tally.differs(planned, 'renamed', fetched.now.filename);
      return;
    }
    const name = JSON.stringify(planned.filename);
    const isGone = fetched.kind === 'gone';
    tally.failed(
      planned,
      new ViDownloadError(
        isGone
          ? `${name} was deleted from the dataset while it was pulled.`
          : `${name} was changed in the dataset while it was pulled.`,
        { code: isGone ? 'AssetGone' : 'AssetChanged', suggestion: 'Pull again.' },
      ),
    );
  }

  /** Whether the next file would go no better. */
  #isHopeless(error: ViError): boolean {
    if (error.code === 'DiskFull' || error instanceof ViAuthenticationError) return true;
    if (!isServiceError(error)) return false;
    this.#serviceFailures++;
    return this.#serviceFailures >= mostServiceFailures;
  }
}
