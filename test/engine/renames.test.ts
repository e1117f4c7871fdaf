import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fill, pictures, World } from './world.ts';

test('a mirror that deletes by itself takes no rename for a deletion', async () => {
  const world = await World.make({ engine: { timing: { quietMs: 400, pollMs: 400 } } });
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'x/b.png', 'c.png', 'd.png'));
  const mirror = await world.mirror(folder);
  await mirror.engine.call('changeMirror', {
    mirrorId: mirror.mirrorId,
    settings: { deletePolicy: 'propagate' },
  });
  await mirror.sync();
  const before = await world.assets();
  const { upload } = world.sandbox.requests;
  await fs.mkdir(path.join(folder.root, 'y'));
  await fs.rename(path.join(folder.root, 'a.png'), path.join(folder.root, 'renamed.png'));
  await fs.rename(path.join(folder.root, 'x/b.png'), path.join(folder.root, 'y/b.png'));
  await fs.copyFile(path.join(folder.root, 'c.png'), path.join(folder.root, 'y/c.png'));
  await fs.rm(path.join(folder.root, 'c.png'));
  await mirror.until(async () => {
    const states = await mirror.states();
    return (
      states['renamed.png'] === 'in-sync' &&
      states['y/b.png'] === 'in-sync' &&
      states['y/c.png'] === 'in-sync'
    );
  }, 'the renames');
  await mirror.sync();
  const after = await world.assets();
  expect([...after.values()].map(({ assetId }) => assetId).sort()).toEqual(
    [...before.values()].map(({ assetId }) => assetId).sort(),
  );
  expect(world.sandbox.requests.upload).toBe(upload);
  await fs.rm(path.join(folder.root, 'd.png'));
  await mirror.until(async () => !(await world.assets()).has('d.png'), 'the deletion');
});

test('nor, where every copy is an asset of its own, for a copy', async () => {
  const world = await World.make({ engine: { timing: { quietMs: 400, pollMs: 400 } } });
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'x/b.png', 'x/c.png'));
  const mirror = await world.mirror(folder);
  await mirror.engine.call('changeMirror', {
    mirrorId: mirror.mirrorId,
    settings: { deletePolicy: 'propagate', duplicates: 'upload' },
  });
  await mirror.sync();
  const { upload } = world.sandbox.requests;
  await fs.rename(path.join(folder.root, 'a.png'), path.join(folder.root, 'renamed.png'));
  // The files of a folder that was moved are known at once: nothing about them is new.
  await fs.rename(path.join(folder.root, 'x'), path.join(folder.root, 'y'));
  await mirror.until(async () => {
    const states = await mirror.states();
    return ['renamed.png', 'y/b.png', 'y/c.png'].every((name) => states[name] === 'in-sync');
  }, 'the renames');
  await mirror.sync();
  expect([...(await world.assets()).keys()].sort()).toEqual(['a.png', 'b.png', 'c.png']);
  expect(world.sandbox.requests.upload).toBe(upload);
});
