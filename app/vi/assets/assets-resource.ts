import { ViOperationError } from '../errors.ts';
import type { PaginatedList } from '../pagination.ts';
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
import type { DeleteManyAssetsSession } from './delete-session.ts';
import type { AssetDownloadResult } from './download-result.ts';
import type { AssetIngestionSession } from './ingestion-session.ts';
import type { AssetUploadResult } from './upload-result.ts';

/** `client.assets`: everything that can be done with the assets of a dataset. */
export class AssetsResource {
  /** The assets of a dataset: `await` for the first page, `for await` for pages, `allItems()` for assets. */
  list(options: ListAssetsOptions): PaginatedList<Asset> {
    return unbuilt(options);
  }
  /** One asset. */
  async get(options: GetAssetOptions): Promise<Asset> {
    return unbuilt(options);
  }
  /** Deletes one asset, and its annotations with it, for good. */
  async delete(options: DeleteAssetOptions): Promise<DeletedAsset> {
    return unbuilt(options);
  }
  /** Deletes every asset that a query matches. Refused without a query: it might match everything. */
  async deleteMany(options: DeleteManyAssetsOptions): Promise<DeleteManyAssetsSession> {
    return unbuilt(options);
  }
  /** Uploads files and folders. */
  async upload(options: UploadAssetsOptions): Promise<AssetUploadResult> {
    return unbuilt(options);
  }
  /** Downloads the assets of a dataset. */
  async download(options: DownloadAssetsOptions): Promise<AssetDownloadResult> {
    return unbuilt(options);
  }
  /** Waits for the end of an ingestion session, good or bad: see `sessionState`. */
  async waitUntilDone(options: WaitUntilDoneOptions): Promise<AssetIngestionSession> {
    return unbuilt(options);
  }
  async createIngestionSession(options: CreateIngestionSessionOptions): Promise<AssetIngestionSession> {
    return unbuilt(options);
  }
  async getIngestionSession(options: GetIngestionSessionOptions): Promise<AssetIngestionSession> {
    return unbuilt(options);
  }
}

function unbuilt(options: unknown): never {
  throw new ViOperationError(`not built yet: ${JSON.stringify(options)}`);
}
