import path from 'node:path';
import type { Connections, ConnectionsOptions } from '../accounts/connections.ts';
import type { EngineApi, Problem } from '../contract.ts';
import type { OpenedEngine } from '../host/open-engine.ts';
import { openMirrors } from '../host/open-mirrors.ts';
import { type OpenedWorkspace, openWorkspace } from '../host/open-workspace.ts';
import { startPlayground } from '../host/playground.ts';
import type { Log } from '../log.ts';
import type { ChooseFolder, ShowFolder } from '../workspace/folders.ts';
import { openSandbox } from './embedded-sandbox.ts';
import type { EngineStart } from './messages.ts';

export interface DesktopAppOptions {
  readonly start: EngineStart;
  readonly log: Log;
  readonly logFile: string;
  readonly signal: AbortSignal;
  readonly showFolder: ShowFolder;
  readonly chooseFolder: ChooseFolder;
  readonly connections?: Omit<ConnectionsOptions, 'log' | 'sandbox'>;
}

interface Behind {
  readonly engine: EngineApi;
  readonly connections: Connections;
  readonly dataDir: string;
  readonly problems: readonly Problem[];
  close(): Promise<void>;
}

/**
 * What runs behind the desktop app's window: the mirrors with an embedded sandbox beside them, or the playground; and what a window needs
 * around them.
 *
 * @throws ManifestError, WorkspaceError, SandboxDataError; errors of the disk; the signal's reason
 */
export async function openDesktopApp(options: DesktopAppOptions): Promise<OpenedWorkspace> {
  const { start, log, logFile, showFolder, chooseFolder } = options;
  await using started = new AsyncDisposableStack();
  const { close, ...behind } = await (start.isPlayground ? playground(options) : mirrors(options));
  started.defer(close);
  const opened = await openWorkspace({
    ...behind,
    cacheDir: start.cacheDir,
    log,
    logFile,
    showFolder,
    chooseFolder,
    capabilities: { startsAtLogin: true, notifies: true, knowsPower: true, updates: start.hasUpdates },
  });
  started.defer(() => opened.close());
  const running = started.move();
  return { ...opened, close: () => running.disposeAsync() };
}

async function mirrors({ start, log, signal, connections }: DesktopAppOptions): Promise<Behind> {
  const { dataDir, systemProxy } = start;
  await using started = new AsyncDisposableStack();
  const sandbox = await openSandbox({ dataDir: path.join(dataDir, 'sandbox'), log: log.scope('sandbox') });
  started.defer(() => sandbox.close());
  const opened = await openMirrors({
    dataDir,
    log,
    signal,
    systemProxy,
    connections: { ...connections, sandbox: sandbox.key },
    beforeStart: (engine: OpenedEngine) => sandbox.attach(engine),
  });
  started.defer(() => opened.close());
  const running = started.move();
  const { engine, problems } = opened;
  return {
    engine,
    connections: opened.connections,
    dataDir,
    problems,
    close: () => running.disposeAsync(),
  };
}

async function playground({ start, log, connections }: DesktopAppOptions): Promise<Behind> {
  const opened = await startPlayground({
    playgroundDir: start.dataDir,
    log,
    ...(connections === undefined ? {} : { connections }),
  });
  const { engine, dataDir } = opened;
  return {
    engine,
    connections: opened.connections,
    dataDir,
    problems: [],
    close: () => opened.close(),
  };
}
