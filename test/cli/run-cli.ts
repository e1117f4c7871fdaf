import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const cliPath = fileURLToPath(new URL('../../app/cli/vi-sync.ts', import.meta.url));

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Text for stdin; stdin is empty without it. */
  readonly input?: string;
  /** Called with the process once it is started, to do something to it. */
  readonly onStart?: ((child: ChildProcessWithoutNullStreams) => Promise<void>) | undefined;
  /** The secrets that must not show in the output. */
  readonly secrets?: readonly string[];
}

/** Shared by all tests, so that each process starts as quickly as it does for a person the second time. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/vi-sync-tests', import.meta.url));

/** The environment of the tests without what would lead a command to a person's own data or colors. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(DATATURE_VI_|VI_SYNC_|NO_COLOR$|FORCE_COLOR$|CI$|NODE_OPTIONS$|VITEST)/u.test(name))
      delete env[name];
  }
  return { ...env, NODE_COMPILE_CACHE: compileCache, ...extra };
}

/** Runs the real command line as a process, and checks that it shows none of the secrets. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const child = startCli(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.end(options.input ?? '');
  const started = options.onStart?.(child);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  await started;
  for (const secret of options.secrets ?? []) {
    expect(stdout, 'a secret on stdout').not.toContain(secret);
    expect(stderr, 'a secret on stderr').not.toContain(secret);
  }
  return { exitCode, stdout, stderr };
}

/** Starts the command line and leaves its streams to the caller. */
export function startCli(args: readonly string[], options: CliOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [cliPath, ...args], {
    env: cleanEnvironment(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: 'pipe',
  });
}

/** All text files below a folder, such as the logs, as one text. */
export async function readAll(folder: string): Promise<string> {
  const texts: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) texts.push(await readFile(path.join(entry.parentPath, entry.name), 'utf8'));
  }
  return texts.join('\n');
}
