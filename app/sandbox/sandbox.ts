import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { AssetStore, type Tags } from './asset-store.ts';
import { BlobStore } from './blob-store.ts';
import { BulkDeletes } from './bulk-delete.ts';
import { SeenContent } from './content-check.ts';
import { type NewAsset, SandboxControl } from './control.ts';
import { cameInOrder, type Database, lastingValue, leaveInOrder, openDatabase } from './database.ts';
import { DatasetStore, type NewDataset } from './dataset-store.ts';
import { isDiskFull, withoutFlood } from './disk-full.ts';
import { FaultBook, type Faults, type RouteName, routeNames } from './faults.ts';
import { makeServer } from './http-server.ts';
import { ID_PATTERN, randomId, randomSecretKey } from './identifiers.ts';
import { Ingestion } from './ingestion.ts';
import type { SandboxLimits, SandboxParts } from './parts.ts';
import { type SeedResult, seedFolder } from './seed.ts';
import { SessionStore } from './session-store.ts';
import { UrlSigner } from './signed-urls.ts';
import { makeSwitches, type SandboxSwitches } from './switches.ts';
import { Thumbnails } from './thumbnails.ts';

export interface SandboxOptions {
  /** Folder that keeps everything; made when it isn't there. */
  readonly dataDir: string;
  /** 0 (default): any that is free. */
  readonly port?: number;
  /** Without these two, the first start makes them up; the data folder keeps them. */
  readonly organizationId?: string;
  /** `dtvi_` and 98 characters. */
  readonly secretKey?: string;
  readonly switches?: Partial<SandboxSwitches>;
  readonly faults?: Faults;
  readonly limits?: Partial<SandboxLimits>;
  /** Milliseconds since the epoch; the sandbox's timers follow the real clock all the same. */
  readonly now?: () => number;
  /** Told of failures of the sandbox itself; without it they go to standard error. */
  readonly onFailure?: (error: unknown) => void;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, for clients' API endpoint. */
  readonly endpoint: string;
  readonly port: number;
  readonly organizationId: string;
  readonly secretKey: string;
  /** Change its fields at any time. */
  readonly switches: SandboxSwitches;
  /** Add to it, take from it, or assign another list. */
  faults: Faults;
  /** How many requests came for what; requests without a valid key or path are not counted. */
  readonly requests: Readonly<Record<RouteName, number>>;
  /** @throws DatasetError when the ID is taken or impossible */
  createDataset(dataset: NewDataset): { readonly datasetId: string };
  /** Gives an asset these annotations (a count for each tag) in place of those that it has. */
  annotate(datasetId: string, filenameOrAssetId: string, tags: Tags): void;
  /** Puts an asset into a dataset without a session, whatever its name and content. */
  addAsset(datasetId: string, asset: NewAsset): Promise<{ readonly assetId: string }>;
  /** The quota, and what is used of it. */
  dataRows(): { readonly used: number; readonly limit: number };
  /** Ends requests and sessions in progress (the latter go on at the next start) and closes the data folder. */
  close(): Promise<void>;
}

const DEFAULT_LIMITS: SandboxLimits = {
  dataRows: 10_000_000,
  assetsPerSession: 5_000,
  requestBytes: 64 * 1024 * 1024,
};

/** The sandbox's only address. */
const HOST = '127.0.0.1';

