import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { comparableHash } from '../content-hash.ts';
import { type DownloadedContents, downloadContents } from '../download-contents.ts';
import { eachLimited } from '../each-limited.ts';
import { ViDownloadError, ViError, ViInvalidParameterError, ViOperationError } from '../errors.ts';
import { fileError } from '../file-error.ts';
import { digestFile } from '../file-hash.ts';
import { shortDatasetId, wireDatasetId } from '../ids.ts';
import { KeyIndex, PackedTexts } from '../packed-texts.ts';
import type { PaginatedList } from '../pagination.ts';
import { ProgressThrottle } from '../progress-throttle.ts';
import { nameKey, safeFilename } from '../safe-filename.ts';
import type { Service } from '../service.ts';
import type { DownloadAssetsOptions, DownloadProgress } from './assets-options.ts';
import { DownloadFolder } from './download-folder.ts';
import type { AssetDownloadResult } from './download-result.ts';
import { DownloadTally } from './download-tally.ts';
import { getAsset } from './get-asset.ts';
import { type AssetToFetch, listAssetsToFetch } from './list-assets.ts';

/**
 * Small, so that a page's objects are gone before the garbage collector takes them for lasting ones: a hundredth more requests
 * than there are files.
 */
const pageSize = 100;

/** How often one asset's expired URL is fetched anew before it counts as failed. */
const mostRenewals = 5;

/** `client.assets.download`. */
export async function downloadAssets(
  service: Service,
  options: DownloadAssetsOptions,
): Promise<AssetDownloadResult> {
  options.signal?.throwIfAborted();
  if (typeof options.saveDir !== 'string' || options.saveDir === '') {
    throw new ViInvalidParameterError('saveDir is not a path.', { details: { parameter: 'saveDir' } });
  }
  const wireId = wireDatasetId(options.datasetId, service.organizationId);
  const folder = await DownloadFolder.open(options.saveDir, shortDatasetId(wireId, service.organizationId));
  try {
    return await new Download(service, options, folder).run();
  } finally {
    await folder.close();
  }
}

/** What is at an asset's place on the disk, compared with the asset. */
type Existing = 'nothing' | 'same' | 'same-size' | 'size' | 'content' | 'unknown' | 'not-a-file';

class Download {
  readonly #service: Service;
  readonly #options: DownloadAssetsOptions;
  readonly #folder: DownloadFolder;
  readonly #tally = new DownloadTally();
  readonly #progress: ProgressThrottle<DownloadProgress>;
  /** Filenames of the assets so far, and where each key of a file name is among them. */
  readonly #filenames = new PackedTexts();
  /** Why nothing more is fetched, once the disk has been found full. */
  #diskFull: ViOperationError | undefined;
  readonly #keys = new KeyIndex((index) => this.#keyOf(this.#filenames.at(index)));

  constructor(service: Service, options: DownloadAssetsOptions, folder: DownloadFolder) {
    this.#service = service;
    this.#options = options;
    this.#folder = folder;
    this.#progress = new ProgressThrottle(options.onProgress, () => this.#tally.progress());
  }

