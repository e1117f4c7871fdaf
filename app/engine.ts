import path from 'node:path';
import type { z } from 'zod';
import {
  type CallArgs,
  type CallResult,
  type EngineApi,
  type EngineCallName,
  type EngineCalls,
  type EngineEventName,
  type EventPayload,
  engineCalls,
  type FileRow,
  type MirrorSettingsChange,
  type MirrorStatus,
} from './contract.ts';
import { attachMirror } from './engine/attach.ts';
import { Clearing } from './engine/clearing.ts';
import { EngineError } from './engine/engine-error.ts';
import type { Connect, DatasetAddress, Environment, Remote } from './engine/environment.ts';
import {
  answerAllHolds,
  answerHold,
  freshHold,
  type HoldsContext,
  holdCounts,
  holdPage,
} from './engine/holds.ts';
import { MirrorLoop } from './engine/mirror-loop.ts';
import { statusOf, stoppedFacts } from './engine/mirror-status.ts';
import { realClock, realRandomness } from './engine/real-clock.ts';
import { realDisk } from './engine/real-disk.ts';
import { receiptPage } from './engine/receipt.ts';
import { ServiceHealth } from './engine/service-health.ts';
import { defaultTiming, type Timing } from './engine/timing.ts';
import { emptyTrash, restoreFiles, type TrashContext, trashPage } from './engine/trash.ts';
import { type Log, silentLog } from './log.ts';
import type { EntryRow } from './manifest/entry-table.ts';
import { type Manifest, openManifest } from './manifest/manifest.ts';
import type { ManifestError } from './manifest/manifest-error.ts';
import type { MirrorRecord } from './manifest/mirror-table.ts';
import { baseNameOf } from './manifest/path-key.ts';
import type { Rebuild } from './manifest/rebuild.ts';
import { policyOf } from './plan/policy.ts';
import { mirrorFiles } from './transfer/mirror-files.ts';
import type { SafeFiles } from './transfer/safe-files.ts';
import { type BudgetLimit, SessionBudget } from './transfer/session-budget.ts';
import { TransferGate } from './transfer/transfer-gate.ts';

export { EngineError };

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
  /** A manifest that is open already, in place of the one in `dataDir`. It is closed with the engine. */
  readonly manifest?: Manifest;
}

export interface NewMirrorOptions extends DatasetAddress {
  /** Absolute path. */
  readonly folder: string;
  /** True when the service is the embedded sandbox. Default: no. */
  readonly sandbox?: boolean;
  /** What it is told; the defaults, or what it has been told before, where left out. */
  readonly settings?: MirrorSettingsChange;
  /** The first sync need not wait for a person who has seen its preview. Default: it waits. */
  readonly go?: boolean;
}

export interface Engine extends EngineApi {
  /**
   * Begins to mirror a folder, or goes on with it where an earlier engine has ended. The mirror of a folder and a dataset has the same
   * ID whenever it is added.
   *
   * @throws EngineError when a folder that was never mirrored is not there or overlaps with another mirror's, or when the mirror runs
   * already
   */
  addMirror(options: NewMirrorOptions): Promise<string>;
  /** Goes on with every mirror that the manifest knows. */
  start(): void;
  /**
   * Resolves when the phase is `in-sync`, `attention`, `preview` or `paused` and nothing is under way or about to be. What nobody has
   * noticed yet is not waited for: after a change to the folder call `syncNow` first.
   */
  settled(mirrorId: string): Promise<MirrorStatus>;
  /** The rebuild of a damaged manifest that this start has made; null: there was no need for one. */
  readonly rebuild: Rebuild | null;
  /** Ends everything, cleanly and soon; nothing runs any more when it resolves. */
  close(): Promise<void>;
}

