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
  type MirrorStatus,
} from './contract.ts';
import type { EngineParts, Handlers } from './engine/call-handlers.ts';
import { EngineError } from './engine/engine-error.ts';
import type { Connect, Environment } from './engine/environment.ts';
import { fileCalls } from './engine/file-calls.ts';
import { holdCalls } from './engine/hold-calls.ts';
import { LimitKeeper } from './engine/limit-keeper.ts';
import { mirrorCalls } from './engine/mirror-calls.ts';
import { realClock, realRandomness } from './engine/real-clock.ts';
import { realDisk } from './engine/real-disk.ts';
import { type NewMirrorOptions, RunningMirrors } from './engine/running-mirrors.ts';
import { ServiceHealth } from './engine/service-health.ts';
import { defaultTiming, type Timing } from './engine/timing.ts';
import { trashCalls } from './engine/trash-calls.ts';
import { type Log, silentLog } from './log.ts';
import { type Manifest, openManifest } from './manifest/manifest.ts';
import type { Rebuild } from './manifest/rebuild.ts';
import { type BudgetLimit, SessionBudget } from './transfer/session-budget.ts';
import { TransferGate } from './transfer/transfer-gate.ts';

export { EngineError, type NewMirrorOptions };

export interface EngineOptions {
  /** Folder of the manifest; made if it is not there. Only one engine at a time can have it. */
  readonly dataDir: string;
  readonly log?: Log;
  /** Changes to how often the engine looks, and how long it waits. */
  readonly timing?: Partial<Timing>;
  /** What the service allows; its documented budget when left out. */
  readonly sessionBudget?: BudgetLimit;
  /** Operations of a kind that a plan gathers at most; as many as a session takes when left out. */
  readonly planSize?: number | undefined;
  /** How datasets are reached. */
  readonly connect: Connect;
  /** Changes to the rest of the world that the engine works in; the real one when left out. */
  readonly environment?: Partial<Omit<Environment, 'connect'>>;
  /** A manifest that is open already, in place of the one in `dataDir`. It is closed with the engine. */
  readonly manifest?: Manifest;
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

type Listeners = { readonly [N in EngineEventName]: Set<(payload: EventPayload<N>) => void> };

class RunningEngine implements Engine {
  readonly #log: Log;
  readonly #parts: EngineParts;
  readonly #handlers: Handlers;
  readonly #listeners: Listeners = {
    mirrorChanged: new Set(),
    mirrorRemoved: new Set(),
    filesChanged: new Set(),
    activityAdded: new Set(),
  };
  #closing: Promise<void> | undefined;

  constructor(options: EngineOptions, manifest: Manifest) {
    this.#log = options.log ?? silentLog;
    const environment: Environment = {
      disk: options.environment?.disk ?? realDisk(),
      connect: options.connect,
      clock: options.environment?.clock ?? realClock,
      random: options.environment?.random ?? realRandomness,
    };
    const { clock, random } = environment;
    const budget = new SessionBudget(manifest, clock, options.sessionBudget);
    const gate = new TransferGate(clock);
    const mirrors = new RunningMirrors({
      manifest,
      environment,
      timing: { ...defaultTiming, ...options.timing },
      planSize: options.planSize,
      log: this.#log,
      budget,
      gate,
      health: new ServiceHealth(clock, random),
      emit: (name, payload) => this.#emit(name, payload),
    });
    this.#parts = { manifest, environment, mirrors, limits: new LimitKeeper(manifest, gate, clock), budget };
    this.#handlers = {
      ...mirrorCalls(this.#parts),
      ...fileCalls(this.#parts),
      ...holdCalls(this.#parts),
      ...trashCalls(this.#parts),
    };
    // Whoever has met the damage is in the middle of something.
    manifest.onDamage((damage) => queueMicrotask(() => mirrors.stopAll(damage)));
  }

  get rebuild(): Rebuild | null {
    return this.#parts.manifest.rebuild;
  }

  async addMirror(options: NewMirrorOptions): Promise<string> {
    this.#requireOpen();
    return this.#parts.mirrors.add(options);
  }

  start(): void {
    this.#requireOpen();
    const { mirrors } = this.#parts;
    for (const record of mirrors.records(undefined)) mirrors.begin(record, false);
  }

  async settled(mirrorId: string): Promise<MirrorStatus> {
    return this.#parts.mirrors.loop(mirrorId).settled();
  }

  async call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    this.#requireOpen();
    const parsed = engineCalls[name].args.safeParse(args);
    if (!parsed.success) {
      throw new EngineError(
        {
          code: 'wrong-arguments',
          facts: { call: name },
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
    const { manifest, environment, mirrors, limits } = this.#parts;
    await Promise.all([mirrors.close(), limits.close()]);
    await environment.disk.close();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    manifest.close();
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
