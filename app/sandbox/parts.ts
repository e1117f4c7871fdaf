import type { AssetStore } from './asset-store.ts';
import type { BlobStore } from './blob-store.ts';
import type { BulkDeletes } from './bulk-delete.ts';
import type { SeenContent } from './content-check.ts';
import type { Database } from './database.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { FaultBook, RouteName } from './faults.ts';
import type { Ingestion } from './ingestion.ts';
import type { SessionStore } from './session-store.ts';
import type { UrlSigner } from './signed-urls.ts';
import type { SandboxSwitches } from './switches.ts';
import type { Thumbnails } from './thumbnails.ts';
import type { Organization } from './wire.ts';

/** What the service limits and publishes. */
export interface SandboxLimits {
  /** The organization's quota of data rows. */
  readonly dataRows: number;
  readonly assetsPerSession: number;
  /** Of a JSON request, in bytes. */
  readonly requestBytes: number;
}

/** Everything that a request may need. */
export interface SandboxParts {
  readonly organization: Organization;
  readonly secretKey: string;
  readonly limits: SandboxLimits;
  readonly switches: SandboxSwitches;
  readonly faults: FaultBook;
  readonly requests: Record<RouteName, number>;
  readonly db: Database;
  readonly datasets: DatasetStore;
  readonly assets: AssetStore;
  readonly sessions: SessionStore;
  readonly blobs: BlobStore;
  readonly seen: SeenContent;
  readonly thumbnails: Thumbnails;
  readonly ingestion: Ingestion;
  readonly bulkDeletes: BulkDeletes;
  readonly urls: UrlSigner;
  /** The service's clock: milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of what goes wrong inside the sandbox itself. */
  readonly onFailure: (error: unknown) => void;
}
