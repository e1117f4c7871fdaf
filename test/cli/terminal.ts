import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { cleanEnvironment, cliPath } from './run-cli.ts';

export interface TerminalRun {
  readonly exitCode: number | null;
  /** Everything that the terminal showed, escape sequences and all. */
  readonly screen: string;
}

/** What a person does when the screen shows something. */
export interface Step {
  readonly when: string | RegExp;
  /** Happens at that moment, before anything is typed. */
  readonly before?: () => void;
  readonly type: string;
}

/**
 * Runs the command line in a real (pseudo) terminal, made by the `script` program, and types into it.
 * @throws Error that tells what to install where `script` is missing
 */
export async function runInTerminal(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly steps?: readonly Step[];
  } = {},
): Promise<TerminalRun> {
  const command = [process.execPath, cliPath, ...args];
  // GNU and BSD have the same program with other arguments.
  const scriptArgs =
    process.platform === 'linux'
      ? ['--quiet', '--return', '--command', command.map(quote).join(' '), '/dev/null']
      : ['-q', '/dev/null', ...command];
  const child = spawn('script', scriptArgs, {
    env: cleanEnvironment({ TERM: 'xterm', COLUMNS: '100', ...options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: 'pipe',
  });
  const steps = [...(options.steps ?? [])];
  let screen = '';
  let seen = 0;
  const show = (chunk: string) => {
    screen += chunk;
    const [next] = steps;
    if (next === undefined) return;
    const fresh = screen.slice(seen);
    if (typeof next.when === 'string' ? !fresh.includes(next.when) : !next.when.test(fresh)) return;
    seen = screen.length;
    steps.shift();
    next.before?.();
    child.stdin.write(next.type);
  };
  child.stdout.setEncoding('utf8').on('data', show);
  child.stderr.setEncoding('utf8').on('data', show);
  const limit = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
  const exitCode = await ended(child);
  clearTimeout(limit);
  if (child.signalCode === 'SIGKILL') {
    throw new Error(
      `The terminal did not end; steps left: ${steps.length}; it shows:\n${JSON.stringify(screen)}`,
    );
  }
  return { exitCode, screen };
}

/** Below the tests' own limit, so that a test that hangs shows what the terminal showed. */
const TIME_LIMIT_MS = 25_000;

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function ended(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      reject(
        missing
          ? new Error(
              'The tests in a terminal need `script`. Install it, for example: sudo apt install bsdutils',
            )
          : error,
      );
    });
    child.once('close', (code) => resolve(code));
  });
}
