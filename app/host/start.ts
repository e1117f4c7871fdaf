import path from 'node:path';
import { type Log, silentLog } from '../log.ts';
import { type Playground, type PlaygroundOptions, startPlayground } from './playground.ts';
import { type PageOptions, startPage } from './start-page.ts';

export interface AppOptions extends PageOptions {
  /** Holds the sample folder (`images`), the sandbox's data and the manifest. Made if it is not there. */
  readonly playgroundDir: string;
  /** How accounts of a real service are reached. */
  readonly connections?: PlaygroundOptions['connections'];
  readonly log?: Log;
}

export interface RunningApp {
  /** The page's address with its token, for the person who started the app. */
  readonly url: string;
  /** The mirrored folder. */
  readonly folder: string;
  /** Base URL of the sandbox's API. */
  readonly endpoint: string;
  /** What runs behind the page; closed by `close`. */
  readonly playground: Playground;
  /** Ends everything, cleanly. A kill does no harm either. */
  close(): Promise<void>;
}

/**
 * What `npm start` runs: the embedded sandbox with a dataset, a sample folder mirrored to it, and the page that shows the mirror. Each
 * start goes on where the last one ended.
 *
 * @throws HostStartError when the page is not built, or the given port is taken
 * @throws SandboxDataError, ManifestError when another Vi Sync runs on the same playground
 */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const log = options.log ?? silentLog;
  const playgroundDir = path.resolve(options.playgroundDir);
  await using started = new AsyncDisposableStack();
  const playground = await startPlayground({
    playgroundDir,
    log,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
  });
  started.defer(() => playground.close());
  const { engine, connections, dataDir } = playground;
  const host = await startPage({
    ...options,
    engine,
    connections,
    dataDir,
    cacheDir: path.join(playgroundDir, 'cache'),
    sessionKeyDir: playgroundDir,
    log,
  });
  started.defer(() => host.close());
  const running = started.move();
  return {
    url: host.url,
    folder: playground.folder,
    endpoint: playground.endpoint,
    playground,
    close: () => running.disposeAsync(),
  };
}
