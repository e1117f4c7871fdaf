import path from 'node:path';
import { createEngine, type Engine } from '../engine.ts';
import { type Log, silentLog } from '../log.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { ViClient, ViNotFoundError } from '../vi/index.ts';

export interface PlaygroundOptions {
  /** Holds everything: the sandbox's data, the manifest, and the mirrored folder unless that is elsewhere. Made if it is not there. */
  readonly playgroundDir: string;
  /** The folder that is mirrored; it must be there. */
  readonly folder: string;
  readonly log?: Log;
}

/** A mirror that works without an account: the sandbox, a dataset in it, and the engine that keeps a folder in step with it. */
export interface Playground {
  readonly engine: Engine;
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

/** Where a playground keeps the manifest. It is there once a first start has come that far. */
export const engineFolder = (playgroundDir: string): string => path.join(playgroundDir, 'engine');

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
  if (!(await hasDataset(client))) sandbox.createDataset(dataset);
  const engine = await createEngine({ dataDir: engineFolder(data), log });
  started.defer(() => engine.close());
  const { datasetId } = dataset;
  const mirrorId = await engine.addMirror({ folder: options.folder, client, datasetId, sandbox: true });
  const running = started.move();
  return {
    engine,
    mirrorId,
    folder: options.folder,
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
