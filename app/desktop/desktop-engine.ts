import path from 'node:path';
import { toCallError } from '../call-error.ts';
import type { OpenedWorkspace } from '../host/open-workspace.ts';
import { answerPreview } from '../host/preview-answer.ts';
import { serveApp } from '../host/rpc.ts';
import { endedWithoutAnswer, openKeychain } from '../keychain.ts';
import type { KeychainRequest } from '../keychain-messages.ts';
import { type Log, openLog, silentLog } from '../log.ts';
import { type DesktopAppOptions, openDesktopApp } from './desktop-app.ts';
import { type EngineStart, type FromEngine, type ToEngine, toEngineSchema } from './messages.ts';
import type { ProcessPort } from './process-port.ts';
import { longestFrontEndText, type TextPort, textPort } from './text-port.ts';

type Ask = Extract<FromEngine, { type: 'ask' }>;

export interface DesktopEngineOptions {
  readonly port: ProcessPort;
  /** Ends the process; nothing of it is needed any more. */
  readonly exit: (code: number) => void;
  readonly connections?: DesktopAppOptions['connections'];
}

/** The name of the engine's log; the shell has one of its own, since each process rotates its file by itself. */
export const engineLogName = 'engine';

/** Exit codes of the engine's process. */
export const engineExit = { stopped: 0, failed: 3 } as const;

/** Runs the engine for the shell that has started this process: connections of windows, pictures, and what only the shell can do. */
export class DesktopEngine {
  readonly #options: DesktopEngineOptions;
  readonly #abort = new AbortController();
  readonly #ports = new Map<number, TextPort>();
  readonly #asked = new Map<number, PromiseWithResolvers<string | null>>();
  readonly #keychainCalls = new Map<number, PromiseWithResolvers<unknown>>();
  #log: Log = silentLog;
  #app: OpenedWorkspace | null = null;
  #opening: Promise<void> | null = null;
  #isStopping = false;
  #asks = 0;

  constructor(options: DesktopEngineOptions) {
    this.#options = options;
    options.port.onMessage((message) => {
      const parsed = toEngineSchema.safeParse(message);
      if (parsed.success) this.#receive(parsed.data);
      else this.#log.error('The shell sent a message of an unknown form', { error: parsed.error });
    });
  }

  #receive(message: ToEngine): void {
    switch (message.type) {
      case 'start':
        this.#opening ??= this.#open(message.start);
        return;
      case 'open':
        this.#openPort(message.port);
        return;
      case 'text':
        this.#ports.get(message.port)?.receive(message.text);
        return;
      case 'close':
        this.#ports.get(message.port)?.ended();
        return;
      case 'preview':
        void this.#preview(message);
        return;
      case 'answer':
        this.#answered(message);
        return;
      case 'keychain-answer':
        this.#keychainAnswered(message);
        return;
      case 'stop':
        void this.#stop();
    }
  }

  async #open(start: EngineStart): Promise<void> {
    const log = openLog({ folder: start.logDir, name: engineLogName });
    this.#log = log;
    try {
      this.#app = await openDesktopApp({
        start,
        log,
        logFile: path.join(start.logDir, `${engineLogName}.log`),
        signal: this.#abort.signal,
        showFolder: async (folder) => {
          await this.#ask('show', folder);
        },
        chooseFolder: (from) => this.#ask('choose', from),
        connections: {
          keychain: openKeychain({ ask: (request, signal) => this.#askKeychain(request, signal) }),
          ...this.#options.connections,
        },
      });
      this.#post({ type: 'ready' });
    } catch (error) {
      if (this.#isStopping) return;
      log.error('The engine could not start', { error });
      this.#post({ type: 'failed', problem: toCallError(error) });
      this.#options.exit(engineExit.failed);
    }
  }

  #openPort(number: number): void {
    const port = textPort(
      {
        send: (text) => this.#post({ type: 'text', port: number, text }),
        hangUp: () => this.#post({ type: 'closed', port: number }),
      },
      longestFrontEndText,
    );
    // A shell opens ports only once the engine is ready.
    if (this.#app === null || this.#isStopping) {
      port.close('not ready');
      return;
    }
    port.onClose(() => this.#ports.delete(number));
    this.#ports.set(number, port);
    serveApp(this.#app.workspace, port, this.#log.scope('window'));
  }

  async #preview({ id, ...request }: Extract<ToEngine, { type: 'preview' }>): Promise<void> {
    if (this.#app === null) {
      this.#post({ type: 'preview', id, status: 503, headers: {}, body: new Uint8Array() });
      return;
    }
    const { status, headers, body } = await answerPreview(this.#app.previews, request, this.#log);
    // A copy of its own bytes alone: a part of a pool would take the whole pool across.
    this.#post({ type: 'preview', id, status, headers: { ...headers }, body: Uint8Array.from(body) });
  }

  #ask(what: Ask['what'], folder: string | null): Promise<string | null> {
    this.#asks += 1;
    const asked = Promise.withResolvers<string | null>();
    this.#asked.set(this.#asks, asked);
    this.#post({ type: 'ask', id: this.#asks, what, folder });
    return asked.promise;
  }

  #answered({ id, folder, failure }: Extract<ToEngine, { type: 'answer' }>): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (failure === null) asked?.resolve(folder);
    else asked?.reject(new Error(failure));
  }

  #askKeychain(request: KeychainRequest, signal: AbortSignal): Promise<unknown> {
    this.#asks += 1;
    const id = this.#asks;
    const call = Promise.withResolvers<unknown>();
    this.#keychainCalls.set(id, call);
    signal.addEventListener(
      'abort',
      () => {
        if (this.#keychainCalls.delete(id)) this.#post({ type: 'keychain-end', id });
      },
      { once: true },
    );
    this.#post({ type: 'keychain', id, request });
    return call.promise;
  }

  #keychainAnswered({ id, answer, failure }: Extract<ToEngine, { type: 'keychain-answer' }>): void {
    const call = this.#keychainCalls.get(id);
    this.#keychainCalls.delete(id);
    if (answer === null) call?.reject(endedWithoutAnswer(failure ?? 'nobody knows how'));
    else call?.resolve(answer);
  }

  async #stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#abort.abort(new DOMException('Vi Sync has been closed.', 'AbortError'));
    for (const port of [...this.#ports.values()]) port.close('Vi Sync is closing');
    try {
      await this.#opening;
      await this.#app?.close();
    } catch (error) {
      this.#log.error('The engine could not be closed', { error });
    }
    this.#options.exit(engineExit.stopped);
  }

  #post(message: FromEngine): void {
    this.#options.port.post(message);
  }
}
