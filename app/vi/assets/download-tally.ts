import { join } from 'node:path';
import { asViError } from '../as-vi-error.ts';
import type { DownloadedContents } from '../download-contents.ts';
import type { LazyList } from '../lazy-list.ts';
import { PackedTexts } from '../packed-texts.ts';
import { type NameRules, safeFilename } from '../safe-filename.ts';
import type { DownloadProgress } from './assets-options.ts';
import type { DownloadFolder } from './download-folder.ts';
import { AssetDownloadResult, type DownloadFailure, type KeptFile } from './download-result.ts';
import type { AssetToFetch } from './list-assets.ts';

/** Keeps count of one download. Every asset ends in exactly one of downloaded, skipped, kept and failed. */
export class DownloadTally {
  readonly #kept: KeptFile[] = [];
  readonly #failures: DownloadFailure[] = [];
  /** Filenames of those that are saved under another name. */
  readonly #renamed = new PackedTexts();
  /** Names of files in the folder. */
  readonly #unverified = new PackedTexts();
  /** Bytes so far by asset ID: the table of a map holds on to its former keys, and these are small. */
  readonly #inFlight = new Map<string, number>();
  #filesTotal = 0;
  #bytesTotal = 0;
  #isListed = false;
  #downloaded = 0;
  #skipped = 0;
  /** Bytes of the files that arrived. */
  #bytesFetched = 0;
  /** Bytes of everything that is done, fetched or not. */
  #bytesDone = 0;

  listed(assets: readonly AssetToFetch[]): void {
    this.#filesTotal += assets.length;
    for (const asset of assets) this.#bytesTotal += asset.fileSize ?? 0;
  }

  listedAll(): void {
    this.#isListed = true;
  }

  /** Bytes of an asset fetched so far. */
  moved(asset: AssetToFetch, bytesDone: number): void {
    this.#bytesDone += bytesDone - (this.#inFlight.get(asset.assetId) ?? 0);
    this.#inFlight.set(asset.assetId, bytesDone);
  }

  downloaded(asset: AssetToFetch, savedAs: string, got: DownloadedContents): void {
    this.moved(asset, got.size);
    this.#inFlight.delete(asset.assetId);
    this.#downloaded++;
    this.#bytesFetched += got.size;
    if (!got.hashVerified) this.#unverified.add(savedAs);
    if (savedAs !== asset.filename) this.#renamed.add(asset.filename);
  }

  skipped(asset: AssetToFetch, savedAs: string, isVerified: boolean): void {
    this.#settle(asset);
    this.#skipped++;
    if (!isVerified) this.#unverified.add(savedAs);
  }

  kept(asset: AssetToFetch, path: string, difference: KeptFile['difference']): void {
    this.#settle(asset);
    this.#kept.push({ path, assetId: asset.assetId, filename: asset.filename, difference });
  }

  failed(asset: AssetToFetch, path: string | null, cause: unknown): void {
    this.#settle(asset);
    const error = asViError(cause);
    const { assetId, filename } = asset;
    const message = `${error.message} ${error.suggestion}`;
    this.#failures.push({ assetId, filename, path, code: error.code, message, error });
  }

  progress(): DownloadProgress {
    return {
      filesTotal: this.#filesTotal,
      listed: this.#isListed,
      bytesTotal: this.#bytesTotal,
      filesDone: this.#downloaded + this.#skipped + this.#kept.length + this.#failures.length,
      bytesDone: this.#bytesDone,
    };
  }

  result(
    saveDir: string,
    { path: folder, nameRules }: Pick<DownloadFolder, 'path' | 'nameRules'>,
  ): AssetDownloadResult {
    return new AssetDownloadResult({
      saveDir,
      folder,
      totalFiles: this.#filesTotal,
      totalDownloaded: this.#downloaded,
      totalSkipped: this.#skipped,
      totalBytes: this.#bytesFetched,
      kept: this.#kept,
      failures: this.#failures,
      renamed: lazyList(this.#renamed, (filename) => ({ filename, savedAs: savedAs(filename, nameRules) })),
      unverified: lazyList(this.#unverified, (name) => join(folder, name)),
    });
  }

  /** Its bytes need not be moved any more: they count as done, so that the progress ends at its total. */
  #settle(asset: AssetToFetch): void {
    this.moved(asset, asset.fileSize ?? 0);
    this.#inFlight.delete(asset.assetId);
  }
}

function savedAs(filename: string, nameRules: NameRules): string {
  const safe = safeFilename(filename, nameRules);
  return safe.ok ? safe.name : filename;
}

function lazyList<T>(texts: PackedTexts, item: (text: string) => T): LazyList<T> {
  return { length: texts.length, items: () => Array.from(texts, item) };
}
