import path from 'node:path';
import type { Log } from '../log.ts';
import { readAppSettings } from '../workspace/app-settings-file.ts';
import { applyNetworkSettings } from '../workspace/network-settings.ts';
import { type ConnectionsOptions, openConnections } from './connections.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { type PageOptions, startPage } from './start-page.ts';

export interface ServeOptions extends PageOptions {
  /** Folder of the manifest; made if it is not there. */
  readonly dataDir: string;
  /** Folder of what can be made again. */
  readonly cacheDir: string;
  readonly log: Log;
  /** Ends the waiting for an engine that another process has. */
  readonly signal: AbortSignal;
  readonly connections?: Omit<ConnectionsOptions, 'log'>;
}

export interface Served {
  /** The page's address with its token, for the person who started the program. */
  readonly url: string;
  /** False while the mirrors run in another process. */
  readonly runsMirrors: boolean;
  /** Ends everything, cleanly. */
  close(): Promise<void>;
}

/**
 * What `vi-sync serve` runs: the mirrors of a data folder, in this process or in the one that runs them already, and the page that shows
 * them, with accounts, datasets and pulls.
 *
 * @throws HostStartError, ManifestError, WorkspaceError; the signal's reason
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { log, signal } = options;
  const dataDir = path.resolve(options.dataDir);
  // Before the first connection is made.
  const { settings } = await readAppSettings(dataDir, Date.now());
  const problems = await applyNetworkSettings(settings);
  for (const { code, detail } of problems)
    log.warn('A setting of the network can’t be used', { code, detail });
  await using started = new AsyncDisposableStack();
  const connections = openConnections({ log: log.scope('service'), ...options.connections });
  started.defer(() => connections.close());
  const engine = await openEngine({ dataDir, log, signal, connections });
  started.defer(() => engine.close());
  await engine.call('start', { mirrorId: null });
  void keepRunning(engine, log);
  const page = await startPage({
    ...options,
    engine,
    connections,
    dataDir,
    sessionKeyDir: dataDir,
    problems,
  });
  started.defer(() => page.close());
  const running = started.move();
  return { url: page.url, runsMirrors: engine.isOwn, close: () => running.disposeAsync() };
}

/** When the process that runs the mirrors ends, this one takes over, or finds the next, also while nobody looks at the page. */
async function keepRunning(engine: OpenedEngine, log: Log): Promise<void> {
  try {
    while (!engine.isOwn) {
      await engine.lost;
      await engine.call('status', {});
    }
  } catch (error) {
    // Most likely the program is ending; if not, the next call of the page tries again and tells.
    log.warn('The engine was lost', { error });
  }
}
