import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface Script {
  /** True when it has ended by itself. */
  readonly isDone: boolean;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<unknown>;
  kill(): Promise<void>;
}

/** Runs a module's text in a process of its own; resolves when it has printed a line, and is at work. */
export async function startScript(text: string): Promise<Script> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module-typescript', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  if (child.stdout === null) throw new Error('the process has no output');
  await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    get isDone() {
      return child.exitCode !== null;
    },
    ended,
    kill,
  };
}
