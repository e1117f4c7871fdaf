import path from 'node:path';
import type { z } from 'zod';
import {
  type CallArgs,
  type CallName,
  type CallResult,
  type Calls,
  calls,
  type EngineApi,
  type EventName,
  type EventPayload,
  type FileRow,
  type MirrorStatus,
  type Problem,
} from './contract.ts';
import type { Connect, DatasetAddress, Environment } from './engine/environment.ts';
import { MirrorLoop } from './engine/mirror-loop.ts';
import { statusOf, stoppedFacts } from './engine/mirror-status.ts';
import { realClock, realRandomness } from './engine/real-clock.ts';
import { realDisk } from './engine/real-disk.ts';
import { defaultTiming, type Timing } from './engine/timing.ts';
import { type Log, silentLog } from './log.ts';
import type { EntryRow } from './manifest/entry-table.ts';
import { type Manifest, openManifest } from './manifest/manifest.ts';
import type { MirrorRecord } from './manifest/mirror-table.ts';
import { baseNameOf } from './manifest/path-key.ts';
import { probeFoldsCase } from './observe/case-probe.ts';
import { systemCode } from './observe/file-stamp.ts';
import { checkRoot, writeMarker } from './observe/root-guard.ts';
import { type BudgetLimit, SessionBudget } from './transfer/session-budget.ts';

export interface EngineOptions {
  /** Folder of the manifest; made if it is not there. Only one engine at a time can have it. */
  readonly dataDir: string;
  readonly log?: Log;
  /** Changes to how often the engine looks, and how long it waits. */
  readonly timing?: Partial<Timing>;
  /** What the service allows; its documented budget when left out. */
  readonly sessionBudget?: BudgetLimit;
  /** How datasets are reached. */
  readonly connect: Connect;
  /** Changes to the rest of the world that the engine works in; the real one when left out. */
  readonly environment?: Partial<Omit<Environment, 'connect'>>;
}

export interface NewMirrorOptions extends DatasetAddress {
  /** Absolute path. */
  readonly folder: string;
  /** True when the service is the embedded sandbox. */
  readonly sandbox: boolean;
}

export interface Engine extends EngineApi {
  /**
   * Begins to mirror a folder, or goes on with it where an earlier engine has ended. The mirror of a folder and a dataset has the same
   * ID whenever it is added.
   *
   * @throws EngineError when a folder that was never mirrored is not there, or when the mirror runs already
   */
  addMirror(options: NewMirrorOptions): Promise<string>;
  /**
   * Resolves when the phase is `in-sync` or `attention` and nothing is under way or about to be. What nobody has noticed yet is not
   * waited for: after a change to the folder call `syncNow` first.
   */
  settled(mirrorId: string): Promise<MirrorStatus>;
  /** Ends everything, cleanly and soon; nothing runs any more when it resolves. */
  close(): Promise<void>;
}

