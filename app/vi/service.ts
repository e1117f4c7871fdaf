import type { ApiTransport } from './http.ts';
import { checkId, wireDatasetId } from './ids.ts';
import type { RetryEvent, RetryPolicy } from './retry.ts';
import type { SignedUrlTransport } from './signed-url.ts';

/** What the resources of a client share: the way to the service and how to use it. */
export interface Service {
  readonly api: ApiTransport;
  readonly signedUrls: SignedUrlTransport;
  readonly organizationId: string;
  readonly retry: RetryPolicy;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
  /** Files in flight at once. */
  readonly uploadConcurrency: number;
  readonly downloadConcurrency: number;
}

/** Path of a dataset, as parts. */
export function datasetPath(service: Service, datasetId: string): string[] {
  return ['workspaces', service.organizationId, 'datasets', wireDatasetId(datasetId, service.organizationId)];
}

/** Path of an asset, as parts. */
export function assetPath(service: Service, datasetId: string, assetId: string): string[] {
  return [...datasetPath(service, datasetId), 'assets', checkId(assetId, 'assetId')];
}
