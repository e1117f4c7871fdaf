import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyPull } from '../../app/pull/index.ts';
import { pictures } from '../engine/world.ts';
import { PullWorld } from './pull-world.ts';

async function pulled() {
  const world = await PullWorld.make();
  await world.putAll(pictures('a.png', 'b.png', 'train/c.png', 'train/d.png', 'e.png'));
  await world.pull();
  const { root } = world.folder;
  return { world, root, verify: () => verifyPull({ folder: root }) };
}

describe('verify', () => {
  test('finds a folder as it was pulled, without asking anybody', async () => {
    const { world, verify } = await pulled();
    await world.sandbox.close();
    expect(await verify()).toMatchObject({
      isSame: true,
      datasetId: world.world.datasetId,
      totalFiles: 5,
      totalSame: 5,
      missing: [],
      changed: [],
      noFile: [],
      unreadable: [],
      extra: [],
    });
  });

  test('names what is missing, changed, something else, or not from the dataset', async () => {
    const { world, root, verify } = await pulled();
    await fs.rm(path.join(root, 'a.png'));
    const before = await fs.stat(path.join(root, 'b.png'));
    const content = await world.folder.read('b.png');
    // One byte of it, and everything else as it was.
    await fs.writeFile(path.join(root, 'b.png'), Buffer.from(content).fill(7, 70, 71));
    await fs.utimes(path.join(root, 'b.png'), before.atime, before.mtime);
    await fs.rm(path.join(root, 'train/c.png'));
    await fs.mkdir(path.join(root, 'train/c.png'));
    await world.folder.write('train/extra.png', Buffer.from('x'));
    await world.folder.write('train/c.png/inside.txt', Buffer.from('x'));
    await fs.symlink(path.join(root, 'b.png'), path.join(root, 'link.png'));
    for (const name of ['.DS_Store', '.hidden/x.png', 'train/a.png~']) {
      await world.folder.write(name, Buffer.from('x'));
    }
    expect(await verify()).toMatchObject({
      isSame: false,
      totalSame: 2,
      missing: ['a.png'],
      changed: ['b.png'],
      noFile: ['train/c.png'],
      extra: ['link.png', 'train/c.png/inside.txt', 'train/extra.png'],
    });
  });

  test('follows no link out of the folder', async () => {
    const { world, root, verify } = await pulled();
    const outside = await world.world.folder('outside');
    for (const name of ['c.png', 'd.png'])
      await outside.write(name, await world.folder.read(`train/${name}`));
    await outside.write('secret.txt', Buffer.from('x'));
    await fs.rm(path.join(root, 'train'), { recursive: true });
    await fs.symlink(outside.root, path.join(root, 'train'));
    expect(await verify()).toMatchObject({
      totalSame: 3,
      noFile: ['train/c.png', 'train/d.png'],
      extra: ['train'],
    });
  });

  test('changes nothing, not even a folder that can’t be written', async () => {
    const { root, verify } = await pulled();
    await fs.rm(path.join(root, '.vi-sync'), { recursive: true });
    const before = await fs.readdir(root, { recursive: true });
    await verify();
    expect(await fs.readdir(root, { recursive: true })).toEqual(before);
  });

  test('says that there is no lock file, or no folder', async () => {
    const world = await PullWorld.make();
    await expect(verifyPull({ folder: world.folder.root })).rejects.toMatchObject({ code: 'lock-missing' });
    await expect(verifyPull({ folder: path.join(world.folder.root, 'no') })).rejects.toMatchObject({
      code: 'lock-missing',
    });
  });

  test('tells how far it is, and ends by its signal', async () => {
    const { root } = await pulled();
    const seen: number[] = [];
    await verifyPull({ folder: root, onProgress: ({ filesDone }) => seen.push(filesDone) });
    expect(seen.at(-1)).toBe(5);
    const reason = new Error('enough');
    await expect(verifyPull({ folder: root, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
