import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { remoteFile } from '../manifest/temp-manifest.ts';
import type { ScanWorld } from './scan-world.ts';
import { nothingToDo, planOf, statesOf, syncedWorld } from './synced-world.ts';

/** Bases that differ from what is known are decided about anew. */
async function decideAnew({ manifest, mirror }: ScanWorld): Promise<void> {
  await manifest.differences.unsettleDiffering(mirror, async () => undefined);
}

/** What the engine does after a look that has found other places to leave out. */
async function lookAndPlan(world: ScanWorld, ...hints: string[]) {
  await world.hint(...hints);
  await world.hint(...hints);
  await decideAnew(world);
  return planOf(world);
}

describe('what is left out by a rule', () => {
  test('keeps its base, is left alone on both sides, and goes on where it was', async () => {
    const world = await syncedWorld(['a.png', 'raw/b.png', 'raw/c.png']);
    await world.write('.visyncignore', 'raw/');
    expect(await lookAndPlan(world, '.visyncignore')).toMatchObject({ bound: 0, ...nothingToDo });
    const leftOut = { 'a.png': 'in-sync', 'raw/b.png': 'ignored: ignored', 'raw/c.png': 'ignored: ignored' };
    expect(statesOf(world)).toEqual(leftOut);
    const { items } = world.manifest.entries.page(world.mirror, {
      sort: 'path',
      descending: false,
      offset: 1,
      limit: 1,
    });
    expect(items[0]?.problem?.detail).toContain(
      '“raw/b.png” is left out: the rule “raw/” in “.visyncignore”, line 1, leaves out “raw”',
    );
    // Whatever happens there, or to its asset.
    await fs.rm(world.at('raw/b.png'));
    await world.write('raw/c.png', picture(7, 700));
    world.manifest.remote.delete(world.mirror, 'asset-of-raw/c.png');
    expect(await lookAndPlan(world, 'raw', 'raw/b.png')).toMatchObject({ bound: 0, ...nothingToDo });
    expect(statesOf(world)).toEqual(leftOut);
    // Nor is a new asset downloaded into it.
    const target = { path: 'raw/new.png', key: 'raw/new.png' };
    world.manifest.remote.put(world.mirror, remoteFile('new.png', 'new', { target }));
    expect(await planOf(world)).toMatchObject(nothingToDo);
    expect(statesOf(world)).toMatchObject({ 'raw/new.png': 'ignored: ignored' });
    // Without the rule, what has happened meanwhile is found.
    await fs.rm(world.at('.visyncignore'));
    expect(await lookAndPlan(world, '.visyncignore')).toMatchObject({
      upload: { files: 0 },
      download: { files: 1 },
      deleted: 1,
    });
    expect(statesOf(world)).toEqual({
      'a.png': 'in-sync',
      'raw/b.png': 'waiting',
      'raw/c.png': 'held: changed-here-deleted-there',
      'raw/new.png': 'waiting',
    });
  });

  test('and was not touched meanwhile is in sync again, without a transfer', async () => {
    const world = await syncedWorld(['a.png', 'raw/b.png']);
    await world.write('.visyncignore', 'raw/');
    await lookAndPlan(world, '.visyncignore');
    await world.write('.visyncignore', '');
    expect(await lookAndPlan(world, '.visyncignore')).toMatchObject({ bound: 0, ...nothingToDo });
    expect(statesOf(world)).toEqual({ 'a.png': 'in-sync', 'raw/b.png': 'in-sync' });
    expect(world.manifest.synced.count(world.mirror)).toBe(2);
  });

  test('is no part of many deletions, and a deletion beside it is one of few', async () => {
    const raw = Array.from({ length: 25 }, (_, index) => `raw/p${index}.png`);
    const world = await syncedWorld(['a.png', 'b.png', ...raw]);
    await world.write('.visyncignore', 'raw/');
    await fs.rm(world.at('a.png'));
    expect(await lookAndPlan(world, '.visyncignore', 'a.png')).toMatchObject({ deleted: 1 });
    expect(statesOf(world)).toMatchObject({ 'a.png': 'waiting', 'raw/p7.png': 'ignored: ignored' });
  });

  test('is not taken for a file that was renamed, when a copy of it appears', async () => {
    const world = await syncedWorld(['a.png', 'raw/b.png']);
    await world.write('.visyncignore', 'raw/');
    await lookAndPlan(world, '.visyncignore');
    await fs.copyFile(world.at('raw/b.png'), world.at('copy.png'));
    expect(await lookAndPlan(world, 'copy.png')).toMatchObject({ bound: 0, ...nothingToDo });
    expect(statesOf(world)).toMatchObject({
      'copy.png': 'local-only: duplicate',
      'raw/b.png': 'ignored: ignored',
    });
    // The file itself, moved out, is known again.
    await fs.rm(world.at('copy.png'));
    await fs.rename(world.at('raw/b.png'), world.at('b.png'));
    expect(await lookAndPlan(world, 'copy.png', 'b.png')).toMatchObject({ bound: 1, ...nothingToDo });
    expect(statesOf(world)).toEqual({ 'a.png': 'in-sync', 'b.png': 'in-sync' });
  });

  test('is left out by our own rules as well, once a rule file takes it back no longer', async () => {
    const world = await syncedWorld(['a.png']);
    await world.write('.visyncignore', '!.album/');
    await world.write('.album/b.png', picture(5, 500));
    expect(await lookAndPlan(world, '.visyncignore')).toMatchObject({ upload: { files: 1 } });
    await world.write('.visyncignore', '');
    expect(await lookAndPlan(world, '.visyncignore')).toMatchObject({ upload: { files: 0 } });
    expect(statesOf(world)).toEqual({ 'a.png': 'in-sync' });
  });
});

