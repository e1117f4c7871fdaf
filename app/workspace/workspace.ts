import type { Connections } from '../accounts/connections.ts';
import {
  type AppApi,
  type CallArgs,
  type CallName,
  type CallResult,
  type Capabilities,
  calls,
  type EngineApi,
  type EngineCallName,
  type EngineEventName,
  type EventName,
  type EventPayload,
  engineCalls,
  type Problem,
  type WorkspaceCallName,
  workspaceEvents,
} from '../contract.ts';
import { type Log, silentLog } from '../log.ts';
import { version } from '../vi/version.ts';
import { accountCalls } from './accounts.ts';
import { AppSettingsKeeper } from './app-settings.ts';
import { datasetCalls } from './datasets.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { type ChooseFolder, folderCalls, type ShowFolder } from './folders.ts';
import { Pulls } from './pulls.ts';
import { WorkspaceError } from './workspace-error.ts';
import type { WorkspaceEventName, WorkspaceHandlers, WorkspaceParts } from './workspace-parts.ts';

export interface WorkspaceOptions {
  /** Wherever it runs. Whoever has opened it closes it, after the workspace. */
  readonly engine: EngineApi;
  /** Those of the engine, where it runs in this process. */
  readonly connections: Connections;
  /** Folder of the manifest. */
  readonly dataDir: string;
  readonly log?: Log;
  /** Where the log is written; null: nowhere. */
  readonly logFile?: string | null;
  readonly env?: NodeJS.ProcessEnv;
  /** Null (default): this front end's host can't. */
  readonly showFolder?: ShowFolder | null;
  /** Null (default): this front end's host has no dialog. */
  readonly chooseFolder?: ChooseFolder | null;
  /** All false by default. */
  readonly capabilities?: Partial<Omit<Capabilities, 'showsInFolder' | 'choosesFolders'>>;
  /** What was wrong when the program started. */
  readonly problems?: readonly Problem[];
}

type Listeners = { readonly [N in WorkspaceEventName]: Set<(payload: EventPayload<N>) => void> };

/** The app as a window sees it: an engine, and accounts, datasets, pulls, folders and settings around it. */
export class Workspace implements AppApi {
  readonly #engine: EngineApi;
  readonly #log: Log;
  readonly #pulls: Pulls;
  readonly #handlers: WorkspaceHandlers;
  readonly #abort = new AbortController();
  readonly #listeners: Listeners = {
    pullChanged: new Set(),
    accountsChanged: new Set(),
    appSettingsChanged: new Set(),
  };

  private constructor(
    options: WorkspaceOptions,
    openSettings: (emit: WorkspaceParts['emit']) => AppSettingsKeeper,
  ) {
    const { engine, connections, dataDir, log = silentLog, logFile = null, env = process.env } = options;
    const { showFolder = null, chooseFolder = null, problems = [] } = options;
    this.#engine = engine;
    this.#log = log;
    const emit: WorkspaceParts['emit'] = (name, payload) => this.#emit(name, payload);
    const parts: WorkspaceParts = { engine, connections, log, signal: this.#abort.signal, emit };
    const settings = openSettings(emit);
    this.#pulls = new Pulls(parts);
    const capabilities: Capabilities = {
      startsAtLogin: false,
      notifies: false,
      knowsPower: false,
      updates: false,
      ...options.capabilities,
      showsInFolder: showFolder !== null,
      choosesFolders: chooseFolder !== null,
    };
    this.#handlers = {
      ...accountCalls(parts, { env }),
      ...datasetCalls(parts),
      ...this.#pulls.calls,
      ...folderCalls({ engine, showFolder, chooseFolder }),
      appSettings: () => settings.settings,
      changeAppSettings: (change) => settings.change(change),
      about: () => ({
        version,
        dataDir,
        logFile,
        platform: `${process.platform} ${process.arch}`,
        capabilities,
        problems: [...problems, ...(settings.problem === null ? [] : [settings.problem])],
      }),
      diagnostics: () =>
        writeDiagnostics({
          engine,
          dataDir,
          logFile,
          appSettings: settings.settings,
          pulls: this.#pulls.calls.pulls({}),
          connections,
          signal: this.#abort.signal,
        }),
    };
  }

  /** @throws WorkspaceError when the settings of the app can't be read */
  static async open(options: WorkspaceOptions): Promise<Workspace> {
    const listeners = new Set<WorkspaceParts['emit']>();
    const settings = await AppSettingsKeeper.open({
      dataDir: options.dataDir,
      startsAtLogin: options.capabilities?.startsAtLogin ?? false,
      onChange: (changed) => {
        for (const emit of listeners) emit('appSettingsChanged', changed);
      },
    });
    return new Workspace(options, (emit) => {
      listeners.add(emit);
      return settings;
    });
  }

  async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    if (this.#abort.signal.aborted) throw new WorkspaceError(closed);
    const result = isEngineCall(name)
      ? await this.#engine.call(name, args as CallArgs<typeof name>)
      : await this.#answer(name, args);
    if (name === 'changeSettings') await this.#pulls.limits.refresh();
    // The result of each name is of that name's type, which TypeScript can't follow through a table of functions.
    return result as CallResult<N>;
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    if (!isWorkspaceEvent(name)) {
      return this.#engine.on(
        name as EngineEventName,
        listener as (payload: EventPayload<EngineEventName>) => void,
      );
    }
    const own = (payload: EventPayload<N>) => listener(payload);
    const listeners: Set<typeof own> = this.#listeners[name as WorkspaceEventName & N];
    listeners.add(own);
    return () => listeners.delete(own);
  }

  /** Ends what it has begun: pulls stop, and can go on later. The engine goes on. */
  async close(): Promise<void> {
    this.#abort.abort(new DOMException('Vi Sync has been closed.', 'AbortError'));
    await this.#pulls.close();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  async #answer(name: Exclude<CallName, EngineCallName>, args: unknown): Promise<unknown> {
    const parsed = calls[name].args.safeParse(args);
    if (!parsed.success) throw new WorkspaceError(wrongArguments(name), { cause: parsed.error });
    const handler = this.#handlers[name] as (args: unknown) => unknown;
    return handler(parsed.data);
  }

  #emit<N extends WorkspaceEventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners[name]) {
      try {
        listener(payload);
      } catch (error) {
        // A front end that fails must not take the others with it.
        this.#log.error('A listener has failed', { event: name, error });
      }
    }
  }
}

function isEngineCall(name: CallName): name is EngineCallName {
  return Object.hasOwn(engineCalls, name);
}

function isWorkspaceEvent(name: EventName): name is WorkspaceEventName {
  return Object.hasOwn(workspaceEvents, name);
}

function wrongArguments(name: WorkspaceCallName): Problem {
  return {
    code: 'wrong-arguments',
    facts: { call: name },
    title: 'Not understood',
    detail: `The call “${name}” has arguments that Vi Sync does not take.`,
    suggestion: 'Reload the page: it may be of another version.',
  };
}

const closed: Problem = {
  code: 'closed',
  title: 'Vi Sync has ended',
  detail: 'Vi Sync is being closed.',
  suggestion: 'Start Vi Sync again.',
};
