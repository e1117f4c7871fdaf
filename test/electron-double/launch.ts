import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import type { Command } from './control.ts';
import { surfaceFile } from './surface.ts';

const root = path.resolve(import.meta.dirname, '../..');
export const outDir = path.join(root, 'out', 'main');
const register = fileURLToPath(new URL('./register.ts', import.meta.url));

interface MenuItem {
  readonly label?: string | undefined;
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly submenu?: readonly MenuItem[] | undefined;
}

const menuSchema: z.ZodType<readonly MenuItem[]> = z.lazy(() =>
  z.array(
    z.object({
      label: z.string().optional(),
      type: z.string().optional(),
      role: z.string().optional(),
      enabled: z.boolean().optional(),
      submenu: menuSchema.optional(),
    }),
  ),
);

const stateSchema = z.object({
  windows: z.array(
    z.object({
      options: z.record(z.string(), z.unknown()),
      isVisible: z.boolean(),
      isMinimized: z.boolean(),
      isFocused: z.boolean(),
      isGone: z.boolean(),
      url: z.string(),
      recorded: z.record(z.string(), z.unknown()),
    }),
  ),
  tray: z.object({ image: z.string(), toolTip: z.string(), menu: menuSchema }).nullable(),
  appMenu: menuSchema,
  notifications: z.array(
    z.object({ options: z.object({ title: z.string(), body: z.string() }), isShown: z.boolean() }),
  ),
  dialogs: z.array(z.object({ kind: z.string(), options: z.record(z.string(), z.unknown()) })),
  notes: z.record(z.string(), z.array(z.unknown())),
  badge: z.number(),
  themeSource: z.string(),
  isOnBattery: z.boolean(),
  blockers: z.array(z.string()),
  /** Process IDs of engines; null: it has ended. */
  engines: z.array(z.number().nullable()),
  privileged: z.array(z.unknown()),
  /** Uses of what Electron does not have. */
  breaches: z.array(z.string()),
});
export type ShellState = z.infer<typeof stateSchema>;

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('devtools'), port: z.number() }),
  z.object({
    type: z.literal('answer'),
    id: z.number(),
    result: z.unknown().optional(),
    error: z.string().optional(),
  }),
]);

export interface LaunchOptions {
  /** Folder of everything that the app keeps. */
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The built main process, running against the double of Electron in a process of its own. */
export class LaunchedApp {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #devtools = Promise.withResolvers<number>();
  #browser: Browser | null = null;
  #lastId = 0;
  /** What it wrote. */
  output = '';
  /** The exit code; null when it was killed. */
  readonly ended: Promise<number | null>;

  constructor({ dataDir, args = [], env = {} }: LaunchOptions) {
    const { DATATURE_VI_SECRET_KEY: _key, ...own } = process.env;
    this.#process = fork(path.join(outDir, 'main.js'), [...args], {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', register],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...own,
        VI_SYNC_DATA: dataDir,
        VI_SYNC_ELECTRON_SURFACE: surfaceFile(),
        // A desktop with a tray, where nobody can be asked.
        XDG_CURRENT_DESKTOP: 'KDE',
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
        ...env,
      },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.#process.on('message', (message) => this.#receive(message));
    this.ended = new Promise((resolve) => this.#process.once('exit', (code) => resolve(code)));
    void this.ended.then(() => {
      const gone = new Error(`The app has ended.\n${this.output}`);
      for (const each of this.#waiting.values()) each.reject(gone);
      this.#waiting.clear();
      this.#devtools.reject(gone);
    });
    // Whoever waits for it is told; nobody has to.
    this.#devtools.promise.catch(() => undefined);
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Has something happen to the app. */
  do(command: Command): Promise<unknown> {
    this.#lastId += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, answer);
    this.#process.send({ id: this.#lastId, command });
    return answer.promise;
  }

  async state(): Promise<ShellState> {
    return stateSchema.parse(await this.do({ do: 'state' }));
  }

  /** The state once it is as wanted. */
  async until(what: string, isSo: (state: ShellState) => boolean, ms = 60_000): Promise<ShellState> {
    const deadline = performance.now() + ms;
    for (;;) {
      const state = await this.state();
      if (isSo(state)) return state;
      if (performance.now() > deadline) {
        throw new Error(`It did not come to “${what}”:\n${JSON.stringify(state, null, 1)}\n${this.output}`);
      }
      await sleep(100);
    }
  }

  /** The page of the app’s window. */
  async page(): Promise<Page> {
    const port = await this.#devtools.promise;
    this.#browser ??= await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const deadline = performance.now() + 30_000;
    for (;;) {
      const [context] = this.#browser.contexts();
      const page = context?.pages().findLast((each) => each.url().startsWith('https://app-scheme.invalid/'));
      if (page !== undefined) {
        page.setDefaultTimeout(30_000);
        return page;
      }
      if (performance.now() > deadline) throw new Error(`There is no page.\n${this.output}`);
      await sleep(50);
    }
  }

  /** Quits as a person does. Resolves to the exit code. */
  async quit(): Promise<number | null> {
    // It may be gone before it can answer.
    await Promise.race([this.do({ do: 'quit' }).catch(() => undefined), this.ended]);
    return this.ended;
  }

  /** Ends it whatever it does, with what it has started. */
  async kill(): Promise<void> {
    await this.#browser?.close();
    if (this.isRunning) this.#process.kill('SIGKILL');
    await this.ended;
  }

  #receive(message: unknown): void {
    const told = messageSchema.safeParse(message);
    if (!told.success) return;
    if (told.data.type === 'devtools') {
      this.#devtools.resolve(told.data.port);
      return;
    }
    const { id, result, error } = told.data;
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(`${error}\n${this.output}`));
  }
}
