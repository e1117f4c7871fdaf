import type { ResourceCondition, ResourceMetadata } from './ingestion-session.ts';

/** A deletion of every asset that a query matches, as the service carries it out. */
export interface DeleteManyAssetsSession {
  readonly organizationId: string;
  readonly datasetId: string;
  readonly deleteManyAssetsSessionId: string;
  readonly selfLink: string;
  readonly etag: string;
  readonly metadata: ResourceMetadata;
  readonly status: { readonly conditions: readonly ResourceCondition[] };
}
