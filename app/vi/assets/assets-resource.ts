import type { Contents } from '../contents.ts';
import {
  type DownloadContentsOptions,
  type DownloadedContents,
  downloadContents,
} from '../download-contents.ts';
import type { PaginatedList } from '../pagination.ts';
import type { Service } from '../service.ts';
import type { Asset } from './asset.ts';
import type {
  CreateIngestionSessionOptions,
  DeleteAssetOptions,
  DeletedAsset,
  DeleteManyAssetsOptions,
  DownloadAssetsOptions,
  GetAssetOptions,
  GetIngestionSessionOptions,
  ListAssetsOptions,
  UploadAssetsOptions,
  WaitUntilDoneOptions,
} from './assets-options.ts';
import { deleteAsset } from './delete-asset.ts';
import { deleteMany } from './delete-many.ts';
import type { DeleteManyAssetsSession } from './delete-session.ts';
import { downloadAssets } from './download-assets.ts';
import type { AssetDownloadResult } from './download-result.ts';
import { getAsset } from './get-asset.ts';
import type { AssetIngestionSession } from './ingestion-session.ts';
import { listAssets } from './list-assets.ts';
import { createIngestionSession, getIngestionSession } from './session-requests.ts';
import { uploadAssets } from './upload-assets.ts';
import type { AssetUploadResult } from './upload-result.ts';
import { waitUntilDone } from './wait-until-done.ts';

/**
 * `client.assets`: everything that can be done with the assets of a dataset.
 *
 * ```ts
 * const sorted = client.assets.list({
 *   datasetId: 'dataset_abc123',
 *   sortBy: { criterion: SortCriterion.FILENAME, order: SortOrder.DESC },
 * });
 * for await (const page of sorted) console.log(page.items.length, page.nextPage);
 * ```
 */
export class AssetsResource {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /**
   * The assets of a dataset: `await` for the first page, `for await` for page after page, `allItems()` for asset after
   * asset. A page that fails throws an error whose `page` names it: go on from there with
   * `pagination: { pageToken: error.page.pageToken }`.
   */
  list(options: ListAssetsOptions): PaginatedList<Asset> {
    return listAssets(this.#service, options);
  }

  /**
   * One asset.
   *
   * @throws ViNotFoundError
   */
  async get(options: GetAssetOptions): Promise<Asset> {
    return await getAsset(this.#service, options);
  }

  /**
   * Deletes one asset, and its annotations with it, for good.
   *
   * @throws ViNotFoundError
   */
  async delete(options: DeleteAssetOptions): Promise<DeletedAsset> {
    return await deleteAsset(this.#service, options);
  }

  /**
   * Deletes every asset that a query matches, and their annotations, for good; waits for the end. Refused without a
   * query, which might match everything. The session that is returned may have failed: see `sessionState`.
   *
   * @throws ViInvalidParameterError without a query; ViTimeoutError
   */
  async deleteMany(options: DeleteManyAssetsOptions): Promise<DeleteManyAssetsSession> {
    return await deleteMany(this.#service, options);
  }

  /**
   * Uploads files and folders. A folder is read with its subfolders; files in it that are hidden or no supported images are
   * left out. The asset's filename is the file's base name, and a dataset has one asset of each filename: two files of one
   * base name are refused before a byte is sent.
   *
   * What happens to single files is in the result, not thrown: see `failures`, or call `throwIfFailed()`. With
   * `FailAfterOne` (the default) the first failure ends the upload, and what was not begun is in `notAttempted`.
   *
   * ```ts
   * const result = await client.assets.upload({ datasetId: 'dataset_abc123', paths: ['./train', './extra.png'] });
   * console.log(result.summary());
   * ```
   *
   * @throws ViInvalidParameterError (code `DuplicateFilename` for two files of one name), ViInvalidFileFormatError for a
   * file that was named itself and has an unsupported extension; ViOperationError for a path that does not exist; any
   * error of the first request, as long as nothing was sent; the signal's reason.
   */
  async upload(options: UploadAssetsOptions): Promise<AssetUploadResult> {
    return await uploadAssets(this.#service, options);
  }

  /**
   * Downloads the assets of a dataset to `saveDir/{datasetId}/{filename}`. Every file is checked by size and hash before it
   * gets its name, and nothing is written outside that folder, whatever the assets are called (see `safeFilename`). A file
   * that exists is compared: when it is the same it is skipped, otherwise kept or replaced, as `overwrite` says.
   *
   * What happens to single assets is in the result, not thrown: see `failures`, or call `throwIfFailed()`.
   *
   * @throws ViPermissionError or ViOperationError when `saveDir` can't be written to; errors of the listing, which name the
   * page; the signal's reason.
   */
  async download(options: DownloadAssetsOptions): Promise<AssetDownloadResult> {
    return await downloadAssets(this.#service, options);
  }

  /**
   * Fetches the bytes behind one signed URL into a file of the caller's, with this client's connections and its policy of repeating.
   * Lower level: `download` does all of it. See `downloadContents` for what is checked, resumed and thrown.
   */
  async fetchContents(
    contents: Contents,
    targetPath: string,
    options: Omit<DownloadContentsOptions, 'retry' | 'onRetry' | 'transport'> = {},
  ): Promise<DownloadedContents> {
    const { retry, onRetry, signedUrls } = this.#service;
    return await downloadContents(contents, targetPath, {
      ...options,
      retry,
      onRetry,
      transport: signedUrls,
    });
  }

  /**
   * Waits for the end of an ingestion session, asking more and more seldom. The session that is returned may have failed:
   * see `sessionState`, `status.progressCount` and `status.events`.
   *
   * @throws ViTimeoutError after `timeoutMs`; the signal's reason
   */
  async waitUntilDone(options: WaitUntilDoneOptions): Promise<AssetIngestionSession> {
    return await waitUntilDone(this.#service, options);
  }

  /**
   * Announces files to the service; the answer's `status.assets` has a signed URL for each. Lower level: `upload` does all
   * of it.
   *
   * @throws ViRateLimitError when the budget of sessions is spent and waiting did not help
   */
  async createIngestionSession(options: CreateIngestionSessionOptions): Promise<AssetIngestionSession> {
    return await createIngestionSession(this.#service, options);
  }

  /** Where an ingestion session stands now. */
  async getIngestionSession(options: GetIngestionSessionOptions): Promise<AssetIngestionSession> {
    return await getIngestionSession(this.#service, options);
  }
}
