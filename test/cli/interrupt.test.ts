import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CliOptions } from './run-cli.ts';
import { makePictures, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ switches: { sessionBudget: null } });
  await makePictures(path.join(world.folder, 'pictures'), 40, { bytes: 20_000 });
});
afterAll(async () => {
  await world.end();
});

// Windows has no signals that a process could send to another one gently; there Ctrl-C only comes from the console itself.
describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  /** The first ten files go through, the others take minutes. */
  function slowUploads(datasetId: string): void {
    world.sandbox.createDataset({ name: datasetId, datasetId });
    world.sandbox.faults = [{ kind: 'slow', route: 'upload', bytesPerSecond: 200, skip: 10 }];
  }

  /** Interrupts a process once the sandbox has seen so many more requests of a kind. */
  function interruptAfter(route: 'upload' | 'download', count: number): CliOptions['onStart'] {
    const before = world.sandbox.requests[route];
    return async (child) => {
      while (world.sandbox.requests[route] < before + count) await setTimeout(20);
      // The first ones have to be answered, too.
      await setTimeout(300);
      child.kill('SIGINT');
    };
  }

  test('in the middle of an upload says what is done, and a repetition does the rest', async () => {
    slowUploads('half');
    const { exitCode, stdout, stderr } = await world.cli(['upload', 'half', 'pictures'], {
      onStart: interruptAfter('upload', 12),
    });
    world.sandbox.faults = [];
    expect(exitCode).toBe(130);
    expect(stdout).toBe('');
    const done = /Interrupted: (\d+) of 40 files were uploaded/u.exec(stderr);
    expect(Number(done?.[1])).toBeGreaterThan(0);
    expect(Number(done?.[1])).toBeLessThan(40);

    const again = await world.json(['upload', 'half', 'pictures']);
    expect(again).toMatchObject({ exitCode: 0, document: { totalFiles: 40, totalFailed: 0 } });
  });
});
