import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { planFrozen } from '../../app/pull/frozen.ts';
import { PullTally } from '../../app/pull/pull-tally.ts';
import { picture } from '../engine/pictures.ts';
import { pictures } from '../engine/world.ts';
import { environmentWith, once, PullWorld } from './pull-world.ts';

/** A pulled dataset, and another folder with nothing but its lock file. */
async function locked(
  files = pictures('a.png', 'train/b.png', 'c.png'),
  options: Parameters<typeof PullWorld.make>[0] = {},
) {
  const world = await PullWorld.make(options);
  await world.putAll(files);
  await world.pull();
  const lock = await fs.readFile(world.lockFile);
  const copy = await world.world.folder('copy');
  await copy.write('vi-sync.lock.json', lock);
  const copied = async () => {
    const entries = (await copy.list()).filter((name) => name !== 'vi-sync.lock.json');
    return Object.fromEntries(await Promise.all(entries.map(async (name) => [name, await copy.read(name)])));
  };
  const pull = (more: Parameters<PullWorld['pull']>[0] = {}) =>
    world.pull({ folder: copy.root, frozen: true, ...more });
  return { world, files, copy, copied, pull, lock };
}

describe('a frozen pull', () => {
  test('reproduces a folder from its lock file, to the byte, whatever has come since', async () => {
    const { world, files, copied, pull, copy, lock } = await locked();
    await world.put('new.png', picture(99));
    expect(await pull()).toMatchObject({ complete: true, frozen: true, totalFiles: 3, totalPulled: 3 });
    expect(await copied()).toEqual(files);
    expect(await copy.read('vi-sync.lock.json')).toEqual(lock);
    const again = await world.requests('download', () => pull());
    expect(again).toMatchObject({ count: 0, result: { complete: true, totalSame: 3 } });
    const { count } = await world.requests('assets.get', () => pull());
    expect(count).toBe(0);
  });

  test('says what differs, and touches none of it', async () => {
    const { world, files, copied, pull, copy, lock } = await locked(
      pictures('a.png', 'train/b.png', 'c.png', 'd.png', 'e.png'),
    );
    await world.world.deleteAsset('a.png');
    await world.put('b.png', picture(99), 'train/b.png');
    await copy.write('d.png', Buffer.from('mine'));
    const result = await pull();
    expect(result).toMatchObject({ complete: false, totalFiles: 5, totalPulled: 2, failures: [] });
    expect(result.differences.map(({ path: place, kind }) => `${place}: ${kind}`).sort()).toEqual([
      'a.png: gone',
      'train/b.png: changed',
    ]);
    expect(result.conflicts).toMatchObject([{ path: 'd.png', kind: 'changed-here' }]);
    expect(await copied()).toEqual({
      'c.png': files['c.png'],
      'd.png': Buffer.from('mine'),
      'e.png': files['e.png'],
    });
    expect(await copy.read('vi-sync.lock.json')).toEqual(lock);
    expect(await pull({ overwrite: true })).toMatchObject({ conflicts: [], totalPulled: 1, totalSame: 2 });
    expect((await copied())['d.png']).toEqual(files['d.png']);
  });

  test('says the same on a machine that has the files: what it says is about the dataset', async () => {
    const { world, files, copied, pull } = await locked();
    expect(await pull()).toMatchObject({ complete: true, totalPulled: 3 });
    await world.world.deleteAsset('a.png');
    await world.put('b.png', picture(99), 'train/b.png');
    const { complete, totalSame, differences } = await pull();
    expect({ complete, totalSame }).toEqual({ complete: false, totalSame: 1 });
    expect(differences.map(({ path: place, kind }) => `${place}: ${kind}`).sort()).toEqual([
      'a.png: gone',
      'train/b.png: changed',
    ]);
    expect(await copied()).toEqual(files);
  });

  test('names an asset that has another filename by now', async () => {
    const { copy, pull, lock } = await locked();
    const text = lock.toString().replace('"filename":"c.png"', '"filename":"was-c.png"');
    await copy.write('vi-sync.lock.json', Buffer.from(text));
    expect(await pull()).toMatchObject({
      complete: false,
      totalPulled: 2,
      differences: [{ kind: 'renamed', path: 'c.png', filename: 'was-c.png', filenameNow: 'c.png' }],
    });
  });

  test('finds assets that the query does not give any more', async () => {
    const world = await PullWorld.make();
    const { datasetId } = world.world;
    const add = (camera: string) =>
      world.sandbox.addAsset(datasetId, {
        filename: 'a.png',
        content: { bytes: picture(5) },
        customMetadata: { camera },
      });
    await add('front');
    const query = { metadataQuery: 'camera == "front"' };
    expect(await world.pull({ query })).toMatchObject({ complete: true, totalFiles: 1 });
    await add('rear');
    await fs.rm(path.join(world.folder.root, 'a.png'));
    const { count, result } = await world.requests('assets.get', () => world.pull({ frozen: true }));
    expect(result).toMatchObject({ complete: true, totalPulled: 1 });
    // Once to look at it, and once for its URL.
    expect(count).toBe(2);
  });

  test('without a hash of the service knows other content by its own', async () => {
    const { world, pull, copied, lock, copy } = await locked(pictures('a.png'), {
      switches: { hashAlgorithm: 'none' },
    });
    // The service says that nothing has changed, and something has.
    const text = lock.toString().replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${'0'.repeat(64)}"`);
    await copy.write('vi-sync.lock.json', Buffer.from(text));
    expect(await pull()).toMatchObject({
      complete: false,
      differences: [{ kind: 'changed', path: 'a.png' }],
    });
    expect(await copied()).toEqual({});
    expect(await world.world.client().assets.list({ datasetId: world.world.datasetId })).toMatchObject({
      items: [{}],
    });
  });

  test('of a damaged asset fails that file', async () => {
    const { world, pull } = await locked();
    world.sandbox.faults = [{ kind: 'corrupt', route: 'download', filename: 'a.png' }];
    expect(await pull()).toMatchObject({ totalPulled: 2, failures: [{ path: 'a.png' }], differences: [] });
  });

  test('names what changes while it runs as well', async () => {
    const { world, files, copied, pull } = await locked(pictures('a.png', 'b.png', 'c.png'));
    const client = world.world.client();
    const assetId = (await world.lock()).files.find((file) => file.path === 'a.png')?.assetId ?? '';
    const change = once(() =>
      Promise.all([
        client.assets.delete({ datasetId: world.world.datasetId, assetId }),
        world.put('b.png', picture(99), 'b.png'),
      ]),
    );
    const environment = environmentWith((disk) => ({
      async look(file) {
        if (file.endsWith('.png')) await change();
        return disk.look(file);
      },
    }));
    const { differences, complete } = await pull({ environment });
    expect(complete).toBe(false);
    expect(differences.map(({ path: place, kind }) => `${place}: ${kind}`).sort()).toEqual([
      'a.png: gone',
      'b.png: changed',
    ]);
    expect(await copied()).toEqual({ 'c.png': files['c.png'] });
  });

  test('needs a lock file, and makes no folder without one', async () => {
    const world = await PullWorld.make();
    const folder = path.join(world.world.dir, 'nowhere');
    await expect(world.pull({ folder, frozen: true })).rejects.toMatchObject({ code: 'lock-missing' });
    await expect(fs.stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('of a lock file from elsewhere writes nothing outside, and nothing of its own name', async () => {
    const { copy, pull, world, lock } = await locked(pictures('a.png'));
    for (const place of [
      '../evil.png',
      '/tmp/evil.png',
      'a/../../evil.png',
      '..',
      '',
      'a//b.png',
      '.vi-sync/pull/in-use',
      '.VI-SYNC/x.png',
      'vi-sync.lock.json',
      'a\\..\\..\\evil.png',
      'a\u0000.png',
      'con.png',
    ]) {
      const text = lock.toString().replace('"path":"a.png"', `"path":${JSON.stringify(place)}`);
      await copy.write('vi-sync.lock.json', Buffer.from(text));
      await expect(pull(), place).rejects.toMatchObject({ code: 'lock-invalid' });
    }
    expect(await fs.readdir(world.world.dir)).not.toContain('evil.png');
  });

  test('of a lock from a disk that tells more names apart names those that this one can’t hold', async () => {
    const { world } = await locked(pictures('a.png', 'b.png', 'c.png', 'd.png'));
    const lock = await world.lock();
    const paths = ['X.png', 'x.png', '12:30.png', 'fine.png'];
    const files = lock.files.map((file, index) => ({ ...file, path: paths[index] ?? '' }));
    const tally = new PullTally(undefined);
    const names = { forbidsPunctuation: true, foldsCase: true, foldsNormalForm: true };
    const planned = await planFrozen(
      {
        client: world.world.client(),
        datasetId: lock.dataset,
        query: {},
        signal: undefined,
        tally,
        folder: { names },
      },
      { ...lock, files },
    );
    tally.stop();
    expect(planned.map((file) => file.path)).toEqual(['X.png', 'fine.png']);
    expect(tally.failures.map(({ path: place, code }) => [place, code])).toEqual([
      ['12:30.png', 'NameImpossible'],
      ['x.png', 'NameCollision'],
    ]);
  });
});
