import type { Contents } from '../contents.ts';
import type { OpenEnum } from '../open-enum.ts';
import type { AssetCustomMetadata } from './custom-metadata.ts';
import type {
  AssetIngestionError,
  AssetKind,
  ConditionStatus,
  FailureMode,
  ResourceRetentionMode,
} from './enums.ts';

/** One file as it is announced to the service, before its bytes are sent. */
export interface UploadedAssetMetadata {
  readonly kind: OpenEnum<AssetKind>;
  /** Base name; the dataset has one asset of each name. */
  readonly filename: string;
  readonly mime: string;
  /** Bytes. */
  readonly size: number;
  /** CRC-32C of the content as a signed 32-bit integer. */
  readonly crc32c?: number | undefined;
  readonly customMetadata?: AssetCustomMetadata | undefined;
}

/** An announced file and the signed URL that takes its bytes. */
export interface AssetForUpload {
  readonly metadata: UploadedAssetMetadata;
  readonly upload: Contents;
}

/** Bookkeeping of a resource at the service. Times are milliseconds since the epoch. */
export interface ResourceMetadata {
  readonly timeCreated?: number | undefined;
  readonly lastUpdated?: number | undefined;
  readonly generation?: number | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** One step of a session's life. */
export interface ResourceCondition {
  /** `Started`, `Finished`, … */
  readonly condition: string;
  readonly status: OpenEnum<ConditionStatus>;
  readonly lastTransitionTime?: number | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** Files that the service did not take. */
export interface AssetIngestionEventError {
  readonly kind: 'Error';
  /** Filename → code. */
  readonly files: Readonly<Record<string, OpenEnum<AssetIngestionError>>>;
  readonly corrections?: Readonly<Record<string, unknown>> | undefined;
  readonly time?: number | undefined;
}

/** How far the service's own tasks are. */
export interface AssetIngestionEventProgress {
  readonly kind: 'Progress';
  readonly tasks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly time?: number | undefined;
}

export type AssetIngestionEvent = AssetIngestionEventError | AssetIngestionEventProgress;

export interface AssetIngestionProgressCount {
  readonly total: number;
  readonly succeeded: number;
  readonly errored: number;
}

export interface AssetIngestionSessionSpec {
  /** `Upload`. */
  readonly kind: string;
  readonly failureMode: OpenEnum<FailureMode>;
  readonly onAssetOverwritten: OpenEnum<ResourceRetentionMode>;
  readonly assets?: readonly UploadedAssetMetadata[] | undefined;
}

export interface AssetIngestionSessionStatus {
  readonly conditions: readonly ResourceCondition[];
  /** Events of a kind that this client does not know are left out. */
  readonly events: readonly AssetIngestionEvent[];
  readonly progressCount: AssetIngestionProgressCount;
  /** The signed URLs; only in the answer to its creation. */
  readonly assets?: readonly AssetForUpload[] | undefined;
}

/** One ingestion session: up to 5,000 files announced together, and what the service made of them. */
export interface AssetIngestionSession {
  readonly organizationId: string;
  readonly datasetId: string;
  readonly assetIngestionSessionId: string;
  readonly assetSourceClass: string;
  readonly assetSourceProvider: string;
  readonly assetSourceId: string;
  readonly selfLink: string;
  readonly etag: string;
  readonly metadata: ResourceMetadata;
  readonly spec: AssetIngestionSessionSpec;
  readonly status: AssetIngestionSessionStatus;
}

/** Where a session stands: `failed` when any of its conditions can't be reached any more. */
export type SessionState = 'running' | 'finished' | 'failed';

/** Reads {@link SessionState} off a session's conditions. */
export function sessionState(session: {
  readonly status: Pick<AssetIngestionSessionStatus, 'conditions'>;
}): SessionState {
  const conditions = session.status.conditions;
  if (conditions.some((condition) => condition.status === 'FailedReach')) return 'failed';
  const finished = conditions.some(
    (condition) => condition.condition === 'Finished' && condition.status === 'Reached',
  );
  return finished ? 'finished' : 'running';
}
