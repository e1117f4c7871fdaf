import { asViError } from '../as-vi-error.ts';
import type { DownloadedContents } from '../download-contents.ts';
import type { Asset } from './asset.ts';
import type { DownloadProgress } from './assets-options.ts';
import { AssetDownloadResult, type DownloadFailure, type KeptFile } from './download-result.ts';

/** Keeps count of one download. Every asset ends in exactly one of downloaded, skipped, kept and failed. */
export class DownloadTally {
  readonly #kept: KeptFile[] = [];
  readonly #failures: DownloadFailure[] = [];
  readonly #renamed: { filename: string; savedAs: string }[] = [];
  readonly #unverified: string[] = [];
  readonly #inFlight = new Map<Asset, number>();
  #filesTotal = 0;
  #bytesTotal = 0;
  #isListed = false;
  #downloaded = 0;
  #skipped = 0;
  /** Bytes of the files that arrived. */
  #bytesFetched = 0;
  /** Bytes of everything that is done, fetched or not. */
  #bytesDone = 0;

  listed(assets: readonly Asset[]): void {
    this.#filesTotal += assets.length;
    for (const asset of assets) this.#bytesTotal += asset.metadata.fileSize ?? 0;
  }

  listedAll(): void {
    this.#isListed = true;
  }

  /** Bytes of an asset fetched so far. */
  moved(asset: Asset, bytesDone: number): void {
    this.#bytesDone += bytesDone - (this.#inFlight.get(asset) ?? 0);
    this.#inFlight.set(asset, bytesDone);
  }

  downloaded(asset: Asset, savedAs: string, path: string, got: DownloadedContents): void {
    this.moved(asset, got.size);
    this.#inFlight.delete(asset);
    this.#downloaded++;
    this.#bytesFetched += got.size;
    if (!got.hashVerified) this.#unverified.push(path);
    if (savedAs !== asset.filename) this.#renamed.push({ filename: asset.filename, savedAs });
  }

  skipped(asset: Asset, path: string, isVerified: boolean): void {
    this.#settle(asset);
    this.#skipped++;
    if (!isVerified) this.#unverified.push(path);
  }

  kept(asset: Asset, path: string, difference: KeptFile['difference']): void {
    this.#settle(asset);
    this.#kept.push({ path, assetId: asset.assetId, filename: asset.filename, difference });
  }

  failed(asset: Asset, path: string | null, cause: unknown): void {
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

  result(saveDir: string, folder: string): AssetDownloadResult {
    return new AssetDownloadResult({
      saveDir,
      folder,
      totalFiles: this.#filesTotal,
      totalDownloaded: this.#downloaded,
      totalSkipped: this.#skipped,
      totalBytes: this.#bytesFetched,
      kept: this.#kept,
      failures: this.#failures,
      renamed: this.#renamed,
      unverified: this.#unverified,
    });
  }

  /** Its bytes need not be moved any more: they count as done, so that the progress ends at its total. */
  #settle(asset: Asset): void {
    this.moved(asset, asset.metadata.fileSize ?? 0);
    this.#inFlight.delete(asset);
  }
}