/** A call that the engine can't carry out. `problem` says why, in words. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

/**
 * Opens the engine on a data folder.
 *
 * @throws ManifestError when another engine has the folder, or the manifest can't be opened
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  return new RunningEngine(options, openManifest(path.resolve(options.dataDir)));
}

type Handlers = {
  readonly [N in CallName]: (args: z.output<Calls[N]['args']>) => CallResult<N>;
};

type Listeners = { readonly [N in EventName]: Set<(payload: EventPayload<N>) => void> };

class RunningEngine implements Engine {
  readonly #manifest: Manifest;
  readonly #environment: Environment;
  readonly #timing: Timing;
  readonly #log: Log;
  readonly #budget: SessionBudget;
  readonly #loops = new Map<string, MirrorLoop>();
  readonly #listeners: Listeners = {
    mirrorChanged: new Set(),
    filesChanged: new Set(),
    activityAdded: new Set(),
  };
  readonly #handlers: Handlers = {
    status: () => ({ mirrors: this.#statuses() }),
    files: (args) => {
      const record = this.#record(args.mirrorId);
      const { total, items } = this.#manifest.entries.page(record.id, args);
      return { total, items: items.map((entry) => this.#fileRow(record, entry)) };
    },
    activity: ({ limit }) => ({ items: this.#manifest.activity.newest(limit) }),
    syncNow: ({ mirrorId }) => {
      this.#loop(mirrorId).syncNow();
      return {};
    },
  };
  #closing: Promise<void> | undefined;

  constructor(options: EngineOptions, manifest: Manifest) {
    this.#manifest = manifest;
    this.#environment = {
      disk: options.environment?.disk ?? realDisk(),
      connect: options.connect,
      clock: options.environment?.clock ?? realClock,
      random: options.environment?.random ?? realRandomness,
    };
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#log = options.log ?? silentLog;
    this.#budget = new SessionBudget(manifest, this.#environment.clock, options.sessionBudget);
  }

  async addMirror({
    folder,
    sandbox,
    endpoint,
    organizationId,
    datasetId,
  }: NewMirrorOptions): Promise<string> {
    this.#requireOpen();
    // Both forms of the ID are the same dataset, and so the same mirror.
    const prefix = `${organizationId}_`;
    const address = {
      endpoint,
      organizationId,
      datasetId: datasetId.startsWith(prefix) ? datasetId.slice(prefix.length) : datasetId,
    };
    const record = await this.#attach(folder, { ...address, sandbox });
    if (this.#loops.has(record.mirrorId)) {
      throw new EngineError({
        code: 'mirror-runs',
        title: 'Mirrored already',
        detail: `“${record.folder}” is being mirrored to this dataset already.`,
        suggestion: 'Choose another folder or another dataset.',
      });
    }
    const loop = new MirrorLoop({
      environment: this.#environment,
      remote: this.#environment.connect(address),
      manifest: this.#manifest,
      mirror: record,
      budget: this.#budget,
      timing: this.#timing,
      log: this.#log.scope('mirror'),
      listener: {
        mirrorChanged: (payload) => this.#emit('mirrorChanged', payload),
        filesChanged: (payload) => this.#emit('filesChanged', payload),
        activityAdded: (payload) => this.#emit('activityAdded', payload),
      },
    });
    this.#loops.set(record.mirrorId, loop);
    loop.start();
    return record.mirrorId;
  }

  async settled(mirrorId: string): Promise<MirrorStatus> {
    return this.#loop(mirrorId).settled();
  }

  async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    this.#requireOpen();
    const parsed = calls[name].args.safeParse(args);
    if (!parsed.success) {
      throw new EngineError(
        {
          code: 'wrong-arguments',
          title: 'Not understood',
          detail: `The call “${name}” has arguments that the engine does not take.`,
          suggestion: 'Reload the page: it may be of another version than the engine.',
        },
        { cause: parsed.error },
      );
    }
    return this.#handlers[name](parsed.data as z.output<Calls[N]['args']>);
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    // Each subscription is one of its own, even of the same function twice.
    const own = (payload: EventPayload<N>) => listener(payload);
    this.#listeners[name].add(own);
    return () => this.#listeners[name].delete(own);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#loops.values()].map((loop) => loop.close()));
    await this.#environment.disk.close();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    this.#manifest.close();
  }

  /** The mirror's record: the one from before, or a new one. */
  async #attach(
    folder: string,
    service: Pick<MirrorRecord, 'endpoint' | 'organizationId' | 'datasetId' | 'sandbox'>,
  ): Promise<MirrorRecord> {
    const { disk, random, clock } = this.#environment;
    const { mirrors } = this.#manifest;
    const { organizationId, datasetId } = service;
    const root = (await disk.realPath(path.resolve(folder))) ?? path.resolve(folder);
    const known = mirrors.find(root, organizationId, datasetId);
    if (known !== null) {
      mirrors.setService(known.id, service);
      return mirrors.get(known.id);
    }
    const problem = await checkRoot(disk, root, false);
    if (problem !== null) throw new EngineError(problem);
    const mirrorId = random.id();
    const foldsCase = await this.#prepareFolder(root, mirrorId);
    return mirrors.insert({ ...service, mirrorId, folder: root, foldsCase, createdAt: clock.now() });
  }

  /** Makes the mirror's own folder inside the mirrored one. Returns whether the disk takes `A` and `a` for one name. */
  async #prepareFolder(root: string, mirrorId: string): Promise<boolean> {
    const { disk, random } = this.#environment;
    try {
      await writeMarker(disk, root, mirrorId);
      return await probeFoldsCase(disk, root, random);
    } catch (error) {
      const code = systemCode(error);
      if (code === null) throw error;
      throw new EngineError(
        {
          code: 'folder-not-writable',
          title: 'The folder can’t be written to',
          detail: `Vi Sync can’t make its own folder in “${root}” (${code}).`,
          suggestion: 'Check the permissions of the folder, and that its disk is not full or read-only.',
        },
        { cause: error },
      );
    }
  }

  #statuses(): MirrorStatus[] {
    return this.#manifest.mirrors
      .all()
      .map(
        ({ id, mirrorId }) =>
          this.#loops.get(mirrorId)?.status() ?? statusOf(this.#manifest, id, stoppedFacts),
      );
  }

  #fileRow(record: MirrorRecord, entry: EntryRow): FileRow {
    const { item, path: relative, state, size, mime, width, height, assetId, annotations } = entry;
    return {
      path: relative,
      name: baseNameOf(relative),
      state,
      size,
      mime,
      width,
      height,
      assetId,
      annotations,
      progress: this.#loops.get(record.mirrorId)?.fraction(item) ?? null,
      problem: entry.problem,
      changedAt: entry.changedAt,
    };
  }

  #record(mirrorId: string): MirrorRecord {
    const record = this.#manifest.mirrors.all().find((mirror) => mirror.mirrorId === mirrorId);
    if (record === undefined) throw unknownMirror(mirrorId);
    return record;
  }

  #loop(mirrorId: string): MirrorLoop {
    const loop = this.#loops.get(mirrorId);
    if (loop === undefined) throw unknownMirror(mirrorId);
    return loop;
  }

  #emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners[name]) {
      try {
        listener(payload);
      } catch (error) {
        // A front end that fails must not take the engine with it.
        this.#log.error('A listener has failed', { event: name, error });
      }
    }
  }

  #requireOpen(): void {
    if (this.#closing === undefined) return;
    throw new EngineError({
      code: 'engine-closed',
      title: 'Vi Sync has ended',
      detail: 'The engine has been closed.',
      suggestion: 'Start Vi Sync again.',
    });
  }
}

function unknownMirror(mirrorId: string): EngineError {
  return new EngineError({
    code: 'unknown-mirror',
    title: 'No such mirror',
    detail: `There is no mirror “${mirrorId}”, or it does not run.`,
    suggestion: 'Reload the list of mirrors.',
  });
}
