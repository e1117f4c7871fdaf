import { type Connections, type ConnectionsOptions, openConnections } from '../accounts/connections.ts';
import type { Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import { readAppSettings } from '../workspace/app-settings-file.ts';
import { applyNetworkSettings } from '../workspace/network-settings.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';

export interface MirrorsOptions {
  /** Folder of the manifest, absolute; made if it is not there. */
  readonly dataDir: string;
  readonly log: Log;
  /** Ends the waiting for an engine that another process has. */
  readonly signal: AbortSignal;
  readonly connections?: Omit<ConnectionsOptions, 'log'>;
  /** The system's, for whoever has named none. */
  readonly systemProxy?: string | null;
  /** With the engine as it is before its mirrors run. */
  readonly beforeStart?: (engine: OpenedEngine) => Promise<void>;
}

/** The mirrors of a data folder, which run. */
export interface OpenedMirrors {
  readonly engine: OpenedEngine;
  readonly connections: Connections;
  /** What of the settings can't be used. */
  readonly problems: readonly Problem[];
  /** Ends the engine where it is an own one, and the connections. */
  close(): Promise<void>;
}

/**
 * Runs the mirrors of a data folder, in this process or in the one that runs them already. When that one ends, this one takes over, or finds
 * the next.
 *
 * @throws ManifestError; errors of the disk; the signal's reason
 */
export async function openMirrors(options: MirrorsOptions): Promise<OpenedMirrors> {
  const { dataDir, log, signal, systemProxy = null } = options;
  // Before the first connection is made.
  const { settings } = await readAppSettings(dataDir, Date.now());
  const { extraCaFile } = settings;
  const proxy = settings.proxy ?? (hasProxy(process.env) ? null : systemProxy);
  const problems = await applyNetworkSettings({ proxy, extraCaFile });
  for (const { code, detail } of problems)
    log.warn('A setting of the network can’t be used', { code, detail });
  await using started = new AsyncDisposableStack();
  const connections = openConnections({ log: log.scope('service'), ...options.connections });
  started.defer(() => connections.close());
  const engine = await openEngine({ dataDir, log, signal, connections });
  started.defer(() => engine.close());
  await options.beforeStart?.(engine);
  await engine.call('start', { mirrorId: null });
  void keepRunning(engine, log);
  const running = started.move();
  return { engine, connections, problems, close: () => running.disposeAsync() };
}

function hasProxy(env: NodeJS.ProcessEnv): boolean {
  return ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some((name) => (env[name] ?? '') !== '');
}

/** Also while nobody looks at a page. */
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
