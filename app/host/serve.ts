import path from 'node:path';
import type { ConnectionsOptions } from '../accounts/connections.ts';
import type { Log } from '../log.ts';
import { openMirrors } from './open-mirrors.ts';
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
  const { log } = options;
  const dataDir = path.resolve(options.dataDir);
  await using started = new AsyncDisposableStack();
  const mirrors = await openMirrors({ ...options, dataDir });
  started.defer(() => mirrors.close());
  const { engine, connections, problems } = mirrors;
  const page = await startPage({
    ...options,
    engine,
    connections,
    dataDir,
    sessionKeyDir: dataDir,
    log,
    problems,
  });
  started.defer(() => page.close());
  const running = started.move();
  return { url: page.url, runsMirrors: engine.isOwn, close: () => running.disposeAsync() };
}
