import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Connections, type ConnectionsOptions, openConnections } from '../accounts/connections.ts';
import { createEngine, type Engine } from '../engine.ts';
import { type Log, silentLog } from '../log.ts';
import { fillSampleDataset, makeSampleFolder } from '../sandbox/sample/sample-folder.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { ViClient, ViNotFoundError } from '../vi/index.ts';
import { serveOnSocket } from './engine-socket.ts';
import { giveMemoryBackAtRest } from './rest-memory.ts';

export interface PlaygroundOptions {
  /** Holds everything: the sandbox's data, the manifest, and the mirrored folder unless that is elsewhere. Made if it is not there. */
  readonly playgroundDir: string;
  /** The folder that is mirrored, which must be there. When absent, `images` with the sample, and a dataset that has more of it. */
  readonly folder?: string;
  readonly log?: Log;
  /** How real services are reached, for mirrors and accounts that a person adds; by environment and keychain when left out. */
  readonly connections?: Omit<ConnectionsOptions, 'sandbox' | 'log'>;
}

/** A mirror that works without an account: the sandbox, a dataset in it, and the engine that keeps a folder in step with it. */
export interface Playground {
  readonly engine: Engine;
  /** Folder of the manifest. */
  readonly dataDir: string;
  /** To the sandbox, and to whatever accounts a person has. */
  readonly connections: Connections;
  /** Speaks to the sandbox; closed by `close`. */
  readonly client: ViClient;
  readonly mirrorId: string;
  readonly folder: string;
  /** Base URL of the sandbox's API. */
  readonly endpoint: string;
  readonly datasetId: string;
  /** Of the sandbox, as is the key: they open nothing but it. */
  readonly organizationId: string;
  readonly secretKey: string;
  close(): Promise<void>;
}

const dataset = { datasetId: 'sample', name: 'Sample images' } as const;

/**
 * Starts the playground, or goes on with it where it ended. What was started is closed again when a later part fails.
 *
 * @throws SandboxDataError, ManifestError when another Vi Sync runs on the folder
 * @throws EngineError when the mirrored folder is not there
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const log = options.log ?? silentLog;
  const data = path.resolve(options.playgroundDir);
  await mkdir(data, { recursive: true });
  await using started = new AsyncDisposableStack();
  const sandbox = await startSandbox({
    dataDir: path.join(data, 'sandbox'),
    onFailure: (error) => log.error('The sandbox failed', { error }),
  });
  started.defer(() => sandbox.close());
  const { endpoint, organizationId, secretKey } = sandbox;
  // Nothing of the environment: its credentials are those of a real account.
  const client = new ViClient({ endpoint, organizationId, secretKey, env: {} });
  started.defer(() => client.close());
  const connections = openConnections({
    log: log.scope('service'),
    sandbox: { endpoint, organizationId, secretKey },
    ...options.connections,
  });
  started.defer(() => connections.close());
  const { datasetId } = dataset;
  const folder = options.folder ?? path.join(data, 'images');
  const engineDir = path.join(data, 'engine');
  // Later starts leave both sides as they are: a picture that a person deleted stays deleted.
  const isFirst = !existsSync(engineDir);
  const isSample = options.folder === undefined;
  if (!(await hasDataset(client))) sandbox.createDataset(dataset);
  if (isSample && isFirst) await fillSampleDataset(sandbox, datasetId);
  if (isSample && (isFirst || !existsSync(folder))) await makeSampleFolder(folder);
  const engine = await createEngine({
    dataDir: engineDir,
    connect: connections.connect,
    log,
  });
  started.defer(() => engine.close());
  started.defer(giveMemoryBackAtRest(engine));
  const mirrorId = await engine.addMirror({
    folder,
    endpoint,
    organizationId,
    datasetId,
    sandbox: true,
    go: true,
  });
  // Those that a person has added.
  engine.start();
  const socket = await serveOnSocket(engine, engineDir, log.scope('socket'));
  started.defer(async () => socket?.close());
  const running = started.move();
  return {
    engine,
    dataDir: engineDir,
    connections,
    client,
    mirrorId,
    folder,
    endpoint,
    datasetId,
    organizationId,
    secretKey,
    close: () => running.disposeAsync(),
  };
}

async function hasDataset(client: ViClient): Promise<boolean> {
  try {
    await client.datasets.get({ datasetId: dataset.datasetId });
    return true;
  } catch (error) {
    if (error instanceof ViNotFoundError) return false;
    throw error;
  }
}
