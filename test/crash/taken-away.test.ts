import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { fill, World } from '../engine/world.ts';
import { bindFolder, canMount, takeAway } from './volumes.ts';

const named = (name: string, count: number, seed: number, size = 3000) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${name}${index % 3}/${name}-${index}.png`,
      picture(seed + index, size),
    ]),
  );

test('the disk of the folder is taken away in the middle of transfers: nothing is believed to be gone, nothing is put elsewhere', async () => {
  if (!(await canMount('a folder whose disk is taken away'))) return;
  const world = await World.make();
  const folder = await world.folder();
  const disk = path.join(world.dir, 'disk');
  await fs.mkdir(disk);
  await bindFolder(disk, folder.root);
  const here = named('here', 12, 100);
  await fill(folder, here);
  const mirror = await world.mirror(folder, 'data', {}, { settings: { deletePolicy: 'propagate' } });
  await mirror.sync();

  const there = named('there', 40, 300);
  world.sandbox.faults = [{ kind: 'delay', route: ['download', 'upload'], ms: 100 }];
  for (const [relative, content] of Object.entries(there)) {
    await world.putAsset(path.basename(relative), content, { viSyncPath: relative });
  }
  const more = named('more', 40, 500);
  await fill(folder, more);
  const { requests } = world.sandbox;
  await expect.poll(() => requests.download > 2 && requests.upload > 12, { interval: 5 }).toBe(true);
  takeAway(folder.root);
  await mirror.until(({ problem }) => problem !== null, 'the missing disk');
  expect((await mirror.status()).problem).toMatchObject({ code: expect.stringMatching(/^folder-/) });
  expect((await mirror.status()).phase).toBe('attention');
  await mirror.engine.settled(mirror.mirrorId);
  // What was under way has come to its end by now.
  expect(await fs.readdir(folder.root)).toEqual([]);
  const assets = await world.assets();
  for (const relative of [...Object.keys(here), ...Object.keys(there)])
    expect(assets.has(path.basename(relative)), relative).toBe(true);

  world.sandbox.faults = [];
  await bindFolder(disk, folder.root);
  await mirror.until(({ problem }) => problem === null, 'the disk');
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.until(
    ({ counts, problem }) => problem === null && counts['in-sync'] === 92,
    'the rest',
    40_000,
  );
  expect((await mirror.sync()).phase).toBe('in-sync');
  const all = { ...here, ...there, ...more };
  expect(await folder.list()).toEqual(Object.keys(all).sort());
  for (const [relative, content] of Object.entries(all)) expect(await folder.read(relative)).toEqual(content);
  expect((await world.assets()).size).toBe(92);
  expect(requests.upload).toBeLessThanOrEqual(52 + 32);
  expect(await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).toEqual([]);
});
