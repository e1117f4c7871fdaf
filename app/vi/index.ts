/**
 * A client of the Datature Vi API, the TypeScript peer of the official Python client.
 *
 * ```ts
 * import { ViClient } from 'vi-sync/client';
 *
 * const client = new ViClient(); // DATATURE_VI_SECRET_KEY and DATATURE_VI_ORGANIZATION_ID
 * const result = await client.assets.upload({ datasetId: 'dataset_abc123', paths: './images' });
 * console.log(result.summary());
 * for await (const asset of client.assets.list({ datasetId: 'dataset_abc123' }).allItems()) {
 *   console.log(asset.filename, asset.metadata.annotations?.total);
 * }
 * await client.close();
 * ```
 *
 * @module
 */
export * from './assets/asset.ts';
export * from './assets/assets-options.ts';
export { AssetsResource } from './assets/assets-resource.ts';
export type { AssetCustomMetadata } from './assets/custom-metadata.ts';
export type { DeleteManyAssetsSession } from './assets/delete-session.ts';
export * from './assets/download-result.ts';
export * from './assets/enums.ts';
export { type IngestionErrorText, ingestionErrorText } from './assets/ingestion-error-text.ts';
export * from './assets/ingestion-session.ts';
export * from './assets/upload-result.ts';
export { ViClient, type ViClientOptions } from './client.ts';
export { type ComparableHash, comparableHash } from './content-hash.ts';
export { type Contents, isExpired } from './contents.ts';
export * from './contents-transfer.ts';
export * from './datasets/dataset.ts';
export {
  DatasetsResource,
  type GetDatasetOptions,
  type ListDatasetsOptions,
} from './datasets/datasets-resource.ts';
export {
  type FailedPage,
  type TransferErrorOptions,
  ViAuthenticationError,
  ViConfigurationError,
  ViConflictError,
  ViDownloadError,
  ViError,
  type ViErrorOptions,
  ViFileTooLargeError,
  ViInvalidFileFormatError,
  ViInvalidParameterError,
  ViNetworkError,
  ViNotFoundError,
  ViOperationError,
  ViPermissionError,
  ViRateLimitError,
  ViResponseError,
  ViServerError,
  ViTimeoutError,
  ViUploadError,
  ViValidationError,
} from './errors.ts';
export { type FileHash, type HashFileOptions, hashFile } from './file-hash.ts';
export type { OpenEnum } from './open-enum.ts';
export * from './organizations/organization.ts';
export {
  type GetOrganizationOptions,
  type ListOrganizationsOptions,
  OrganizationsResource,
} from './organizations/organizations-resource.ts';
export type { Pace } from './pace.ts';
export {
  type FetchPage,
  PaginatedList,
  PaginatedResponse,
  type PaginationParams,
  type RawPage,
} from './pagination.ts';
export { probeNameRules } from './probe-name-rules.ts';
export { defaultRetryPolicy, type RetryEvent, type RetryPolicy } from './retry.ts';
export * from './safe-filename.ts';
export { SignedUrlTransport } from './signed-url.ts';
export type { Timeouts } from './timeouts.ts';
