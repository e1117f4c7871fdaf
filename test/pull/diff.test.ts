import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diffDataset, diffLocks, type PullDiff, type PullLock, readLock } from '../../app/pull/index.ts';
import { picture } from '../engine/pictures.ts';
import { pictures } from '../engine/world.ts';
import { PullWorld } from './pull-world.ts';

const lines = ({ differences }: PullDiff) =>
  differences.map(({ kind, before, after }) => `${kind} ${before?.path ?? '–'} ${after?.path ?? '–'}`);

/** A pulled dataset that has changed since. */
async function changed(options: Parameters<typeof PullWorld.make>[0] = {}) {
  const world = await PullWorld.make(options);
  await world.putAll(pictures('a.png', 'b.png', 'train/c.png', 'd.png', 'same.png'));
  await world.pull();
  const lock = await world.lock();
  await world.world.deleteAsset('a.png');
  await world.put('b.png', picture(77, 900), 'b.png');
  await world.put('c.png', await world.folder.read('train/c.png'), 'test/c.png');
  await world.put('new.png', picture(78));
  return { world, lock };
}

const expected = [
  'removed a.png –',
  'changed b.png b.png',
  'added – new.png',
  'renamed train/c.png test/c.png',
];

describe('diff', () => {
  test('of a dataset that is as it was has nothing, and fetches nothing', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'train/b.png'));
    await world.put('b.png', picture(3), 'train/b.png');
    await world.pull();
    const client = world.world.client();
    const { count, result } = await world.requests('download', async () =>
      diffDataset({ client, lock: await world.lock() }),
    );
    expect(count).toBe(0);
    expect(result).toMatchObject({ totalBefore: 2, totalAfter: 2, totalSame: 2, differences: [] });
  });

  test('of a dataset names what was added, removed, changed, and what goes by another name', async () => {
    const { world, lock } = await changed();
    const diff = await diffDataset({ client: world.world.client(), lock });
    expect(lines(diff)).toEqual(expected);
    expect(diff).toMatchObject({ totalBefore: 5, totalAfter: 5, totalSame: 2 });
    expect(diff.differences[1]).toMatchObject({
      before: { filename: 'b.png' },
      after: { filename: 'b.png', size: picture(77, 900).length },
    });
  });

  test('is the same whether the service gives hashes or not', async () => {
    const { world, lock } = await changed({ switches: { hashAlgorithm: 'none' } });
    const diff = await diffDataset({ client: world.world.client(), lock });
    // Without a hash, what was uploaded anew may be changed as well.
    expect(lines(diff)).toEqual([...expected.slice(0, 3), 'changed train/c.png test/c.png']);
  });

  test('takes an asset that was uploaded again under another ID for the same one', async () => {
    const world = await PullWorld.make({
      switches: { overwrittenAssetId: 'new', identicalBytes: 'overwrite' },
    });
    await world.putAll(pictures('a.png', 'b.png'));
    await world.pull();
    const lock = await world.lock();
    const files = lock.files.map((file) => ({ ...file, assetId: `old-${file.assetId}` }));
    await world.put('b.png', picture(77), 'b.png');
    const diff = await diffDataset({ client: world.world.client(), lock: { ...lock, files } });
    expect(lines(diff)).toEqual(['recreated a.png a.png', 'changed b.png b.png']);
  });

  test('of a query compares with what the query gives', async () => {
    const { world } = await changed();
    const query = { filter: { filename: ['b.png', 'new.png'] } };
    await world.pull({ query, overwrite: true });
    await world.put('other.png', picture(80));
    const diff = await diffDataset({ client: world.world.client(), lock: await world.lock() });
    expect(diff).toMatchObject({ totalBefore: 2, totalAfter: 2, differences: [] });
  });

  test('of two lock files needs no service', async () => {
    const { world, lock } = await changed();
    const copy = path.join(world.world.dir, 'before.json');
    await fs.copyFile(world.lockFile, copy);
    await world.pull({ overwrite: true });
    await world.sandbox.close();
    const after = await world.lock();
    expect(await readLock(copy)).toEqual(lock);
    expect(lines(diffLocks(lock, after))).toEqual(expected);
    expect(diffLocks(after, after).differences).toEqual([]);
  });

  test('of two datasets is refused', async () => {
    const { world, lock } = await changed();
    const other: PullLock = { ...lock, dataset: 'other' };
    expect(() => diffLocks(lock, other)).toThrow(expect.objectContaining({ code: 'other-dataset' }));
    await expect(
      diffDataset({ client: world.world.client(), lock: { ...lock, organization: 'other' } }),
    ).rejects.toMatchObject({ code: 'other-organization' });
  });
});