test('what lies behind a link is left alone', async () => {
  const world = await syncedWorld(['a.png', 'train/b.png']);
  await fs.rename(world.at('train'), world.at('.train'));
  await fs.symlink('.train', world.at('train'));
  expect(await lookAndPlan(world, 'train')).toMatchObject(nothingToDo);
  expect(statesOf(world)).toEqual({
    'a.png': 'in-sync',
    train: 'problem: link',
    'train/b.png': 'ignored: behind-link',
  });
  world.manifest.remote.delete(world.mirror, 'asset-of-train/b.png');
  expect(await lookAndPlan(world, 'train')).toMatchObject(nothingToDo);
  await fs.rm(world.at('train'));
  await fs.rename(world.at('.train'), world.at('train'));
  expect(await lookAndPlan(world, 'train')).toMatchObject({ trashed: 1 });
  expect(statesOf(world)).toEqual({ 'a.png': 'in-sync', 'train/b.png': 'waiting' });
});

test('a file that a link has replaced is a problem, and no deletion', async () => {
  const world = await syncedWorld(['a.png', 'b.png']);
  await fs.rename(world.at('a.png'), world.at('.a.png'));
  await fs.symlink('.a.png', world.at('a.png'));
  expect(await lookAndPlan(world, 'a.png')).toMatchObject(nothingToDo);
  expect(statesOf(world)).toEqual({ 'a.png': 'problem: link', 'b.png': 'in-sync' });
});

test('where nobody can look, nothing is done: not with what is known, nor with what is not', async () => {
  const world = await syncedWorld(['a.png', 'sub/b.png', 'sub/c.png', 'sub/d.png']);
  const { manifest, mirror } = world;
  await fs.rm(world.at('sub/d.png'));
  await world.hint('sub/d.png');
  await planOf(world, { deletePolicy: 'keep' });
  world.faults.readFolder = async (folder) =>
    folder === world.at('sub') ? { kind: 'unreadable', code: 'EIO' } : world.disk.readFolder(folder);
  await world.scan();
  manifest.remote.delete(mirror, 'asset-of-sub/c.png');
  const target = { path: 'sub/new.png', key: 'sub/new.png' };
  manifest.remote.put(mirror, remoteFile('new.png', 'new', { target }));
  await decideAnew(world);
  expect(await planOf(world)).toMatchObject(nothingToDo);
  expect(statesOf(world)).toEqual({
    'a.png': 'in-sync',
    'sub/b.png': 'in-sync',
    'sub/c.png': 'problem: folder-unreadable',
    'sub/d.png': 'problem: folder-unreadable',
    'sub/new.png': 'problem: folder-unreadable',
  });
  delete world.faults.readFolder;
  await world.hint('sub');
  await decideAnew(world);
  expect(await planOf(world)).toMatchObject({ download: { files: 1 }, trashed: 1, deleted: 1 });
  expect(statesOf(world)).toEqual({
    'a.png': 'in-sync',
    'sub/b.png': 'in-sync',
    'sub/c.png': 'waiting',
    'sub/d.png': 'waiting',
    'sub/new.png': 'waiting',
  });
});
