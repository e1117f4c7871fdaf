import path from 'node:path';
import { type Connections, openConnections } from '../accounts/connections.ts';
import type {
  CallArgs,
  CallResult,
  EngineApi,
  EngineCallName,
  EngineEventName,
  EventPayload,
} from '../contract.ts';
import { createEngine } from '../engine.ts';
import type { Log } from '../log.ts';
import { ManifestError } from '../manifest/manifest-error.ts';
import { connectToEngine } from './engine-client.ts';
import { serveOnSocket } from './engine-socket.ts';
import { EngineLost } from './port-client.ts';
import { giveMemoryBackAtRest } from './rest-memory.ts';
import { findSocketAddress, SocketPlaceError } from './socket-place.ts';

export interface OpenEngineOptions {
  /** Folder of the manifest; made if it is not there. */
  readonly dataDir: string;
  readonly log: Log;
  /** Its reason is thrown when it is aborted while an engine is waited for. */
  readonly signal: AbortSignal;
  /** Only an engine in this process will do. Default: one that runs in another process is as good. */
  readonly ownOnly?: boolean;
  /** How an engine in this process reaches the service; whoever gives them closes them. Its own when left out. */
  readonly connections?: Connections;
}

/** The engine of a data folder, wherever it runs. Nothing is run by opening it: see the call `start`. */
export interface OpenedEngine extends EngineApi {
  /** True while it runs in this process, and ends with it. */
  readonly isOwn: boolean;
  /** Resolves when an engine of another process has gone; never for an own one. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

/** How long whoever holds the manifest may take to answer, or to let go of it. Milliseconds. */
const longestWaitMs = 10_000;
const betweenTriesMs = 100;

/**
 * Opens the engine of a data folder: in this process if no other one holds the manifest, else the one that runs. While it is open here, other
 * processes can speak to it. When the process of the other one ends in the middle, this one takes over, or finds the next.
 *
 * @throws ManifestError when another process holds the manifest and can't be spoken to, or the manifest can't be opened; the signal's
 * reason
 */
export async function openEngine(options: OpenEngineOptions): Promise<OpenedEngine> {
  const given = { ...options, dataDir: path.resolve(options.dataDir) };
  const first = await openOnce(given);
  return first.isOwn ? first : new LastingEngine(given, first);
}

async function openOnce(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { signal, ownOnly = false } = options;
  const deadline = performance.now() + (ownOnly ? 1000 : longestWaitMs);
  for (;;) {
    signal.throwIfAborted();
    try {
      return await openOwn(options);
    } catch (error) {
      if (!(error instanceof ManifestError) || error.code !== 'manifest-in-use') throw error;
      const other = ownOnly ? null : await openOther(options);
      if (other !== null) return other;
      // It may be about to listen, or to end: a command that only looks holds the manifest for a moment.
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
  }
}

async function openOwn({ dataDir, log, ...given }: OpenEngineOptions): Promise<OpenedEngine> {
  const connections = given.connections ?? openConnections({ log: log.scope('service') });
  const engine = await createEngine({ dataDir, connect: connections.connect, log: log.scope('engine') });
  const endGivingBack = giveMemoryBackAtRest(engine);
  const api: EngineApi = {
    call(name, args) {
      // A person who asks again may have unlocked the keychain for it.
      if (name === 'syncNow' || name === 'start') connections.askAgain();
      return engine.call(name, args);
    },
    on: (name, listener) => engine.on(name, listener),
  };
  const socket = await serveOnSocket(api, dataDir, log.scope('socket'));
  return {
    ...api,
    isOwn: true,
    lost: new Promise(() => undefined),
    async close() {
      endGivingBack();
      await socket?.close();
      await engine.close();
      if (given.connections === undefined) await connections.close();
    },
  };
}

/** Null: it does not listen, or not where it could be trusted. */
async function openOther({ dataDir, log }: OpenEngineOptions): Promise<OpenedEngine | null> {
  const address = addressOf(dataDir, log);
  if (address === null) return null;
  const client = await connectToEngine(address, log.scope('socket'));
  if (client === null) return null;
  const { call, on, ended } = client;
  return { call, on, isOwn: false, lost: ended, close: async () => client.close() };
}

function addressOf(dataDir: string, log: Log): string | null {
  try {
    return findSocketAddress(dataDir);
  } catch (error) {
    if (!(error instanceof SocketPlaceError)) throw error;
    log.warn('The engine that runs can’t be reached', { error });
    return null;
  }
}

/** Calls whose answer says what they have done: they are not made twice. */
const onceOnly: ReadonlySet<EngineCallName> = new Set([
  'addMirror',
  'removeMirror',
  'changeIgnoreRules',
  'answer',
  'answerAll',
  'restore',
  'emptyTrash',
]);

interface Subscription {
  readonly begin: (engine: EngineApi) => void;
  end: () => void;
}

/** An engine of another process, and whichever comes after it. What was started and listened to is so with the next one too. */
class LastingEngine implements OpenedEngine {
  readonly #options: OpenEngineOptions;
  #engine: OpenedEngine;
  #opening: Promise<void> | null = null;
  #isClosed = false;
  readonly #started = new Map<string | null, CallArgs<'start'>>();
  readonly #subscriptions = new Set<Subscription>();

  constructor(options: OpenEngineOptions, engine: OpenedEngine) {
    this.#options = options;
    this.#engine = engine;
  }

  get isOwn(): boolean {
    return this.#engine.isOwn;
  }

  get lost(): Promise<void> {
    return this.#engine.lost;
  }

  async call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    for (;;) {
      const engine = this.#engine;
      try {
        const result = await engine.call(name, args);
        if (name === 'start') this.#remember(args as CallArgs<'start'>);
        return result;
      } catch (error) {
        if (!(error instanceof EngineLost) || this.#isClosed || onceOnly.has(name)) throw error;
        if (this.#engine === engine) await this.#reopen();
      }
    }
  }

  on<N extends EngineEventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const subscription: Subscription = {
      begin: (engine) => {
        subscription.end = engine.on(name, listener);
      },
      end: () => undefined,
    };
    subscription.begin(this.#engine);
    this.#subscriptions.add(subscription);
    return () => {
      subscription.end();
      this.#subscriptions.delete(subscription);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    await this.#engine.close();
  }

  #remember(args: CallArgs<'start'>): void {
    this.#started.set(args.mirrorId, args);
  }

  /** Calls that lose the engine at once find the next one together. */
  #reopen(): Promise<void> {
    this.#opening ??= this.#openNext().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #openNext(): Promise<void> {
    const engine = await openOnce(this.#options);
    for (const args of this.#started.values()) await engine.call('start', args);
    for (const subscription of this.#subscriptions) subscription.begin(engine);
    this.#engine = engine;
  }
}
