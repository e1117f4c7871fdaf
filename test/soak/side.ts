import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { cleanEnvironment } from '../cli/run-cli.ts';
import { adopt } from './children.ts';
import type { Hand } from './ledger.ts';

const program = fileURLToPath(new URL('../../app/cli/vi-sync.ts', import.meta.url));
const quickSettings = pathToFileURL(path.join(import.meta.dirname, 'quick-settings.ts')).href;

export interface SideOptions {
  readonly hand: Hand;
  /** Where the folder, the manifest and everything else of this side is made. */
  readonly dir: string;
  readonly credentials: {
    readonly endpoint: string;
    readonly organizationId: string;
    readonly secretKey: string;
  };
  /** See `quick-settings.ts`. */
  readonly isQuick: boolean;
}

export interface CliResult {
  readonly exitCode: number | null;
  readonly document: unknown;
  readonly stderr: string;
}

const failureSchema = z.object({ error: z.object({ code: z.string(), detail: z.string() }) });

/** One computer: a folder, a manifest of its own, and the command line. */
export class Side {
  readonly hand: Hand;
  readonly root: string;
  readonly dataDir: string;
  /** What should not have happened. */
  readonly problems: string[] = [];
  kills = 0;
  readonly #options: SideOptions;
  #watch: ChildProcess | null = null;
  #isEnding = false;
  #output = '';

  constructor(options: SideOptions) {
    this.#options = options;
    this.hand = options.hand;
    this.root = path.join(options.dir, 'folder');
    this.dataDir = path.join(options.dir, 'data');
  }

  get isWatching(): boolean {
    return this.#watch !== null;
  }

  /** Everything that the watches have printed. */
  get output(): string {
    return this.#output;
  }

  /** Starts `vi-sync watch`, and waits until it is at work. A command that has taken over from a killed one is waited for. */
  async watch(): Promise<void> {
    while (!(await this.#tryWatch())) await sleep(300);
  }

  async #tryWatch(): Promise<boolean> {
    const child = this.#spawn(['watch']);
    this.#watch = child;
    this.#isEnding = false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk;
        text += chunk;
        if (/^Watching \d+ mirror/mu.test(text)) resolve(true);
      });
    }
    child.once('exit', (code, signal) => {
      if (this.#watch === child) this.#watch = null;
      resolve(false);
      if (this.#isEnding || /already running/u.test(text)) return;
      this.problems.push(`watch ended by itself (${code ?? signal}): ${text.slice(-500)}`);
    });
    return promise;
  }

  /** Ends the watch as a power cut would. */
  async kill(): Promise<void> {
    if (this.#watch !== null) this.kills += 1;
    await this.#end('SIGKILL');
  }

  /** Ends the watch as a person would. */
  async stop(): Promise<void> {
    await this.#end('SIGINT');
  }

  /** Runs a command with `--json`. */
  async cli(...args: string[]): Promise<CliResult> {
    const child = this.#spawn([...args, '--json']);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    const [exitCode] = await once(child, 'close');
    const document: unknown = stdout.trim() === '' ? null : JSON.parse(stdout);
    return { exitCode, document, stderr };
  }

  /** Runs a command that may be refused for some reasons only; null: it was. Anything else is written down as a problem. */
  async tryCli(allowed: readonly string[], ...args: string[]): Promise<unknown> {
    const { exitCode, document, stderr } = await this.cli(...args);
    const failure = failureSchema.safeParse(document).data?.error;
    if (failure === undefined && (exitCode === 0 || exitCode === 3)) return document;
    if (failure === undefined || !allowed.includes(failure.code)) {
      this.problems.push(
        `vi-sync ${args.join(' ')}: ${exitCode} ${failure?.code} ${failure?.detail ?? stderr.slice(-400)}`,
      );
    }
    return null;
  }

  /** What the program itself has logged as an error. */
  async loggedErrors(): Promise<string[]> {
    const folder = path.join(this.dataDir, 'logs');
    const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.log'));
    const texts = await Promise.all(names.map((name) => fs.readFile(path.join(folder, name), 'utf8')));
    return texts.flatMap((text) => text.split('\n')).filter((line) => /^\S+ error /u.test(line));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#watch;
    if (child === null) return;
    this.#isEnding = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  #spawn(args: readonly string[]): ChildProcess {
    const { isQuick, credentials } = this.#options;
    const child = spawn(
      process.execPath,
      [...(isQuick ? ['--import', quickSettings] : []), program, ...args],
      {
        env: cleanEnvironment({
          VI_SYNC_DATA: this.dataDir,
          DATATURE_VI_API_ENDPOINT: credentials.endpoint,
          DATATURE_VI_ORGANIZATION_ID: credentials.organizationId,
          DATATURE_VI_SECRET_KEY: credentials.secretKey,
        }),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    return adopt(child);
  }
}