  async run(): Promise<AssetDownloadResult> {
    const { datasetId, filter, metadataQuery, ruleQuery, strictQuery, signal } = this.#options;
    const list = listAssetsToFetch(this.#service, {
      datasetId,
      filter,
      metadataQuery,
      ruleQuery,
      strictQuery,
      signal,
      pagination: { pageSize },
    });
    try {
      await eachLimited(this.#assets(list), this.#service.downloadConcurrency, async (asset) => {
        signal?.throwIfAborted();
        await this.#one(asset);
        this.#progress.report();
      });
    } finally {
      // What is held back would be missing where an interruption says how far it came.
      this.#progress.flush();
      this.#progress.stop();
    }
    signal?.throwIfAborted();
    return this.#tally.result(this.#options.saveDir, this.#folder);
  }

  /** The assets, with one page fetched ahead. */
  async *#assets(list: PaginatedList<AssetToFetch>): AsyncGenerator<AssetToFetch, void, undefined> {
    const pages = list[Symbol.asyncIterator]();
    for (let next = pages.next(); ; ) {
      const page = await next;
      if (page.done === true) break;
      next = pages.next();
      // Thrown when its turn comes; until then it must not count as unhandled.
      next.catch(() => undefined);
      this.#tally.listed(page.value.items);
      this.#progress.report();
      yield* page.value.items;
    }
    this.#tally.listedAll();
  }

  async #one(asset: AssetToFetch): Promise<void> {
    const { signal } = this.#options;
    let path: string | null = null;
    try {
      const name = this.#claimName(asset);
      path = join(this.#folder.path, name);
      await this.#bring(asset, name, path);
    } catch (error) {
      signal?.throwIfAborted();
      this.#tally.failed(asset, path, error);
    }
  }

  async #bring(asset: AssetToFetch, name: string, path: string): Promise<void> {
    const stats = await this.#folder.statOf(name);
    if (this.#options.overwrite === true && stats?.isDirectory() === true) throw folderInTheWay(path);
    const existing = await this.#compare(asset, path, stats);
    if (this.#isLeft(existing, asset, name)) return;
    if (this.#diskFull !== undefined) throw this.#diskFull;
    const partial = this.#folder.partialPath();
    let isPublished = false;
    try {
      const got = await this.#fetch(asset, partial);
      isPublished = await this.#folder.publish(partial, name, this.#options.overwrite === true);
      if (isPublished) this.#tally.downloaded(asset, name, got);
      // Something has appeared there in the meantime: it is looked at as if it had been there before.
      else if (
        !this.#isLeft(await this.#compare(asset, path, await this.#folder.statNow(name)), asset, name)
      ) {
        throw new ViOperationError(
          `Cannot write ${path}: something else was written there at the same time.`,
          {
            code: 'FileBusy',
            suggestion: 'Download it again.',
            details: { path },
          },
        );
      }
    } catch (error) {
      throw this.#explain(error, partial, path);
    } finally {
      if (!isPublished) await this.#folder.discard(partial);
    }
  }

  /** Errors of the disk name the file that was to be written, and not the partial one that nobody knows. */
  #explain(error: unknown, partial: string, path: string): unknown {
    if (!(error instanceof ViError)) return error;
    const { path: place, errno } = error.details;
    const known = place === partial && errno !== undefined ? fileError(error.cause, path, 'write') : error;
    if (known.code === 'DiskFull') this.#diskFull ??= diskFull(this.#folder.path, known);
    return known;
  }

  /** Takes down a file that is left as it is; false when the asset is to be fetched. */
  #isLeft(existing: Existing, asset: AssetToFetch, name: string): boolean {
    if (existing === 'nothing') return false;
    if (existing === 'same') {
      this.#tally.skipped(asset, name, true);
      return true;
    }
    if (this.#options.overwrite === true) return false;
    if (existing === 'same-size') this.#tally.skipped(asset, name, false);
    else this.#tally.kept(asset, join(this.#folder.path, name), existing);
    return true;
  }

  async #compare(asset: AssetToFetch, path: string, stats: Stats | undefined): Promise<Existing> {
    if (stats === undefined) return 'nothing';
    if (!stats.isFile()) return 'not-a-file';
    const { fileSize, hash } = asset;
    if (fileSize !== undefined && stats.size !== fileSize) return 'size';
    const expected = comparableHash(hash);
    if (expected === undefined) return fileSize === undefined ? 'unknown' : 'same-size';
    const digest = await digestFile(path, expected, { signal: this.#options.signal });
    return digest.matches ? 'same' : 'content';
  }

  /** Fetches the bytes; a URL that is too old is replaced, and the transfer goes on where it was. */
  async #fetch(listed: AssetToFetch, partial: string): Promise<DownloadedContents> {
    const { signal, pace } = this.#options;
    let asset = listed;
    for (let renewals = 0; ; renewals++) {
      if (asset.contents === undefined) asset = await this.#renew(asset);
      const { contents } = asset;
      if (contents === undefined) {
        throw new ViDownloadError(`The service gave no URL for ${JSON.stringify(asset.filename)}.`, {
          code: 'UrlMissing',
        });
      }
      try {
        return await downloadContents(contents, partial, {
          expectedSize: asset.fileSize,
          expectedHash: asset.hash,
          subject: JSON.stringify(asset.filename),
          resume: renewals > 0 && isSameContent(asset, listed),
          pace,
          signal,
          retry: this.#service.retry,
          onRetry: this.#service.onRetry,
          transport: this.#service.signedUrls,
          onBytes: (bytesDone) => {
            this.#tally.moved(listed, bytesDone);
            this.#progress.report();
          },
        });
      } catch (error) {
        if (!(error instanceof ViDownloadError && error.isExpired) || renewals >= mostRenewals) throw error;
        asset = await this.#renew(asset);
      }
    }
  }

  async #renew({ assetId, filename }: AssetToFetch): Promise<AssetToFetch> {
    const { datasetId, signal } = this.#options;
    const asset = await getAsset(this.#service, { datasetId, assetId, contents: true, signal });
    const { fileSize, hash } = asset.metadata;
    return { assetId, filename, fileSize, hash, contents: asset.contents?.asset };
  }

  #claimName(asset: AssetToFetch): string {
    const rules = this.#folder.nameRules;
    const safe = safeFilename(asset.filename, rules);
    if (!safe.ok) {
      const text = safe.problem === 'empty' ? 'has no name' : 'has a name that is too long for a file';
      throw new ViOperationError(`Asset ${asset.assetId} ${text}: ${JSON.stringify(asset.filename)}.`, {
        code: 'NameImpossible',
        suggestion: 'Upload the picture again under a shorter name.',
        details: { assetId: asset.assetId },
      });
    }
    const same = this.#keys.add(nameKey(safe.name, rules), this.#filenames.length);
    if (same !== undefined) {
      const other = this.#filenames.at(same);
      throw new ViOperationError(
        `${JSON.stringify(asset.filename)} and ${JSON.stringify(other)} are one file name on this disk.`,
        {
          code: 'NameCollision',
          suggestion: 'Save to a disk that tells such names apart, or rename one of the assets.',
          details: { assetId: asset.assetId, other },
        },
      );
    }
    this.#filenames.add(asset.filename);
    return safe.name;
  }

  #keyOf(filename: string): string {
    const rules = this.#folder.nameRules;
    const safe = safeFilename(filename, rules);
    return safe.ok ? nameKey(safe.name, rules) : filename;
  }
}

function folderInTheWay(path: string): ViOperationError {
  return new ViOperationError(`Cannot write ${path}: there is a folder of that name.`, {
    code: 'NotAFile',
    suggestion: 'Move the folder away or rename it: only files are replaced.',
    details: { path },
  });
}

/** Every further file would meet it, after fetching bytes in vain. */
function diskFull(folder: string, cause: ViError): ViOperationError {
  return new ViOperationError(`Not fetched: the disk of ${folder} is full.`, {
    code: 'DiskFull',
    suggestion: 'Free some space and repeat the download: what is there already is not fetched again.',
    cause,
    details: { path: folder },
  });
}

function isSameContent(one: AssetToFetch, other: AssetToFetch): boolean {
  return (
    one.hash !== undefined && one.hash.contents === other.hash?.contents && one.fileSize === other.fileSize
  );
}
