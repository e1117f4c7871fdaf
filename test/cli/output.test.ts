import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, cliPath, startCli } from './run-cli.ts';
import { makeDataset, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await makeDataset(world, 'birds', 12, { prefix: 'bird' });
});
afterAll(async () => {
  await world.end();
});

/** Runs a command whose stdout is a device. */
async function runTo(device: string, args: readonly string[]): Promise<{ exitCode: number; stderr: string }> {
  const stdout = openSync(device, 'w');
  const env = cleanEnvironment(world.env);
  const child = spawn(process.execPath, [cliPath, ...args], {
    env,
    cwd: world.folder,
    stdio: ['ignore', stdout, 'pipe'],
  });
  closeSync(stdout);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode: Number(exitCode), stderr };
}

// A device that is always full is a gift of Linux.
describe.runIf(process.platform === 'linux')('an output that can not be written', () => {
  test.each([
    [['assets', 'list', 'birds', '--all', '--json']],
    [['assets', 'list', 'birds', '--limit', '3']],
    [['datasets', 'get', 'birds', '--json']],
    [['--help']],
    [['download', 'birds', 'here', '--json']],
  ])('%j is one line on stderr and exit code 1', async (args) => {
    const { exitCode, stderr } = await runTo('/dev/full', args);
    expect(exitCode).toBe(1);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('Downloading'));
    expect(lines).toEqual(['Error: The output could not be written: the disk is full.']);
  });

  test('does not hide what is wrong with the command itself', async () => {
    const { exitCode, stderr } = await runTo('/dev/full', ['assets', 'list', 'birds', '--limit', '0']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('whole number from 1');
  });
});

test('a reader that has seen enough is no error', async () => {
  const child = startCli(['assets', 'list', 'birds', '--json'], { env: world.env, cwd: world.folder });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
