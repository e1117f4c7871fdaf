import type { AppApi } from '../app/contract.ts';
import { EngineWatch, type EngineWatchOptions, type Watched } from '../app/desktop/engine-watch.ts';
import { textPort } from '../app/desktop/text-port.ts';
import { appClientOn } from '../app/host/port-client.ts';
import type { Log } from '../app/log.ts';
import type { EngineHost } from './engine-host.ts';

/** The main process's own connection to the engine, opened anew whenever the engine has come back. */
export class EngineLink {
  readonly #host: EngineHost;
  readonly #log: Log;
  readonly #options: EngineWatchOptions;
  #app: AppApi | null = null;
  #watch: EngineWatch | null = null;

  constructor(host: EngineHost, options: EngineWatchOptions) {
    this.#host = host;
    this.#log = options.log;
    this.#options = options;
  }

  /** Null: the engine does not answer now. */
  get app(): AppApi | null {
    return this.#app;
  }

  /** Null: nothing is known yet, or not any more. */
  get watched(): Watched | null {
    return this.#watch?.watched ?? null;
  }

  /** The engine answers from now on. */
  async connect(): Promise<void> {
    this.disconnect();
    const port = textPort({
      send: (text) => connection?.post(text),
      hangUp: () => connection?.close(),
    });
    const connection = this.#host.openPort({
      onText: (text) => port.receive(text),
      onClose: () => port.ended(),
    });
    if (connection === null) return;
    const app = appClientOn(port, this.#log);
    const watch = new EngineWatch(app, this.#options);
    this.#app = app;
    this.#watch = watch;
    try {
      await watch.begin();
    } catch (error) {
      this.#log.warn('The engine could not be asked for its state', { error });
    }
  }

  /** The engine has gone. */
  disconnect(): void {
    this.#watch?.close();
    this.#watch = null;
    this.#app = null;
  }
}