/**
 * Starts a server that speaks the Vi API, with a SQLite database and a folder of files behind it. It goes on where the last
 * one on the same data folder ended, whatever ended it.
 * @throws SandboxDataError when another sandbox runs on the folder
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const dataDir = path.resolve(options.dataDir);
  checkCredentials(options);
  const temporary = path.join(dataDir, 'tmp');
  await fs.mkdir(dataDir, { recursive: true });
  const db = openDatabase(dataDir);
  try {
    await fs.rm(temporary, { recursive: true, force: true });
    await fs.mkdir(temporary);

    const clock = options.now ?? Date.now;
    const switches = makeSwitches(options.switches);
    const now = () => Math.floor(clock() + switches.clockOffsetMs);
    const onFailure = withoutFlood(
      options.onFailure ?? ((error) => process.stderr.write(`Sandbox: ${describe(error)}\n`)),
      dataDir,
    );
    const faults = new FaultBook(options.faults);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const folders = { blobs: path.join(dataDir, 'blobs'), thumbnails: path.join(dataDir, 'thumbnails') };
    const thumbnails = new Thumbnails(folders.thumbnails, temporary);
    const blobs = new BlobStore(db, folders.blobs, now, (blobId) => [thumbnails.path(blobId)]);
    if (!cameInOrder(db)) {
      for (const folder of Object.values(folders)) await blobs.removeUnknown(folder);
    }
    await blobs.sweep();
    const datasets = new DatasetStore(db, now);
    const assets = new AssetStore(db, datasets, blobs, now);
    const seen = new SeenContent();
    const sessions = new SessionStore(db, blobs, now);
    const parts: SandboxParts = {
      organization: {
        organizationId: lastingValue(
          db,
          'organization',
          () => `sandbox-${randomId(8)}`,
          options.organizationId,
        ),
        createdAt: Number(lastingValue(db, 'created', () => String(now()))),
      },
      secretKey: lastingValue(db, 'secret-key', randomSecretKey, options.secretKey),
      limits,
      switches,
      faults,
      requests: makeCounters(),
      db,
      datasets,
      assets,
      sessions,
      blobs,
      seen,
      thumbnails,
      ingestion: new Ingestion({
        sessions,
        assets,
        datasets,
        blobs,
        seen,
        switches,
        faults,
        dataRowLimit: limits.dataRows,
        now,
        onFailure,
      }),
      bulkDeletes: new BulkDeletes(db, assets, blobs, now, onFailure),
      urls: new UrlSigner(
        lastingValue(db, 'url-key', () => randomBytes(32).toString('hex')),
        now,
      ),
      now,
      onFailure,
    };
    return await serve(parts, options.port ?? 0);
  } catch (error) {
    db.close();
    throw error;
  }
}

async function serve(parts: SandboxParts, wantedPort: number): Promise<Sandbox> {
  const { db, blobs, ingestion, bulkDeletes } = parts;
  const control = new SandboxControl(parts);
  const server = makeServer(parts, control);
  const endpoint = await server.listen({ host: HOST, port: wantedPort });
  parts.urls.origin = endpoint;
  ingestion.resume();
  bulkDeletes.resume();
  let closing: Promise<void> | undefined;
  const close = async () => {
    await server.close();
    await blobs.settled();
    await ingestion.close();
    await bulkDeletes.close();
    endInOrder(db);
    db.close();
  };
  return {
    endpoint,
    port: Number(new URL(endpoint).port),
    organizationId: parts.organization.organizationId,
    secretKey: parts.secretKey,
    switches: parts.switches,
    get faults() {
      return parts.faults.list;
    },
    set faults(list: Faults) {
      parts.faults.list = list;
    },
    requests: parts.requests,
    createDataset: (dataset) => control.createDataset(dataset),
    annotate: (datasetId, asset, tags) => control.annotate(datasetId, asset, tags),
    addAsset: (datasetId, asset) => control.addAsset(datasetId, asset),
    dataRows: () => control.dataRows(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/**
 * Puts the images of a folder and of those below it into a dataset: one for each filename. What is left out is in the result.
 * @throws DatasetError when there is no such dataset
 */
export async function seedDataset(sandbox: Sandbox, datasetId: string, folder: string): Promise<SeedResult> {
  return seedFolder((asset) => sandbox.addAsset(datasetId, asset), folder);
}

function checkCredentials({ secretKey, organizationId }: SandboxOptions): void {
  if (secretKey !== undefined && !/^dtvi_.{98}$/s.test(secretKey)) {
    throw new TypeError('The secret key of a sandbox is “dtvi_” and 98 characters.');
  }
  if (organizationId !== undefined && !ID_PATTERN.test(organizationId)) {
    throw new TypeError('The organization ID of a sandbox is up to 255 letters, digits, “_” and “-”.');
  }
}

/** Without room to write it down, the next start looks after what is left over, as after a kill. */
function endInOrder(db: Database): void {
  try {
    leaveInOrder(db);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

function makeCounters(): Record<RouteName, number> {
  const counters: Partial<Record<RouteName, number>> = {};
  for (const route of routeNames) counters[route] = 0;
  return counters as Record<RouteName, number>;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