/**
 * Opens the engine on a data folder. A manifest that is damaged is set aside and rebuilt.
 *
 * @throws ManifestError when another engine has the folder, or the manifest can't be opened
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { log = silentLog, environment } = options;
  if (options.manifest !== undefined) return new RunningEngine(options, options.manifest);
  const manifest = openManifest(path.resolve(options.dataDir), {
    now: (environment?.clock ?? realClock).now(),
    onCheckFailure: (error) => log.warn('The manifest could not be checked for damage', { error }),
  });
  const { rebuild } = manifest;
  if (rebuild !== null) log.warn('The manifest was damaged and has been rebuilt', { ...rebuild });
  return new RunningEngine(options, manifest);
}

type Handlers = {
  readonly [N in EngineCallName]: (
    args: z.output<EngineCalls[N]['args']>,
  ) => CallResult<N> | Promise<CallResult<N>>;
};

type Listeners = { readonly [N in EngineEventName]: Set<(payload: EventPayload<N>) => void> };

class RunningEngine implements Engine {
  readonly #manifest: Manifest;
  readonly #environment: Environment;
  readonly #timing: Timing;
  readonly #log: Log;
  readonly #budget: SessionBudget;
  readonly #gate: TransferGate;
  readonly #health: ServiceHealth;
  readonly #loops = new Map<string, MirrorLoop>();
  readonly #listeners: Listeners = {
    mirrorChanged: new Set(),
    mirrorRemoved: new Set(),
    filesChanged: new Set(),
    activityAdded: new Set(),
  };
  readonly #handlers: Handlers = {
    status: () => ({ mirrors: this.#statuses() }),
    addMirror: async (args) => ({ mirrorId: await this.addMirror(args) }),
    start: ({ mirrorId, looksOnly }) => {
      for (const record of this.#records(mirrorId ?? undefined)) this.#begin(record, looksOnly);
      return {};
    },
    removeMirror: ({ mirrorId }) => this.#remove(mirrorId),
    changeMirror: ({ mirrorId, settings }) => {
      const record = this.#record(mirrorId);
      this.#manifest.settings.changeMirror(mirrorId, settings);
      this.#decideAnew(record);
      return {};
    },
    preview: ({ mirrorId }) => this.#loop(mirrorId).preview(),
    go: ({ mirrorId }) => {
      this.#manifest.mirrors.approve(this.#record(mirrorId).id, this.#environment.clock.now());
      this.#changed(mirrorId);
      return {};
    },
    pause: ({ mirrorId }) => this.#setPaused(mirrorId, true),
    resume: ({ mirrorId }) => this.#setPaused(mirrorId, false),
    settings: () => this.#manifest.settings.get(),
    changeSettings: (settings) => {
      const { retentionMode } = this.#manifest.settings.get();
      this.#manifest.settings.change(settings);
      this.#setLimits();
      if (this.#manifest.settings.get().retentionMode !== retentionMode) {
        for (const record of this.#manifest.mirrors.all()) this.#decideAnew(record);
      }
      return this.#manifest.settings.get();
    },
    files: (args) => {
      const record = this.#record(args.mirrorId);
      const { total, items } = this.#manifest.entries.page(record.id, args);
      return { total, items: items.map((entry) => this.#fileRow(record, entry)) };
    },
    holdCounts: ({ mirrorId }) => ({ counts: holdCounts(this.#manifest, this.#records(mirrorId)) }),
    holds: ({ mirrorId, reason, path, ...query }) =>
      holdPage(this.#holds(mirrorId), { ...query, reason: reason ?? null, path: path ?? null }),
    hold: ({ mirrorId, item }) => {
      const { remote, signal } = this.#link(mirrorId);
      return freshHold(this.#holds(mirrorId), remote, item, signal);
    },
    answer: async ({ mirrorId, ...given }) => {
      const { remote, signal } = this.#link(mirrorId);
      await answerHold(this.#holds(mirrorId), remote, given, signal);
      return {};
    },
    answerAll: ({ mirrorId, reason, answer, expected }) =>
      answerAllHolds(this.#holds(mirrorId), reason, answer, expected),
    trash: ({ mirrorId, ...page }) => trashPage(this.#trash, this.#numberOf(mirrorId), page),
    restore: ({ ids }) => restoreFiles(this.#trash, ids),
    emptyTrash: ({ mirrorId, ids }) => emptyTrash(this.#trash, this.#record(mirrorId).id, ids ?? null),
    activity: ({ mirrorId, limit, before }) => ({
      items: this.#manifest.activity.newest(limit, this.#numberOf(mirrorId), before ?? null),
    }),
    syncNow: ({ mirrorId }) => {
      this.#loop(mirrorId).syncNow();
      return {};
    },
    settled: ({ mirrorId }) => this.#loop(mirrorId).settled(),
    verify: ({ mirrorId }) => this.#loop(mirrorId).verify(),
    receipt: ({ mirrorId, ...page }) => receiptPage(this.#manifest, this.#record(mirrorId).id, page),
  };
  readonly #trash: TrashContext;
  readonly #clearing: Clearing;
  readonly #abort = new AbortController();
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
    const { clock, random } = this.#environment;
    this.#budget = new SessionBudget(manifest, clock, options.sessionBudget);
    this.#gate = new TransferGate(clock);
    this.#health = new ServiceHealth(clock, random);
    this.#trash = {
      manifest,
      filesOf: (mirror) => this.#filesOf(mirror),
      onRestored: (mirror, path) => this.#loops.get(manifest.mirrors.get(mirror).mirrorId)?.lookAt(path),
    };
    this.#setLimits();
    this.#clearing = new Clearing({ manifest, clock, signal: this.#abort.signal, log: this.#log });
    this.#clearing.begin();
    // Whoever has met the damage is in the middle of something.
    manifest.onDamage((damage) => queueMicrotask(() => this.#stopAll(damage)));
  }

  get rebuild(): Rebuild | null {
    return this.#manifest.rebuild;
  }

  async addMirror({
    settings = {},
    go = false,
    sandbox = false,
    ...options
  }: NewMirrorOptions): Promise<string> {
    this.#requireOpen();
    // Both forms of the ID are the same dataset, and so the same mirror.
    const prefix = `${options.organizationId}_`;
    const datasetId = options.datasetId.startsWith(prefix)
      ? options.datasetId.slice(prefix.length)
      : options.datasetId;
    const place = { ...options, datasetId, sandbox, go };
    const record = await attachMirror(this.#environment, this.#manifest, place);
    if (this.#loops.has(record.mirrorId)) {
      throw new EngineError({
        code: 'mirror-runs',
        title: 'Mirrored already',
        detail: `“${record.folder}” is being mirrored to this dataset already.`,
        suggestion: 'Choose another folder or another dataset.',
      });
    }
    this.#manifest.settings.changeMirror(record.mirrorId, settings);
    this.#run(record);
    return record.mirrorId;
  }

  start(): void {
    this.#requireOpen();
    for (const record of this.#manifest.mirrors.all()) this.#begin(record, false);
  }

  #begin(record: MirrorRecord, looksOnly: boolean): void {
    const loop = this.#loops.get(record.mirrorId);
    if (loop === undefined) this.#run(record, looksOnly);
    else if (!looksOnly) loop.work();
  }

  #run(record: MirrorRecord, looksOnly = false): void {
    this.#gate.setPaused(record.mirrorId, record.isPaused);
    const loop = new MirrorLoop({
      environment: this.#environment,
      remote: this.#connect(record),
      looksOnly,
      manifest: this.#manifest,
      mirror: record,
      budget: this.#budget,
      gate: this.#gate,
      health: this.#health.of(record),
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
  }

  async #remove(mirrorId: string): Promise<Record<string, never>> {
    const record = this.#record(mirrorId);
    await this.#loops.get(mirrorId)?.close();
    this.#loops.delete(mirrorId);
    this.#manifest.transaction(() => {
      this.#manifest.settings.forgetMirror(mirrorId);
      this.#manifest.mirrors.remove(record.id, this.#environment.clock.now());
    });
    this.#clearing.begin();
    this.#emit('mirrorRemoved', { mirrorId });
    return {};
  }

  async settled(mirrorId: string): Promise<MirrorStatus> {
    return this.#loop(mirrorId).settled();
  }

  async call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    this.#requireOpen();
    const parsed = engineCalls[name].args.safeParse(args);
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
    return this.#handlers[name](parsed.data as z.output<EngineCalls[N]['args']>);
  }

  on<N extends EngineEventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
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
    this.#abort.abort(new DOMException('The engine has been closed.', 'AbortError'));
    await Promise.all([...this.#loops.values()].map((loop) => loop.close()));
    await this.#clearing.settled();
    await this.#environment.disk.close();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    this.#manifest.close();
  }

  #setPaused(mirrorId: string | null, isPaused: boolean): Record<string, never> {
    const records = this.#records(mirrorId ?? undefined);
    for (const { id } of records) this.#manifest.mirrors.setPaused(id, isPaused);
    for (const record of records) {
      this.#gate.setPaused(record.mirrorId, isPaused);
      this.#changed(record.mirrorId);
    }
    return {};
  }

  #setLimits(): void {
    const { uploadLimit, downloadLimit, uploadsAtOnce, downloadsAtOnce } = this.#manifest.settings.get();
    this.#gate.setLimits({ uploadLimit, downloadLimit, uploadsAtOnce, downloadsAtOnce });
  }

  /** A person has said something that changes what a mirror may do. */
  #changed(mirrorId: string): void {
    this.#loops.get(mirrorId)?.planAgain();
  }

  #decideAnew(record: MirrorRecord): void {
    const loop = this.#loops.get(record.mirrorId);
    if (loop === undefined) this.#manifest.differences.unsettleAll(record.id);
    else loop.decideAnew();
  }

  #holds(mirrorId: string): HoldsContext {
    const mirror = this.#record(mirrorId);
    const { settings } = this.#manifest;
    return {
      manifest: this.#manifest,
      mirror,
      policy: policyOf(settings.ofMirror(mirrorId), settings.get()),
      now: this.#environment.clock.now(),
      planAgain: () => this.#changed(mirrorId),
    };
  }

  /** What changes a mirror's folder, also of a mirror that does not run. */
  #filesOf(mirror: number): SafeFiles {
    const record = this.#manifest.mirrors.get(mirror);
    const loop = this.#loops.get(record.mirrorId);
    return loop?.files ?? mirrorFiles({ ...this.#environment, manifest: this.#manifest, mirror: record });
  }

  /** Nothing may be done that can't be written down. */
  #stopAll(damage: ManifestError): void {
    this.#log.error('The manifest is damaged; everything is stopped', { error: damage });
    for (const loop of this.#loops.values()) {
      loop.stop();
      this.#emit('mirrorChanged', loop.status());
    }
  }

  #statuses(): MirrorStatus[] {
    if (this.#manifest.damage !== null) return [...this.#loops.values()].map((loop) => loop.status());
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

  /** Of this mirror, or of all. */
  #records(mirrorId: string | undefined): MirrorRecord[] {
    return mirrorId === undefined ? this.#manifest.mirrors.all() : [this.#record(mirrorId)];
  }

  #numberOf(mirrorId: string | undefined): number | null {
    return mirrorId === undefined ? null : this.#record(mirrorId).id;
  }

  #record(mirrorId: string): MirrorRecord {
    const record = this.#manifest.mirrors.all().find((mirror) => mirror.mirrorId === mirrorId);
    if (record === undefined) throw unknownMirror(mirrorId);
    return record;
  }

  /** The way to a mirror's dataset, also of a mirror that does not run. */
  #link(mirrorId: string): { remote: Remote; signal: AbortSignal } {
    const loop = this.#loops.get(mirrorId);
    if (loop !== undefined) return { remote: loop.remote, signal: loop.signal };
    return { remote: this.#connect(this.#record(mirrorId)), signal: this.#abort.signal };
  }

  #connect({ endpoint, organizationId, datasetId }: DatasetAddress): Remote {
    return this.#environment.connect({ endpoint, organizationId, datasetId });
  }

  #loop(mirrorId: string): MirrorLoop {
    const loop = this.#loops.get(mirrorId);
    if (loop === undefined) throw unknownMirror(mirrorId);
    return loop;
  }

  #emit<N extends EngineEventName>(name: N, payload: EventPayload<N>): void {
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
