import path from 'node:path';
import openInBrowser from 'open';
import { type Log, silentLog } from '../log.ts';
import { type Host, type HostOptions, startHost } from './host.ts';
import { HostStartError } from './host-error.ts';
import { type Playground, startPlayground } from './playground.ts';
import { keptSessionKey } from './session-key.ts';

export interface AppOptions {
  /** Holds the sample folder (`images`), the sandbox's data and the manifest. Made if it is not there. */
  readonly playgroundDir: string;
  /** Port of the page. When absent the usual one, so that open pages find it again, or any other when that is taken. */
  readonly port?: number;
  /** Shows the page in the person's browser. Default: no. */
  readonly openBrowser?: boolean;
  /** The built page; the project's own build when absent. */
  readonly rendererDir?: string;
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

const usualPort = 8436;
// Sources run beside `out/`, the compiled package inside it.
const builtPage = path.resolve(
  import.meta.dirname,
  import.meta.url.endsWith('.ts') ? '../../out/renderer' : '../../renderer',
);

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
  const playground = await startPlayground({ playgroundDir, log });
  started.defer(() => playground.close());
  const host = await startOnPort(options.port, {
    engine: playground.engine,
    rendererDir: options.rendererDir ?? builtPage,
    sessionKey: await keptSessionKey(playgroundDir),
    log: log.scope('host'),
  });
  started.defer(() => host.close());
  if (options.openBrowser === true) await show(host, log);
  const running = started.move();
  return {
    url: host.url,
    folder: playground.folder,
    endpoint: playground.endpoint,
    playground,
    close: () => running.disposeAsync(),
  };
}

async function startOnPort(port: number | undefined, options: HostOptions): Promise<Host> {
  if (port !== undefined) return startHost({ ...options, port });
  try {
    return await startHost({ ...options, port: usualPort });
  } catch (error) {
    if (!(error instanceof HostStartError) || error.code !== 'port-taken') throw error;
    return startHost({ ...options, port: 0 });
  }
}

/** Without a browser the printed address is still there, so a failure is only noted. */
async function show(host: Host, log: Log): Promise<void> {
  const noted = (error: unknown): void => log.warn('The browser could not be opened', { error });
  try {
    const browser = await openInBrowser(host.launchUrl());
    browser.once('error', noted);
  } catch (error) {
    noted(error);
  }
}
