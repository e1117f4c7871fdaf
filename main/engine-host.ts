import { type UtilityProcess, utilityProcess } from 'electron';
import type { Problem } from '../app/contract.ts';
import {
  type EngineStart,
  type FromEngine,
  fromEngineSchema,
  type ToEngine,
} from '../app/desktop/messages.ts';
import { RestartDelay } from '../app/desktop/restart-delay.ts';
import type { Log } from '../app/log.ts';
import { KeychainHost } from './keychain-host.ts';

export interface EngineHostOptions {
  /** The engine's program, compiled. */
  readonly entry: string;
  /** The program that asks the system's keychain, compiled. */
  readonly keychainEntry: string;
  readonly log: Log;
  /** What to run; asked anew for each start, since the system's proxy may be another one by then. */
  readonly start: () => Promise<EngineStart>;
  /** The engine answers from now on. */
  readonly onReady: () => void;
  /** It has ended; it is started again unless it was stopped. */
  readonly onDown: () => void;
  /** It could not start, for a reason that it has told. */
  readonly onFailed: (problem: Problem) => void;
  /** Does what only the shell can: resolves to the folder that was chosen. */
  readonly onAsk: (what: 'show' | 'choose', folder: string | null) => Promise<string | null>;
}

/** What comes over a connection to the engine. `onClose` comes once, and not after `close`. */
export interface HostPortListener {
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

export interface HostPort {
  post(text: string): void;
  close(): void;
}

export type PreviewReply = Omit<Extract<FromEngine, { type: 'preview' }>, 'type' | 'id'>;
export type PreviewQuestion = Omit<Extract<ToEngine, { type: 'preview' }>, 'type' | 'id'>;

/** How long the engine may take to stop cleanly. Milliseconds. */
const longestStopMs = 5_000;
const nothing: PreviewReply = { status: 503, headers: {}, body: new Uint8Array() };

/** Keeps the engine's process running: started again with growing waits when it ends, stopped within 5 s when the app does. */
export class EngineHost {
  readonly #options: EngineHostOptions;
  readonly #ports = new Map<number, HostPortListener>();
  readonly #previews = new Map<number, (reply: PreviewReply) => void>();
  readonly #delay = new RestartDelay();
  readonly #keychain: KeychainHost;
  #child: UtilityProcess | null = null;
  #isReady = false;
  #stopped: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    this.#keychain = new KeychainHost(options.keychainEntry, (reply) =>
      this.#post({ type: 'keychain-answer', ...reply }),
    );
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** The process's ID, for the log and for tests. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it now, whatever wait there was. */
  begin(): void {
    clearTimeout(this.#timer);
    if (this.#child !== null || this.#stopped !== null) return;
    const { entry, log } = this.#options;
    const child = utilityProcess.fork(entry, [], { serviceName: 'Vi Sync engine', stdio: 'pipe' });
    const startedAt = performance.now();
    this.#child = child;
    child.on('spawn', () => void this.#start(child));
    child.on('message', (message: unknown) => this.#receive(child, message));
    child.on('error', (type, location) => log.error('The engine has met a fatal error', { type, location }));
    child.once('exit', (code) => this.#ended(child, code, performance.now() - startedAt));
    child.stdout?.on('data', (chunk: Buffer) => log.info(chunk.toString('utf8').trimEnd()));
    child.stderr?.on('data', (chunk: Buffer) => log.warn(chunk.toString('utf8').trimEnd()));
  }

  /** Starts it anew at once, for somebody who asks for it. */
  beginAnew(): void {
    this.#delay.reset();
    this.begin();
  }

  /** Null: the engine does not answer now. */
  openPort(listener: HostPortListener): HostPort | null {
    if (!this.#isReady) return null;
    this.#lastId += 1;
    const port = this.#lastId;
    this.#ports.set(port, listener);
    this.#post({ type: 'open', port });
    return {
      post: (text) => {
        if (this.#ports.has(port)) this.#post({ type: 'text', port, text });
      },
      close: () => {
        if (this.#ports.delete(port)) this.#post({ type: 'close', port });
      },
    };
  }

  preview(question: PreviewQuestion): Promise<PreviewReply> {
    if (!this.#isReady) return Promise.resolve(nothing);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#previews.set(id, resolve);
      this.#post({ type: 'preview', id, ...question });
    });
  }

  /** Ends it for good: cleanly where that takes less than 5 s. A kill does no harm either. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => {
      this.#options.log.warn('The engine did not stop in time, and was ended');
      child.kill();
    }, longestStopMs);
    child.postMessage({ type: 'stop' } satisfies ToEngine);
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, longestStopMs + 500))]);
    clearTimeout(timer);
  }

  async #start(child: UtilityProcess): Promise<void> {
    const start = await this.#options.start();
    if (this.#child === child) child.postMessage({ type: 'start', start } satisfies ToEngine);
  }

  #post(message: ToEngine): void {
    this.#child?.postMessage(message);
  }

  #receive(child: UtilityProcess, message: unknown): void {
    if (this.#child !== child) return;
    const parsed = fromEngineSchema.safeParse(message);
    if (!parsed.success) {
      this.#options.log.error('The engine sent a message of an unknown form', { error: parsed.error });
      return;
    }
    const told = parsed.data;
    switch (told.type) {
      case 'ready':
        this.#isReady = true;
        this.#options.log.info('The engine runs', { pid: child.pid });
        this.#options.onReady();
        return;
      case 'failed':
        this.#options.onFailed(told.problem);
        return;
      case 'text':
        this.#ports.get(told.port)?.onText(told.text);
        return;
      case 'closed':
        this.#closed(told.port);
        return;
      case 'preview':
        this.#previews.get(told.id)?.(told);
        this.#previews.delete(told.id);
        return;
      case 'keychain':
        this.#keychain.ask(told.id, told.request);
        return;
      case 'keychain-end':
        this.#keychain.end(told.id);
        return;
      case 'ask':
        void this.#ask(child, told);
    }
  }

  async #ask(
    child: UtilityProcess,
    { id, what, folder }: Extract<FromEngine, { type: 'ask' }>,
  ): Promise<void> {
    const answer = async (): Promise<{ folder: string | null; failure: string | null }> => {
      try {
        return { folder: await this.#options.onAsk(what, folder), failure: null };
      } catch (error) {
        this.#options.log.warn('What the engine asked for could not be done', { what, error });
        return { folder: null, failure: error instanceof Error ? error.message : String(error) };
      }
    };
    const told = await answer();
    if (this.#child === child) this.#post({ type: 'answer', id, ...told });
  }

  #closed(port: number): void {
    const listener = this.#ports.get(port);
    this.#ports.delete(port);
    listener?.onClose();
  }

  #ended(child: UtilityProcess, code: number, ranMs: number): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#isReady = false;
    this.#keychain.endAll();
    for (const port of [...this.#ports.keys()]) this.#closed(port);
    for (const resolve of this.#previews.values()) resolve(nothing);
    this.#previews.clear();
    if (this.#stopped !== null) return;
    const waitMs = this.#delay.next(ranMs);
    this.#options.log.error('The engine has ended', { code, ranMs: Math.round(ranMs), waitMs });
    this.#options.onDown();
    this.#timer = setTimeout(() => this.begin(), waitMs);
  }
}
