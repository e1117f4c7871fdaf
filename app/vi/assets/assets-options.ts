import type { Pace } from '../pace.ts';
import type { PaginationParams } from '../pagination.ts';
import type { AssetCustomMetadata } from './custom-metadata.ts';
import type { FailureMode, ResourceRetentionMode, SortCriterion, SortOrder } from './enums.ts';
import type { AssetIngestionSession, UploadedAssetMetadata } from './ingestion-session.ts';

export interface AssetSortCriterion {
  readonly criterion: SortCriterion;
  /** Ascending when left out. */
  readonly order?: SortOrder | undefined;
}

/** Which assets. The query languages are the service's; they are passed on unchanged. */
export interface AssetQuery {
  /** A filter in the service's form, as text or as an object that is sent as JSON. */
  readonly filter?: string | Readonly<Record<string, unknown>> | undefined;
  /** E.g. `camera == "front"`. */
  readonly metadataQuery?: string | undefined;
  readonly ruleQuery?: string | undefined;
  readonly strictQuery?: boolean | undefined;
}

interface InDataset {
  /** The dataset's ID as users see it; the long form with the organization before it is taken too. */
  readonly datasetId: string;
  /** Ends the call at once; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListAssetsOptions extends InDataset, AssetQuery {
  readonly pagination?: PaginationParams | undefined;
  /** Adds signed URLs to every asset. */
  readonly contents?: boolean | undefined;
  readonly sortBy?: AssetSortCriterion | undefined;
  /** Asks the service for the page after the token rather than the token's own. */
  readonly pageAfter?: boolean | undefined;
  /**
   * Gives assets that have no ID, with an empty one. Left out: a page with such an asset fails. One without a filename makes any page fail: a
   * listing that silently lacks an asset reads as if it had been deleted, and as if its name were free.
   */
  readonly withoutId?: 'give' | undefined;
}

export interface GetAssetOptions extends InDataset {
  readonly assetId: string;
  /** Adds signed URLs. */
  readonly contents?: boolean | undefined;
}

export interface DeleteAssetOptions extends InDataset {
  readonly assetId: string;
}

export interface DeleteManyAssetsOptions extends InDataset, AssetQuery {
  /** How long to wait for the end, in milliseconds; 30 minutes when left out. */
  readonly timeoutMs?: number | undefined;
}

/** An asset that is deleted, and its annotations with it, for good. */
export interface DeletedAsset {
  readonly assetId: string;
  readonly datasetId: string;
  readonly organizationId: string;
  readonly deleted: true;
}

/** What an upload is doing now. Counts and bytes are of the whole call; they only ever fall back when a file is sent again. */
export interface UploadProgress {
  /** `uploading` (which also hashes), `processing` at the service, `done`. */
  readonly phase: 'uploading' | 'processing' | 'done';
  readonly filesTotal: number;
  readonly bytesTotal: number;
  readonly filesHashed: number;
  /** Files whose bytes the service has. */
  readonly filesSent: number;
  readonly bytesSent: number;
  /** Files that the service has confirmed. */
  readonly filesSucceeded: number;
  readonly filesFailed: number;
}

export interface UploadAssetsOptions extends InDataset {
  /** A file, a folder (read with its subfolders), or several of both. */
  readonly paths: string | readonly string[];
  /** Wait until the service has processed the files. Default true. */
  readonly waitUntilDone?: boolean | undefined;
  /** Default `FailAfterOne`. */
  readonly failureMode?: FailureMode | undefined;
  /** What happens to the annotations of an asset whose filename is uploaded again. Default `RemoveLinkedResource`, which deletes them. */
  readonly onAssetOverwritten?: ResourceRetentionMode | undefined;
  /** The same for every file, or a function of the file's path and name. */
  readonly customMetadata?:
    | AssetCustomMetadata
    | ((file: { readonly path: string; readonly filename: string }) => AssetCustomMetadata | undefined)
    | undefined;
  /** How long to wait for the service to process one session, in milliseconds; 30 minutes when left out. */
  readonly timeoutMs?: number | undefined;
  /** Asked before bytes of a file are sent: a limit of bandwidth, shared with whatever else asks the same function. */
  readonly pace?: Pace | undefined;
  /** Called at most about ten times a second, and at the end. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

export interface DownloadProgress {
  /** Assets listed so far; the total once `listed` is true. */
  readonly filesTotal: number;
  readonly listed: boolean;
  readonly bytesTotal: number;
  /** Assets dealt with: downloaded, skipped, kept or failed. */
  readonly filesDone: number;
  readonly bytesDone: number;
}

export interface DownloadAssetsOptions extends InDataset, AssetQuery {
  /** Files go to `saveDir/{datasetId}/{filename}`. Made when it does not exist. */
  readonly saveDir: string;
  /**
   * What to do with a file that exists and differs from the asset: false (default) leaves it and reports it as kept, true
   * replaces it atomically. A file that is the same is never fetched again.
   */
  readonly overwrite?: boolean | undefined;
  /** Asked after bytes of an asset have come, before more are taken: a limit of bandwidth. */
  readonly pace?: Pace | undefined;
  /** Called at most about ten times a second, and at the end. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

export interface WaitUntilDoneOptions extends InDataset {
  readonly assetIngestionSessionId: string;
  /** Time limit in milliseconds; 30 minutes when left out. */
  readonly timeoutMs?: number | undefined;
  /** Called with the session each time it has been asked for. */
  readonly onProgress?: ((session: AssetIngestionSession) => void) | undefined;
}

/** Where an ingestion session takes its files from. Left out: `managed` / `datature` / `transient`. */
export interface AssetSource {
  readonly assetSourceClass: string;
  readonly assetSourceProvider: string;
  readonly assetSourceId: string;
}

export interface CreateIngestionSessionOptions extends InDataset {
  /** 1 to 5,000 files, each filename once. */
  readonly assets: readonly UploadedAssetMetadata[];
  readonly failureMode: FailureMode;
  readonly onAssetOverwritten: ResourceRetentionMode;
  readonly source?: AssetSource | undefined;
}

export interface GetIngestionSessionOptions extends InDataset {
  readonly assetIngestionSessionId: string;
  readonly source?: AssetSource | undefined;
}
