import path from 'node:path';
import openByDefault from 'open';
import type { Connections } from '../accounts/connections.ts';
import type { EngineApi, Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Host, type HostOptions, startHost } from './host.ts';
import { HostStartError } from './host-error.ts';
import { openWorkspace } from './open-workspace.ts';
import { keptSessionKey } from './session-key.ts';

export interface PageOptions {
  /** Port of the page. When absent the usual one, so that open pages find it again, or any other when that is taken. */
  readonly port?: number;
  /** Shows the page in the person's browser. Default: no. */
  readonly openBrowser?: boolean;
  /** The built page; the project's own build when absent. */
  readonly rendererDir?: string;
  /** Where the log is written. */
  readonly logFile?: string;
}

export interface PageSetUp extends PageOptions {
  readonly engine: EngineApi;
  readonly connections: Connections;
  /** Folder of the manifest. */
  readonly dataDir: string;
  /** Folder of what can be made again. */
  readonly cacheDir: string;
  /** Folder of the key that signs the page's cookie. */
  readonly sessionKeyDir: string;
  readonly log: Log;
  /** What was wrong when the program started. */
  readonly problems?: readonly Problem[];
}

/** The page, and the workspace that it shows. */
export interface Page {
  readonly workspace: Workspace;
  /** The page's address with its token, for the person who started the program. */
  readonly url: string;
  /** Ends both; the engine goes on. */
  close(): Promise<void>;
}

const usualPort = 8436;
// Sources run beside `out/`, the compiled package inside it.
const builtPage = path.resolve(
  import.meta.dirname,
  import.meta.url.endsWith('.ts') ? '../../out/renderer' : '../../renderer',
);

/**
 * Shows an engine, and what is around it, as a page on this computer.
 *
 * @throws HostStartError when the page is not built, or the given port is taken; WorkspaceError when the app's settings can't be read
 */
export async function startPage(options: PageSetUp): Promise<Page> {
  const { log } = options;
  await using started = new AsyncDisposableStack();
  const { workspace, previews, close } = await openWorkspace({
    ...options,
    showFolder: (folder) => show(folder, log),
  });
  started.defer(close);
  const host = await startOnPort(options.port, {
    app: workspace,
    previews,
    rendererDir: options.rendererDir ?? builtPage,
    sessionKey: await keptSessionKey(options.sessionKeyDir),
    log: log.scope('host'),
  });
  started.defer(() => host.close());
  if (options.openBrowser === true) await show(host.launchUrl(), log);
  const running = started.move();
  return { workspace, url: host.url, close: () => running.disposeAsync() };
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

/** Opens an address in the browser, or a folder in the file manager. Without either a person has its name, so a failure is only noted. */
async function show(what: string, log: Log): Promise<void> {
  const noted = (error: unknown): void => log.warn('A window could not be opened', { error });
  try {
    const program = await openByDefault(what);
    program.once('error', noted);
  } catch (error) {
    noted(error);
  }
}
