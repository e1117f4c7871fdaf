import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command of the system's shell with its output thrown away. Answers how long it took, in milliseconds. */
export async function timeCommand(command: string): Promise<number> {
  const begin = performance.now();
  const child = spawn('bash', ['-c', `set -o pipefail; { ${command}; } > /dev/null`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`“${command}” ended with ${code}`);
  return performance.now() - begin;
}

/** Whether the system has a program. */
export function hasCommand(name: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}

/** Ours and the yardstick by turns, one round more than is counted: the first only warms up. Milliseconds. */
export async function takeTurns(
  rounds: number,
  ours: () => Promise<number>,
  yardstick: () => Promise<number>,
): Promise<{ ours: number; yardstick: number; ratio: number }> {
  const times: { ours: number; yardstick: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const taken = { yardstick: await yardstick(), ours: await ours() };
    if (round > 0) times.push(taken);
  }
  const middle = (values: readonly number[]) =>
    values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)] ?? Number.NaN;
  return {
    ours: middle(times.map((each) => each.ours)),
    yardstick: middle(times.map((each) => each.yardstick)),
    // Round by round: what else the machine does then falls on both.
    ratio: middle(times.map((each) => each.ours / each.yardstick)),
  };
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
