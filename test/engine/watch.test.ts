import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultTiming } from '../../app/engine/timing.ts';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

test('a file dropped into the folder is in the dataset within 5 s, with the default timing', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png'));
  const mirror = await world.mirror(folder, 'data', { timing: defaultTiming });
  await mirror.sync();
  const start = performance.now();
  await folder.write('new/dropped.png', picture(40, 20_000));
  await mirror.until(async () => (await mirror.states())['new/dropped.png'] === 'in-sync', 'the file');
  const took = performance.now() - start;
  expect((await world.assets()).has('dropped.png')).toBe(true);
  expect(took).toBeLessThan(5000);
});

test('a file that is being written counts only when it is whole', async () => {
  const world = await World.make();
  const folder = await world.folder();
  const mirror = await world.mirror(folder, 'data', { timing: { quietMs: 400, pollMs: 400 } });
  await mirror.sync();
  const content = picture(41, 40_000);
  const file = path.join(folder.root, 'slow.png');
  for (let at = 0; at < content.length; at += 5000) {
    await fs.appendFile(file, content.subarray(at, at + 5000));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await mirror.until(async () => (await mirror.states())['slow.png'] === 'in-sync', 'the file');
  expect(world.sandbox.requests.upload).toBe(1);
  expect((await world.assets()).get('slow.png')?.content).toEqual(content);
  const { items } = await mirror.engine.call('activity', { limit: 100 });
  expect(items.filter(({ kind }) => kind === 'problem')).toEqual([]);
});

test('an editor that saves by renaming keeps the asset; a download does not come back as an upload', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  const before = (await world.assets()).get('a.png')?.assetId;
  await folder.write('.a.png.tmp', picture(42, 900));
  await fs.rename(path.join(folder.root, '.a.png.tmp'), path.join(folder.root, 'a.png'));
  await mirror.until(
    async () => (await world.assets()).get('a.png')?.content.length === picture(42, 900).length,
    'it',
  );
  expect((await world.assets()).get('a.png')?.assetId).toBe(before);

  await mirror.sync();
  const { upload } = world.sandbox.requests;
  await world.putAsset('b.png', picture(43, 900));
  await mirror.until(() => folder.has('b.png', picture(43, 900)), 'the download');
  // Longer than the watcher and its quiet time need to report it.
  await new Promise((resolve) => setTimeout(resolve, 800));
  await mirror.sync();
  expect(world.sandbox.requests.upload).toBe(upload);
});

test('what has just been changed here, and is compared or fetched, is as urgent as what goes up', async () => {
  const world = await World.make({ switches: { hashAlgorithm: 'none' } });
  const folder = await world.folder();
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await folder.write('a.png', picture(48, 900));
  await folder.write('b.png', picture(49, 900));
  await mirror.until((status) => status.counts['in-sync'] === 2, 'both');
  await world.putAsset('a.png', picture(50, 900));
  await world.putAsset('c.png', picture(51, 900));
  await folder.write('c.png', picture(51, 900));
  await mirror.until(() => folder.has('a.png', picture(50, 900)), 'the new version');
  await mirror.until((status) => status.counts['in-sync'] === 3, 'all');
  expect(world.sandbox.requests.upload).toBe(2);
});

test('two folders on one dataset come to be the same', async () => {
  const world = await World.make();
  const [here, there] = [await world.folder('here'), await world.folder('there')];
  await fill(here, pictures('a.png', 'train/b.png'));
  await there.write('c.png', picture(44, 900));
  const first = await world.mirror(here, 'data-here');
  const second = await world.mirror(there, 'data-there');
  await first.sync();
  await second.sync();
  await first.sync();
  expect(await here.list()).toEqual(['a.png', 'c.png', 'train/b.png']);
  expect(await there.list()).toEqual(await here.list());

  await there.write('train/b.png', picture(45, 900));
  await here.write('d.png', picture(46, 900));
  await first.until(() => here.has('train/b.png', picture(45, 900)), 'the edit');
  await second.until(() => there.has('d.png', picture(46, 900)), 'the new file');
  expect((await first.sync()).phase).toBe('in-sync');
  expect((await second.sync()).phase).toBe('in-sync');
  expect(world.sandbox.requests.upload).toBe(5);
  for (const relative of await here.list()) {
    expect(await there.has(relative, await here.read(relative))).toBe(true);
  }
});

test('the service is gone for a while: the mirror says so, and goes on by itself', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  world.sandbox.faults = [
    { kind: 'reset', route: ['datasets.get', 'assets.list', 'sessions.create', 'upload'], when: 'before' },
  ];
  await folder.write('b.png', picture(47, 900));
  await mirror.until((status) => status.phase === 'offline', 'offline');
  expect((await mirror.status()).problem).toMatchObject({ title: 'No connection' });
  world.sandbox.faults = [];
  await mirror.until(async () => (await mirror.states())['b.png'] === 'in-sync', 'the file');
  expect(await mirror.status()).toMatchObject({ problem: null });
});

test('that all is in sync is said once, and not again after an outage in which nothing was done', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png'));
  const mirror = await world.mirror(folder);
  const told = async () => {
    const { items } = await mirror.engine.call('activity', { mirrorId: mirror.mirrorId });
    return items.filter(({ kind }) => kind === 'in-sync').length;
  };
  await mirror.sync();
  expect(await told()).toBe(1);
  world.sandbox.faults = [{ kind: 'reset', route: ['datasets.get', 'assets.list'], when: 'before' }];
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.until((status) => status.phase === 'offline', 'offline');
  world.sandbox.faults = [];
  await mirror.sync();
  expect(await told()).toBe(1);
  await folder.write('b.png', picture(48, 900));
  await mirror.sync();
  expect(await told()).toBe(2);
});

test('a listing that breaks off deletes nothing', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'b.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  world.sandbox.faults = [{ kind: 'malformed-json', route: 'assets.list' }];
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.until((status) => status.problem?.code === 'InvalidResponse', 'the problem');
  expect((await mirror.status()).counts['in-sync']).toBe(2);
  world.sandbox.faults = [];
  expect((await mirror.sync()).phase).toBe('in-sync');
});

test('after close nothing runs any more', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(
    folder,
    Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p${i}.png`, picture(600 + i, 900)])),
  );
  world.sandbox.faults = [{ kind: 'delay', route: 'upload', ms: 300 }];
  const mirror = await world.mirror(folder);
  const seen: string[] = [];
  mirror.engine.on('mirrorChanged', ({ phase }) => seen.push(phase));
  await mirror.until((status) => status.counts.uploading > 0, 'an upload');
  await mirror.engine.close();
  const { length } = seen;
  const requests = { ...world.sandbox.requests };
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(seen.length).toBe(length);
  // What had reached the service before the end may be counted late; nothing new is begun.
  expect(world.sandbox.requests['sessions.get']).toBe(requests['sessions.get']);
  expect(world.sandbox.requests.upload - requests.upload).toBeLessThanOrEqual(16);
  await expect(mirror.engine.call('status', {})).rejects.toMatchObject({
    problem: { code: 'engine-closed' },
  });
});
