import { inspect } from 'node:util';
import { AssetsResource } from './assets/assets-resource.ts';
import { type ConfigurationOptions, resolveConfiguration } from './configuration.ts';
import { DatasetsResource } from './datasets/datasets-resource.ts';
import { ViInvalidParameterError } from './errors.ts';
import { ApiTransport } from './http.ts';
import { OrganizationsResource } from './organizations/organizations-resource.ts';
import { type RetryEvent, type RetryPolicy, retryPolicy } from './retry.ts';
import type { Service } from './service.ts';
import { SignedUrlTransport } from './signed-url.ts';
import { rulesFor } from './signed-url-rules.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

/**
 * How to reach the service. `secretKey`, `organizationId` and `endpoint` are each taken from here, else from the
 * environment (`DATATURE_VI_SECRET_KEY`, `DATATURE_VI_ORGANIZATION_ID`, `DATATURE_VI_API_ENDPOINT`), else from `configFile`.
 */
export interface ViClientOptions extends ConfigurationOptions {
  /** Begins with `dtvi_` and has 103 characters. */
  readonly secretKey?: string | undefined;
  readonly organizationId?: string | undefined;
  /** Base URL of the API; `https://api.vi.datature.com` when left out. */
  readonly endpoint?: string | undefined;
  /** Path of a JSON file with `secret_key` and `organization_id`. */
  readonly configFile?: string | undefined;
  /** Where environment variables are read from; `process.env` when left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Changes to the policy by which failed requests are repeated. */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Told of every failed try that is going to be repeated, e.g. to show that the service asked to wait. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Files of one upload that are in flight at once; 1 to 256, 16 when left out. */
  readonly uploadConcurrency?: number | undefined;
  /** Files of one download that are in flight at once; 1 to 256, 16 when left out. */
  readonly downloadConcurrency?: number | undefined;
}

const defaultConcurrency = 16;
const mostConcurrency = 256;

/**
 * A client of the Vi API.
 *
 * ```ts
 * const client = new ViClient({ secretKey, organizationId });
 * const page = await client.assets.list({ datasetId: 'dataset_abc123', pagination: { pageSize: 100 } });
 * for (const asset of page.items) console.log(asset.info());
 * await client.close();
 * ```
 *
 * Every call can be ended with a `signal`, whose reason is thrown then; every other error is a `ViError`.
 */
export class ViClient {
  readonly assets: AssetsResource;
  readonly datasets: DatasetsResource;
  readonly organizations: OrganizationsResource;
  readonly organizationId: string;
  /** Base URL of the API, without a slash at its end. */
  readonly endpoint: string;
  readonly #service: Service;
  #closed: Promise<void> | undefined;

  /** @throws ViConfigurationError when credentials are missing or malformed. */
  constructor(options: ViClientOptions = {}) {
    const configuration = resolveConfiguration(options);
    const timeouts: Timeouts = {
      connectMs: options.timeouts?.connectMs ?? defaultTimeouts.connectMs,
      idleMs: options.timeouts?.idleMs ?? defaultTimeouts.idleMs,
    };
    const retry = retryPolicy(options.retry);
    const { onRetry } = options;
    this.#service = {
      api: new ApiTransport(configuration, { retry, timeouts, onRetry }),
      signedUrls: new SignedUrlTransport(timeouts, rulesFor(configuration.endpoint)),
      organizationId: configuration.organizationId,
      retry,
      onRetry,
      uploadConcurrency: checkConcurrency(options.uploadConcurrency, 'uploadConcurrency'),
      downloadConcurrency: checkConcurrency(options.downloadConcurrency, 'downloadConcurrency'),
    };
    this.organizationId = configuration.organizationId;
    this.endpoint = configuration.endpoint;
    this.assets = new AssetsResource(this.#service);
    this.datasets = new DatasetsResource(this.#service);
    this.organizations = new OrganizationsResource(this.#service);
  }

  /** The connections to signed URLs, and what those may be: `transport` of `putContents` and `downloadContents`. */
  get signedUrls(): SignedUrlTransport {
    return this.#service.signedUrls;
  }

  /** The service's clock, milliseconds since the epoch, as its last answer has told it; undefined when it has told none yet. */
  get serviceNow(): number | undefined {
    return this.#service.api.serviceNow;
  }

  /** Closes the connections. Call it when nothing is in flight any more; a second call does no harm. */
  async close(): Promise<void> {
    this.#service.api.close();
    this.#closed ??= this.#service.signedUrls.close();
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What may be written to a log: never the secret key. */
  toJSON(): Record<string, unknown> {
    return { endpoint: this.endpoint, organizationId: this.organizationId };
  }

  [inspect.custom](): string {
    return `ViClient { endpoint: '${this.endpoint}', organizationId: '${this.organizationId}' }`;
  }
}

function checkConcurrency(value: number | undefined, parameter: string): number {
  if (value === undefined) return defaultConcurrency;
  if (Number.isInteger(value) && value >= 1 && value <= mostConcurrency) return value;
  throw new ViInvalidParameterError(
    `${parameter} ${value} is not a whole number from 1 to ${mostConcurrency}.`,
    {
      details: { parameter },
    },
  );
}
