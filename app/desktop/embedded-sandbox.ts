import type { PlacedKey } from '../accounts/account-keys.ts';
import type { EngineApi } from '../contract.ts';
import type { Log } from '../log.ts';
import { fillSampleDataset } from '../sandbox/sample/sample-folder.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { ViClient, ViNotFoundError } from '../vi/index.ts';

/** The sandbox of the desktop app: an account that needs no key, with a dataset to try things on. */
export interface EmbeddedSandbox {
  readonly key: PlacedKey;
  /** Tells the mirrors of this sandbox where it listens now. Before they run. */
  attach(engine: EngineApi): Promise<void>;
  close(): Promise<void>;
}

const dataset = { datasetId: 'sample', name: 'Sample images' } as const;

/** Starts the sandbox, or goes on with it where it ended. @throws SandboxDataError when another process runs it */
export async function openSandbox({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): Promise<EmbeddedSandbox> {
  await using started = new AsyncDisposableStack();
  const sandbox = await startSandbox({
    dataDir,
    onFailure: (error) => log.error('The sandbox failed', { error }),
  });
  started.defer(() => sandbox.close());
  const { endpoint, organizationId, secretKey } = sandbox;
  const key: PlacedKey = { endpoint, organizationId, secretKey };
  if (!(await hasDataset(key))) {
    sandbox.createDataset(dataset);
    await fillSampleDataset(sandbox, dataset.datasetId);
  }
  const running = started.move();
  return {
    key,
    async attach(engine) {
      const { mirrors } = await engine.call('status', {});
      for (const mirror of mirrors) {
        if (!mirror.sandbox || mirror.organizationId !== organizationId || mirror.endpoint === endpoint)
          continue;
        const { folder, datasetId } = mirror;
        await engine.call('addMirror', { folder, endpoint, organizationId, datasetId, sandbox: true });
      }
    },
    close: () => running.disposeAsync(),
  };
}

async function hasDataset(key: PlacedKey): Promise<boolean> {
  // Nothing of the environment: its credentials are those of a real account.
  const client = new ViClient({ ...key, env: {} });
  try {
    await client.datasets.get({ datasetId: dataset.datasetId });
    return true;
  } catch (error) {
    if (error instanceof ViNotFoundError) return false;
    throw error;
  } finally {
    await client.close();
  }
}
