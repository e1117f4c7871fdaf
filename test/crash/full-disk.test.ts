import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { fill, type Mirror, World, type WorldFolder } from '../engine/world.ts';
import { canMount, mountDisk, resizeDisk } from './volumes.ts';

/** A world whose folder lies on a disk of its own. */
async function onSmallDisk(options: string): Promise<{ world: World; folder: WorldFolder }> {
  const world = await World.make();
  const folder = await world.folder();
  await mountDisk(folder.root, options);
  return { world, folder };
}

async function problemsOf(mirror: Mirror): Promise<string[]> {
  const rows = await mirror.files('problem');
  return rows.map(({ problem }) => `${problem?.title}: ${problem?.detail} ${problem?.suggestion}`);
}

test('downloads fill the disk: each says so, nothing half is left, and they come when there is room', async () => {
  if (!(await canMount('downloads that fill the disk'))) return;
  const { world, folder } = await onSmallDisk('size=1m');
  const files = Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`big-${index}.png`, picture(index, 300_000)]),
  );
  for (const [name, content] of Object.entries(files)) await world.putAsset(name, content);
  const mirror = await world.mirror(folder);
  await mirror.until(
    ({ counts }) => counts.problem > 0 && counts.problem + counts['in-sync'] === 6,
    'the full disk',
  );
  for (const problem of await problemsOf(mirror)) {
    expect(problem).toContain('The disk is full');
    expect(problem).toContain('Make room');
  }
  expect(await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).toEqual([]);
  for (const name of await folder.list()) expect(await folder.read(name)).toEqual(files[name]);

  resizeDisk(folder.root, 'size=8m');
  expect((await mirror.sync()).phase).toBe('in-sync');
  for (const [name, content] of Object.entries(files)) expect(await folder.read(name)).toEqual(content);
  expect(world.sandbox.requests.upload).toBe(0);
});

test('no room for a name in the trash: the file stays where it is, and goes when there is', async () => {
  if (!(await canMount('a trash without room'))) return;
  // As many names as the folder, its files and what is Vi Sync's own need, and no more.
  const { world, folder } = await onSmallDisk('size=4m');
  const files = { 'a.png': picture(1, 500), 'b.png': picture(2, 500) };
  await fill(folder, files);
  const mirror = await world.mirror(folder);
  await mirror.sync();
  const { files: most, ffree } = await fs.statfs(folder.root);
  resizeDisk(folder.root, `nr_inodes=${most - ffree}`);
  await world.putAsset('a.png', picture(3, 500));
  await world.deleteAsset('b.png');
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.until(({ counts }) => counts.problem === 2, 'both problems');
  for (const problem of await problemsOf(mirror)) expect(problem).toContain('The disk is full');
  expect(await folder.read('a.png')).toEqual(files['a.png']);
  expect(await folder.read('b.png')).toEqual(files['b.png']);

  resizeDisk(folder.root, `nr_inodes=${most}`);
  expect((await mirror.sync()).phase).toBe('in-sync');
  expect(await folder.list()).toEqual(['a.png']);
  expect(await folder.read('a.png')).toEqual(picture(3, 500));
  const { items } = await mirror.engine.call('trash', {});
  expect(items.map((item) => item.path).sort()).toEqual(['a.png', 'b.png']);
});

/** A world whose manifest lies on a disk of its own, with one file in sync; and a way to fill that disk up. */
async function withSmallManifestDisk() {
  const world = await World.make();
  const folder = await world.folder();
  const dataDir = path.join(world.dir, 'data');
  await mountDisk(dataDir, 'size=32m');
  await fill(folder, { 'a.png': picture(1, 500) });
  const mirror = await world.mirror(folder);
  await mirror.sync();
  const ballast = path.join(dataDir, 'ballast');
  const fillUp = async () => {
    const writing = fs.writeFile(ballast, Buffer.alloc(40 * 1024 * 1024));
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
  };
  return { world, folder, mirror, fillUp, makeRoom: () => fs.rm(ballast) };
}

async function expectFullManifest(mirror: Mirror): Promise<void> {
  await mirror.until(({ problem }) => problem !== null, 'the full disk');
  const { problem, phase } = await mirror.status();
  expect(problem).toMatchObject({ code: 'manifest-full', title: 'The disk is full' });
  expect(phase).toBe('attention');
}

const named = (name: string, count: number, seed: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${name}-${index}.png`, picture(seed + index, 500)]),
  );

test('the manifest’s disk is full: the mirror says so, transfers nothing twice, and goes on when there is room', async () => {
  if (!(await canMount('a manifest whose disk is full'))) return;
  const { world, folder, mirror, fillUp, makeRoom } = await withSmallManifestDisk();
  await fillUp();
  const files = named('new', 30, 100);
  await fill(folder, files);
  for (const [name, content] of Object.entries(named('there', 30, 200))) await world.putAsset(name, content);
  await expectFullManifest(mirror);

  await makeRoom();
  await mirror.until(({ counts, problem }) => problem === null && counts['in-sync'] === 61, 'the rest');
  expect((await mirror.sync()).phase).toBe('in-sync');
  expect((await folder.list()).length).toBe(61);
  const assets = await world.assets();
  expect(assets.size).toBe(61);
  for (const [name, content] of Object.entries(files)) expect(assets.get(name)?.content).toEqual(content);
  expect(world.sandbox.requests.upload).toBe(31);
  expect(world.sandbox.dataRows().used).toBe(61 * 5);
});

test('it fills up in the middle of transfers: they are gone on with, and nothing is sent twice', async () => {
  if (!(await canMount('a manifest whose disk fills up'))) return;
  const { world, folder, mirror, fillUp, makeRoom } = await withSmallManifestDisk();
  const { requests } = world.sandbox;
  world.sandbox.faults = [{ kind: 'delay', route: ['upload', 'download'], ms: 250 }];
  const files = named('new', 40, 100);
  await fill(folder, files);
  for (const [name, content] of Object.entries(named('there', 40, 200))) await world.putAsset(name, content);
  await expect.poll(() => requests.upload > 1 && requests.download > 0, { interval: 2 }).toBe(true);
  await fillUp();
  await expectFullManifest(mirror);

  await makeRoom();
  world.sandbox.faults = [];
  await mirror.until(
    ({ counts, problem }) => problem === null && counts['in-sync'] === 81,
    'the rest',
    40_000,
  );
  expect((await mirror.sync()).phase).toBe('in-sync');
  expect((await folder.list()).length).toBe(81);
  expect((await world.assets()).size).toBe(81);
  expect(requests.upload).toBe(41);
  expect(world.sandbox.dataRows().used).toBe(81 * 5);
});
