import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import type { World, WorldFolder } from '../engine/world.ts';
import {
  type FromProcess,
  fromProcessSchema,
  type ProcessOptions,
  type Settled,
  type ToProcess,
} from './crash-messages.ts';

/** How an engine is run: all but where. */
export type RunOptions = Partial<Omit<ProcessOptions, 'folder'>> & {
  /** User and group to run as; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What it says on standard error is no news. */
  readonly isExpectedToFail?: boolean;
};

/** An engine in a process of its own. */
export class RunningEngine {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Set<() => void>();
  readonly #messages: FromProcess[] = [];
  #hasEnded = false;

  constructor(
    world: World,
    folder: WorldFolder,
    { user, isExpectedToFail = false, ...options }: RunOptions = {},
  ) {
    const { endpoint, organizationId, secretKey } = world.sandbox;
    const given: ProcessOptions = {
      dataDir: path.join(world.dir, 'data'),
      folder: folder.root,
      datasetId: world.datasetId,
      endpoint,
      organizationId,
      secretKey,
      ...options,
    };
    this.#child = fork(path.join(import.meta.dirname, 'crash-process.ts'), {
      env: {
        ...process.env,
        VI_SYNC_TEST: JSON.stringify(given),
        // Processes by the hundred: compiled once.
        ...(user === undefined
          ? { NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'vi-sync-compile-cache') }
          : {}),
      },
      execArgv: [],
      stdio: ['ignore', 'inherit', isExpectedToFail ? 'ignore' : 'inherit', 'ipc'],
      ...user,
    });
    this.#ended = once(this.#child, 'exit').then(() => {
      this.#hasEnded = true;
      this.#wakeAll();
    });
    this.#child.on('message', (message) => {
      this.#messages.push(fromProcessSchema.parse(message));
      this.#wakeAll();
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What it was last heard to say of itself. */
  get lastStatus() {
    return this.#messages.findLast((message) => message.kind === 'status')?.status ?? null;
  }

  /** Ends it as a power cut would, as far as the process can tell. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.order('end');
    await this.#ended;
  }

  order(order: ToProcess): void {
    this.#child.send(order);
  }

  /** How often it has said that nothing is left to be done. */
  get settledCount(): number {
    return this.#messages.filter(({ kind }) => kind === 'settled').length;
  }

  /** Waits until it has said so again after the first `before` times; null: it ended before that. */
  async settled(before = 0): Promise<Settled | null> {
    await this.until(() => this.settledCount > before || this.#hasEnded, 'the end of its work');
    return this.#messages.filter((message) => message.kind === 'settled')[before] ?? null;
  }

  /** Waits for a message of a kind. */
  async said<K extends FromProcess['kind']>(kind: K): Promise<Extract<FromProcess, { kind: K }>> {
    const find = () =>
      this.#messages.find((message): message is Extract<FromProcess, { kind: K }> => message.kind === kind);
    await this.until(() => find() !== undefined || this.#hasEnded, `“${kind}”`);
    const message = find();
    if (message === undefined) throw new Error(`the engine ended before it said “${kind}”`);
    return message;
  }

  /** Waits until something is so: looked at with each message, and every 2 ms. */
  async until(isSo: () => boolean, what: string, withinMs = 60_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!isSo()) {
      if (performance.now() > deadline) {
        throw new Error(`${what} did not come: ${JSON.stringify(this.#messages.at(-1))}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 2);
        this.#waiting.add(wake);
      });
    }
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
