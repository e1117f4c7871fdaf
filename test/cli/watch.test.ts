import * as fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Hold, MirrorStatus } from '../../app/contract.ts';
import { picture } from '../engine/pictures.ts';
import {
  datasetId,
  type MirrorWorld,
  pictures,
  type Staying,
  startMirrorWorld,
  startStaying,
} from './mirror-world.ts';

const isUnix = process.platform !== 'win32';

async function until(question: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 50));
}

// One watch, and what other processes do meanwhile, step by step.
describe('while a watch runs in another process', { timeout: 60_000 }, () => {
  let world: MirrorWorld;
  let watch: Staying;
  beforeAll(async () => {
    world = await startMirrorWorld();
    for (const [name, content] of Object.entries(pictures('a.png', 'b.png')))
      await world.write(name, content);
    watch = startStaying(world, ['watch']);
    await watch.until(/Watching 0 mirrors/u);
  });
  afterAll(async () => {
    await watch.end('SIGKILL');
    await world.end();
  });

  test('a mirror can be added, and is in step at once', async () => {
    const added = await world.json<MirrorStatus>(['mirror', 'add', 'photos', datasetId, '--yes']);
    expect(added).toMatchObject({ exitCode: 0, document: { phase: 'in-sync', done: { uploaded: 2 } } });
    await watch.until(/Uploaded “a\.png”/u);
    await watch.until(/Folder and dataset are in sync/u);
    expect(await world.mirror()).toMatchObject({ phase: 'in-sync' });
    expect((await world.cli(['status'])).stdout).toMatch(/^ {2}in sync$/mu);
  });

  test('a file that is saved is uploaded without a word', async () => {
    await world.write('c.png', picture(500, 700));
    await watch.until(/Uploaded “c\.png”/u);
    expect((await world.assets())['c.png']?.content).toEqual(picture(500, 700));
  });

  test('a second watch says so, and ends with 1', async () => {
    const { exitCode, document } = await world.json<{ error: { code: string; detail: string } }>(['watch']);
    expect(exitCode).toBe(1);
    expect(document.error.code).toBe('manifest-in-use');
    expect(document.error.detail).toMatch(/process \d+/u);
  });

  test('a conflict that a second client makes is listed, and resolved at once', async () => {
    await world.cli(['mirror', 'pause', 'photos']);
    await watch.until(/paused: vi-sync mirror resume \w{8}/u);
    await world.write('a.png', picture(501, 700));
    await world.putAsset('a.png', picture(502, 800));
    await world.cli(['mirror', 'resume', 'photos']);
    expect((await world.cli(['sync', 'photos'])).exitCode).toBe(3);
    await watch.until(/Changed on both sides/u);
    const { document } = await world.json<{ items: Hold[] }>(['conflicts', 'list']);
    expect(document.items).toMatchObject([{ path: 'a.png', reason: 'both-changed' }]);
    const resolved = await world.cli(['conflicts', 'resolve', 'photos', 'a.png', '--keep', 'theirs']);
    expect(resolved.exitCode).toBe(0);
    expect(resolved.stderr).toContain('It is being carried out.');
    await watch.until(/Downloaded the dataset’s new version of “a\.png”/u);
    expect(await world.read('a.png')).toEqual(picture(502, 800));
    expect((await world.cli(['trash', 'list'])).stdout).toContain('a.png');
  });

  test('status --watch follows it, also over its end, and ends as it is told', async () => {
    const status = startStaying(world, ['status', '--watch', '--json']);
    await status.until(/"phase":"in-sync"/u);
    await world.cli(['mirror', 'pause']);
    await status.until(/"phase":"paused"/u);
    await world.cli(['mirror', 'resume']);
    if (!isUnix) return;
    expect(await watch.end('SIGKILL')).toBeNull();
    await status.until(/"phase":"stopped"/u);
    expect(await status.end()).toBe(0);
    const { items } = JSON.parse(status.stdout) as { items: MirrorStatus[] };
    expect(items.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['in-sync', 'paused', 'stopped']));
  });

  test.runIf(isUnix)(
    'after it was killed by force everything works, and the next watch ends in order',
    async () => {
      const run = path.join(world.env.VI_SYNC_DATA ?? '', 'run');
      expect(await world.json(['verify', 'photos'])).toMatchObject({
        exitCode: 0,
        document: { mirror: { phase: 'in-sync' }, tally: { files: 3, none: 0 } },
      });
      watch = startStaying(world, ['watch', '--json']);
      await until(async () => (await world.mirror()).phase === 'in-sync');
      await fs.rm(path.join(world.photos, 'b.png'));
      await world.deleteAsset('c.png');
      await world.cli(['sync']);
      await watch.until(/"kind":"removed"/u);
      expect(await watch.end()).toBe(0);
      expect(watch.stderr).toContain('Vi Sync has ended');
      const { items } = JSON.parse(watch.stdout) as { items: { kind: string; path: string }[] };
      expect(items).toContainEqual(expect.objectContaining({ kind: 'removed', path: 'c.png' }));
      expect(await fs.readdir(run)).toEqual([]);
    },
  );
});

describe.runIf(isUnix)('a sync that is interrupted', { timeout: 60_000 }, () => {
  async function beginUpload(): Promise<MirrorWorld> {
    const world = await startMirrorWorld();
    onTestFinished(() => world.end());
    await world.cli(['mirror', 'add', 'photos', datasetId, '--yes']);
    for (let number = 0; number < 30; number++)
      await world.write(`${number}.png`, picture(600 + number, 2000));
    world.sandbox.faults = [{ kind: 'delay', route: 'upload', ms: 1000 }];
    return world;
  }
  const underWay = (world: MirrorWorld) => until(() => world.sandbox.requests.upload >= 5);

  test('by Ctrl-C says what is done, and the next one does the rest', async () => {
    const world = await beginUpload();
    const sync = startStaying(world, ['sync']);
    await underWay(world);
    expect(await sync.end()).toBe(130);
    expect(sync.stdout).toBe('');
    expect(sync.stderr).toMatch(/Interrupted: \d+ files? transferred\. What is done stays done\./u);
    world.sandbox.faults = [];
    expect((await world.cli(['sync'])).exitCode).toBe(0);
    expect(Object.keys(await world.assets())).toHaveLength(30);
  });

  test('by the death of the watch that does it goes on by itself', async () => {
    const world = await beginUpload();
    const watch = startStaying(world, ['watch']);
    await watch.until(/Watching 1 mirror/u);
    const sync = startStaying(world, ['sync', '--json']);
    await underWay(world);
    // Only when it is a client of the watch does the death matter.
    await sync.until(/Syncing: \d+ of 30 files/u);
    await watch.end('SIGKILL');
    world.sandbox.faults = [];
    await sync.until(/"phase": "in-sync"/u);
    expect(await sync.end()).toBe(0);
    expect(Object.keys(await world.assets())).toHaveLength(30);
  });
});
