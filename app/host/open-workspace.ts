import type { Connections } from '../accounts/connections.ts';
import type { EngineApi, Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import { Previews } from '../workspace/previews.ts';
import { Workspace, type WorkspaceOptions } from '../workspace/workspace.ts';

export interface WorkspaceSetUp
  extends Pick<WorkspaceOptions, 'showFolder' | 'chooseFolder' | 'capabilities' | 'logFile'> {
  readonly engine: EngineApi;
  readonly connections: Connections;
  /** Folder of the manifest. */
  readonly dataDir: string;
  /** Folder of what can be made again. */
  readonly cacheDir: string;
  readonly log: Log;
  /** What was wrong when the program started. */
  readonly problems?: readonly Problem[];
}

/** What a front end needs beside the engine, pictures included. */
export interface OpenedWorkspace {
  readonly workspace: Workspace;
  readonly previews: Previews;
  /** Ends both; the engine goes on. */
  close(): Promise<void>;
}

/** Opens what a front end shows of an engine. @throws WorkspaceError when the app's settings can't be read */
export async function openWorkspace({ cacheDir, ...options }: WorkspaceSetUp): Promise<OpenedWorkspace> {
  const { engine, connections, log } = options;
  await using started = new AsyncDisposableStack();
  const workspace = await Workspace.open({ ...options, log: log.scope('workspace') });
  started.defer(() => workspace.close());
  const previews = new Previews({ engine, connections, cacheDir, log: log.scope('previews') });
  started.defer(() => previews.close());
  const running = started.move();
  return { workspace, previews, close: () => running.disposeAsync() };
}
