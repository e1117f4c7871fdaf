import { AssetsResource } from './assets/assets-resource.ts';
import { DatasetsResource } from './datasets/datasets-resource.ts';
import { OrganizationsResource } from './organizations/organizations-resource.ts';
import type { RetryPolicy } from './retry.ts';

export interface ViClientOptions {
  /** Begins with `dtvi_` and has 103 characters. */
  readonly secretKey?: string | undefined;
  readonly organizationId?: string | undefined;
  /** Base URL of the API; `https://api.vi.datature.com` when left out. */
  readonly endpoint?: string | undefined;
  /** Path of a JSON file with `secret_key` and `organization_id`. */
  readonly configFile?: string | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly timeouts?:
    | { readonly connectMs?: number | undefined; readonly idleMs?: number | undefined }
    | undefined;
  /** Files in flight at once. */
  readonly uploadConcurrency?: number | undefined;
  readonly downloadConcurrency?: number | undefined;
  /** Where environment variables are read from; `process.env` when left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A client of the Vi API. */
export class ViClient {
  readonly assets = new AssetsResource();
  readonly datasets = new DatasetsResource();
  readonly organizations = new OrganizationsResource();
  readonly organizationId: string;
  readonly endpoint: string;

  /** @throws ViConfigurationError when credentials are missing or malformed. */
  constructor(options: ViClientOptions = {}) {
    this.organizationId = options.organizationId ?? '';
    this.endpoint = options.endpoint ?? 'https://api.vi.datature.com';
  }

  /** Closes idle connections. Calls in flight end first. */
  async close(): Promise<void> {}
}
