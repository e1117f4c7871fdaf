import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { verifyPull } from '../../app/pull/index.ts';
import { picture } from '../engine/pictures.ts';
import { hostileNames } from './hostile-names.ts';
import { PullWorld } from './pull-world.ts';

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Everything below a folder but what is in one of its subfolders. */
async function everythingBut(root: string, without: string[]): Promise<string[]> {
  const names = await fs.readdir(root, { recursive: true });
  return names
    .filter((name) => !without.some((each) => name === each || name.startsWith(each + path.sep)))
    .sort();
}

test('the corpus is large enough', () => {
  expect(hostileNames.length).toBeGreaterThanOrEqual(200);
});

test('whatever assets are called, and whatever paths they claim, each has its file in the folder, and nothing is elsewhere', async () => {
  const world = await PullWorld.make();
  const { datasetId, dir } = world.world;
  const contents = new Map<string, Buffer>();
  for (const [index, name] of hostileNames.entries()) {
    // As a name, and as a path; what is claimed twice goes to the first.
    const byName = picture(index * 2 + 1);
    const byPath = picture(index * 2 + 2);
    for (const [filename, content, customMetadata] of [
      [name, byName, {}],
      [`plain-${index}.png`, byPath, { viSyncPath: name }],
    ] as const) {
      const { assetId } = await world.sandbox.addAsset(datasetId, {
        filename,
        content: { bytes: content },
        customMetadata,
      });
      contents.set(assetId, content);
    }
  }
  const elsewhere = ['pulled', 'sandbox'];
  const before = await everythingBut(dir, elsewhere);

  const result = await world.pull();
  expect(result.failures).toEqual([]);
  expect(result.conflicts).toEqual([]);
  expect(result).toMatchObject({ complete: true, totalFiles: contents.size, totalPulled: contents.size });
  expect(await everythingBut(dir, elsewhere)).toEqual(before);

  const lock = await world.lock();
  expect(new Set(lock.files.map((file) => file.assetId))).toEqual(new Set(contents.keys()));
  const paths = new Set(lock.files.map((file) => file.path));
  expect(paths.size).toBe(contents.size);
  for (const file of lock.files) {
    expect(file.sha256).toBe(sha256(contents.get(file.assetId) ?? Buffer.alloc(0)));
    const real = await fs.realpath(path.join(world.folder.root, file.path));
    expect(real.startsWith(world.folder.root + path.sep)).toBe(true);
    expect(real.startsWith(path.join(world.folder.root, '.vi-sync', path.sep))).toBe(false);
  }
  expect(await verifyPull({ folder: world.folder.root })).toMatchObject({
    isSame: true,
    totalSame: contents.size,
    extra: [],
  });

  // Another folder, another order of arrival: the same places.
  const other = await world.world.folder('other');
  expect(await world.pull({ folder: other.root, concurrency: 3 })).toMatchObject({ complete: true });
  expect(await other.list()).toEqual(await world.folder.list());
  const again = await world.requests('download', () => world.pull());
  expect(again).toMatchObject({ count: 0, result: { complete: true, totalSame: contents.size } });
  expect(await world.pull({ frozen: true })).toMatchObject({ complete: true, totalSame: contents.size });
}, 60_000);

test('names that are told from others by the disk alone are pulled by its rules', async () => {
  const world = await PullWorld.make();
  await world.put('b.png', picture(1));
  await world.put('B.png', picture(2));
  await world.put('12:30.png', picture(3));
  const result = await world.pull();
  expect(result).toMatchObject({ complete: true, totalPulled: 3 });
  const { names } = await world.lock();
  const files = Object.keys(await world.contents());
  if (!names.foldsCase) expect(files).toContain('B.png');
  if (!names.forbidsPunctuation) expect(files).toContain('12:30.png');
  expect(result.mapped.length === 0).toBe(!names.foldsCase && !names.forbidsPunctuation);
});
