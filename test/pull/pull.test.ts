import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PullError, type PullProgress } from '../../app/pull/index.ts';
import { picture } from '../engine/pictures.ts';
import { pictures } from '../engine/world.ts';
import { environmentWith, once, PullWorld } from './pull-world.ts';

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

describe('a pull', () => {
  test('restores folders, to the byte, and writes down what came', async () => {
    const world = await PullWorld.make();
    const files = pictures('a.png', 'train/b.png', 'train/night/c.png');
    await world.putAll(files);
    const result = await world.pull();
    expect(result).toMatchObject({
      complete: true,
      totalFiles: 3,
      totalPulled: 3,
      totalSame: 0,
      totalUnverified: 0,
      totalNotTried: 0,
      totalBytes: Object.values(files).reduce((sum, { length }) => sum + length, 0),
      conflicts: [],
      failures: [],
      mapped: [],
      leftOver: [],
      stopped: null,
    });
    expect(await world.contents()).toEqual(files);
    expect(await world.partials()).toEqual([]);

    const lock = await world.lock();
    expect(lock).toMatchObject({
      dataset: world.world.datasetId,
      organization: world.sandbox.organizationId,
      endpoint: world.sandbox.endpoint,
      query: {},
      complete: true,
    });
    expect(Math.abs(Date.parse(lock.pulledAt) - Date.now())).toBeLessThan(60_000);
    expect(lock.files.map((file) => [file.path, file.filename, file.size, file.sha256])).toEqual(
      Object.entries(files).map(([name, content]) => [
        name,
        path.posix.basename(name),
        content.length,
        sha256(content),
      ]),
    );
    for (const file of lock.files) {
      expect(file.hash).toEqual({ algorithm: 'sha256', contents: file.sha256 });
      expect(file.etag).not.toBe('');
      const { mtimeMs } = await fs.stat(path.join(world.folder.root, file.path));
      expect(Math.abs(mtimeMs - (file.contentsLastUpdated ?? 0))).toBeLessThan(2);
    }
  });

  test('of the same dataset fetches nothing again, and leaves the lock file as it is, to the byte', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'train/b.png'));
    await world.pull();
    const lock = await fs.readFile(world.lockFile);
    const { count, result } = await world.requests('download', () => world.pull());
    expect(result).toMatchObject({ complete: true, totalPulled: 0, totalSame: 2, totalBytes: 0 });
    expect(count).toBe(0);
    expect(await fs.readFile(world.lockFile)).toEqual(lock);
  });

  test('brings what is new, and again what is missing', async () => {
    const world = await PullWorld.make();
    const files = pictures('a.png', 'b.png', 'c.png');
    await world.putAll(files);
    await world.pull();
    await fs.rm(path.join(world.folder.root, 'b.png'));
    await world.put('d.png', picture(77));
    expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 2, totalSame: 2 });
    expect(await world.contents()).toEqual({ ...files, 'd.png': picture(77) });
    expect((await world.lock()).files).toHaveLength(4);
  });

  test('takes files for what they are, whoever has put them there', async () => {
    const world = await PullWorld.make();
    const files = pictures('a.png', 'train/b.png');
    await world.putAll(files);
    await world.folder.write('a.png', files['a.png'] ?? Buffer.alloc(0));
    expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 1, totalSame: 1 });
  });

  test('of a query brings what it gives, and says so in the lock file', async () => {
    const world = await PullWorld.make();
    const { datasetId } = world.world;
    for (const [filename, camera] of [
      ['a.png', 'front'],
      ['b.png', 'rear'],
    ] as const) {
      await world.sandbox.addAsset(datasetId, {
        filename,
        content: { bytes: picture(filename.length + camera.length) },
        customMetadata: { camera },
      });
    }
    const query = { metadataQuery: 'camera == "rear"', filter: '', strictQuery: true };
    expect(await world.pull({ query })).toMatchObject({ totalFiles: 1, complete: true });
    expect(Object.keys(await world.contents())).toEqual(['b.png']);
    expect((await world.lock()).query).toEqual({ metadataQuery: 'camera == "rear"', strictQuery: true });
    // The lock of another query is that of the same folder.
    expect(await world.pull()).toMatchObject({ totalFiles: 2, totalSame: 1, totalPulled: 1 });
    expect(await world.pull({ query: { filter: { filename: 'a.png' } } })).toMatchObject({
      totalFiles: 1,
      totalSame: 1,
      leftOver: ['b.png'],
    });
    expect((await world.lock()).query).toEqual({ filter: { filename: 'a.png' } });
  });

  test('of an empty dataset is an empty lock', async () => {
    const world = await PullWorld.make();
    expect(await world.pull()).toMatchObject({ complete: true, totalFiles: 0 });
    expect((await world.lock()).files).toEqual([]);
  });

  test('tells how far it is, up to the end', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'b.png', 'c.png'));
    const seen: PullProgress[] = [];
    const { totalBytes } = await world.pull({ onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({
      phase: 'done',
      filesTotal: 3,
      filesDone: 3,
      bytesTotal: totalBytes,
      bytesDone: totalBytes,
    });
  });

  test('takes bytes no faster than it is told', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'b.png'));
    let allowed = 0;
    const { totalBytes } = await world.pull({
      pace: async (bytes) => {
        allowed += bytes;
        return bytes;
      },
    });
    expect(allowed).toBe(totalBytes);
  });

  test('that is ended by its signal throws its reason; the next one goes on', async () => {
    const world = await PullWorld.make();
    const files = pictures(...Array.from({ length: 30 }, (_, index) => `${index}.png`));
    await world.putAll(files);
    world.sandbox.faults = [{ kind: 'delay', route: 'download', ms: 40 }];
    const reason = new Error('enough');
    const ending = new AbortController();
    const pulling = world.pull({
      signal: ending.signal,
      concurrency: 2,
      onProgress: ({ filesDone }) => {
        if (filesDone >= 5) ending.abort(reason);
      },
    });
    await expect(pulling).rejects.toBe(reason);
    world.sandbox.faults = [];
    const there = Object.keys(await world.contents()).length;
    expect(there).toBeGreaterThanOrEqual(5);
    expect(there).toBeLessThan(30);
    expect(await world.pull()).toMatchObject({ complete: true, totalSame: there, totalPulled: 30 - there });
    expect(await world.contents()).toEqual(files);
  });
});

describe('files that differ', () => {
  async function pulled() {
    const world = await PullWorld.make();
    const files = pictures('a.png', 'b.png', 'c.png');
    await world.putAll(files);
    await world.folder.write('c.png', Buffer.from('mine from before'));
    const first = await world.pull();
    expect(first).toMatchObject({
      complete: false,
      totalPulled: 2,
      conflicts: [{ kind: 'other-file', path: 'c.png', filename: 'c.png' }],
    });
    await world.put('a.png', picture(500), 'a.png');
    await world.folder.write('b.png', Buffer.from('edited here'));
    return { world, files };
  }

  test('are kept and named, each by what it is; the lock file keeps what is there', async () => {
    const { world, files } = await pulled();
    const before = await world.lock();
    expect(before.complete).toBe(false);
    await world.put('b.png', picture(501), 'b.png');
    const { conflicts, complete, totalSame, totalPulled } = await world.pull();
    expect({ complete, totalSame, totalPulled }).toEqual({ complete: false, totalSame: 0, totalPulled: 0 });
    expect(Object.fromEntries(conflicts.map(({ path: place, kind }) => [place, kind]))).toEqual({
      'a.png': 'changed-in-dataset',
      'b.png': 'changed-here',
      'c.png': 'other-file',
    });
    expect(await world.contents()).toEqual({
      'a.png': files['a.png'],
      'b.png': Buffer.from('edited here'),
      'c.png': Buffer.from('mine from before'),
    });
    expect((await world.lock()).files).toEqual(before.files);
    expect(await world.trash()).toEqual([]);
  });

  test('are replaced when told so, and their old versions are in the trash', async () => {
    const { world, files } = await pulled();
    const result = await world.pull({ overwrite: true });
    expect(result).toMatchObject({ complete: true, totalPulled: 3, conflicts: [] });
    expect(await world.contents()).toEqual({
      'a.png': picture(500),
      'b.png': files['b.png'],
      'c.png': files['c.png'],
    });
    expect(result.replaced.map((file) => file.path).sort()).toEqual(['a.png', 'b.png', 'c.png']);
    for (const { path: place, trashPath } of result.replaced) {
      expect(await world.folder.read(trashPath)).toEqual(
        {
          'a.png': files['a.png'],
          'b.png': Buffer.from('edited here'),
          'c.png': Buffer.from('mine from before'),
        }[place],
      );
    }
    const record = await world.folder.read('.vi-sync/trash/pulled.jsonl');
    for (const { trashPath } of result.replaced) expect(record.toString()).toContain(trashPath);
    expect(await world.pull({ overwrite: true })).toMatchObject({ complete: true, totalPulled: 0 });
    expect((await world.trash()).length).toBe(3);
  });

  test.each([
    ['before the old version is moved away', 'look'],
    ['in the moment in which it is', 'rename'],
    ['just before the new version comes', 'placeNew'],
  ] as const)(
    'are kept when they change while the pull is running, %s, even with overwrite',
    async (_, moment) => {
      const { world } = await pulled();
      const place = path.join(world.folder.root, 'a.png');
      const edit = once(() => fs.writeFile(place, 'just saved'));
      let looks = 0;
      const environment = environmentWith((disk) => ({
        async look(file) {
          // The first is the check's own, which finds another size.
          if (moment === 'look' && file === place && ++looks === 2) await edit();
          return disk.look(file);
        },
        async rename(from, to) {
          if (moment === 'rename' && from === place) await edit();
          await disk.rename(from, to);
        },
        async placeNew(from, to) {
          if (moment === 'placeNew' && to === place) await edit();
          return disk.placeNew(from, to);
        },
      }));
      const result = await world.pull({ overwrite: true, environment });
      expect(result.conflicts).toMatchObject([{ kind: 'busy', path: 'a.png' }]);
      expect(result).toMatchObject({ complete: false, totalPulled: 2 });
      expect(await fs.readFile(place, 'utf8')).toBe('just saved');
      expect(await world.partials()).toEqual([]);
      // It is settled by the next look.
      expect(await world.pull()).toMatchObject({ conflicts: [{ kind: 'changed-here', path: 'a.png' }] });
    },
  );

  test('and a folder or a link in a file’s place are never replaced', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'b.png', 'sub/c.png', 'out/d.png'));
    const outside = await world.world.folder('outside');
    await outside.write('target.png', Buffer.from('not ours'));
    await fs.mkdir(path.join(world.folder.root, 'a.png'));
    await fs.symlink(path.join(outside.root, 'target.png'), path.join(world.folder.root, 'b.png'));
    await world.folder.write('sub', Buffer.from('a file where a folder should be'));
    await fs.symlink(outside.root, path.join(world.folder.root, 'out'));
    const result = await world.pull({ overwrite: true });
    expect(result.complete).toBe(false);
    expect(result.conflicts.map(({ path: place, kind }) => `${place}: ${kind}`).sort()).toEqual([
      'a.png: no-file',
      'b.png: no-file',
      'out/d.png: no-file',
      'sub/c.png: no-file',
    ]);
    expect(await outside.list()).toEqual(['target.png']);
    expect(await outside.read('target.png')).toEqual(Buffer.from('not ours'));
    expect(await fs.readFile(path.join(world.folder.root, 'sub'), 'utf8')).toBe(
      'a file where a folder should be',
    );
  });

  test('of an earlier pull whose asset is gone stay, and are named', async () => {
    const world = await PullWorld.make();
    const files = pictures('a.png', 'b.png', 'c.png');
    await world.putAll(files);
    await world.pull();
    await world.world.deleteAsset('a.png');
    await world.world.deleteAsset('b.png');
    await fs.rm(path.join(world.folder.root, 'b.png'));
    expect(await world.pull()).toMatchObject({ complete: true, totalFiles: 1, leftOver: ['a.png'] });
    expect(Object.keys(await world.contents())).toEqual(['a.png', 'c.png']);
    expect((await world.lock()).files.map((file) => file.path)).toEqual(['c.png']);
  });
});

describe('whatever hash the service gives', () => {
  test.each([
    ['sha256', 'base64', 0],
    ['md5', 'hex', 0],
    ['sha1', 'base64', 0],
    // A checksum of 32 bits, or none at all: files can't be believed without their bytes.
    ['crc32c', 'hex', 2],
    ['none', 'hex', 2],
  ] as const)(
    '%s in %s: what was pulled is known again, also without the lock file',
    async (algorithm, encoding, fetched) => {
      const world = await PullWorld.make({
        switches: { hashAlgorithm: algorithm, hashEncoding: encoding },
      });
      const files = pictures('a.png', 'train/b.png');
      await world.putAll(files);
      expect(await world.pull()).toMatchObject({
        complete: true,
        totalPulled: 2,
        totalUnverified: algorithm === 'none' ? 2 : 0,
      });
      const lock = await world.lock();
      expect(lock.files.map((file) => file.sha256)).toEqual(Object.values(files).map(sha256));
      expect(lock.files.map((file) => file.hash?.algorithm ?? 'none')).toEqual([algorithm, algorithm]);

      const again = await world.requests('download', () => world.pull());
      expect(again).toMatchObject({ count: 0, result: { complete: true, totalSame: 2 } });

      await fs.rm(world.lockFile);
      const anew = await world.requests('download', () => world.pull());
      expect(anew).toMatchObject({
        count: fetched,
        result: { complete: true, totalSame: 2, totalPulled: 0 },
      });
      expect((await world.lock()).files).toEqual(lock.files);

      // Of the same size, so that only the content tells.
      const other = Buffer.from(files['a.png'] ?? '').fill(1, 60, 64);
      await world.folder.write('a.png', other);
      expect(await world.pull()).toMatchObject({ conflicts: [{ kind: 'changed-here', path: 'a.png' }] });
      await fs.rm(world.lockFile);
      expect(await world.pull()).toMatchObject({ conflicts: [{ kind: 'other-file', path: 'a.png' }] });
      expect(await world.folder.read('a.png')).toEqual(other);
    },
  );

  test('a version without a hash is told by its time', async () => {
    const world = await PullWorld.make({ switches: { hashAlgorithm: 'none' } });
    const before = picture(1, 700);
    await world.put('a.png', before);
    await world.pull();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await world.put('a.png', Buffer.from(before).fill(1, 60, 64));
    expect(await world.pull()).toMatchObject({ conflicts: [{ kind: 'changed-in-dataset' }] });
    expect(await world.pull({ overwrite: true })).toMatchObject({ complete: true, totalPulled: 1 });
  });
});

describe('a folder that can’t be pulled into', () => {
  async function refusal(pulling: Promise<unknown>): Promise<string> {
    const error = await pulling.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof PullError)) throw new Error('no refusal', { cause: error });
    expect(error.problem.suggestion).not.toBe('');
    return error.code;
  }

  test('holds another dataset', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png'));
    await world.pull();
    const { datasetId } = world.sandbox.createDataset({ name: 'Other' });
    expect(await refusal(world.pull({ datasetId }))).toBe('other-dataset');
    // The long form of its own is the same dataset.
    const long = `${world.sandbox.organizationId}_${world.world.datasetId}`;
    expect(await world.pull({ datasetId: long })).toMatchObject({ complete: true, totalSame: 1 });
  });

  test('has a lock file that says nothing, or that a newer version wrote', async () => {
    const world = await PullWorld.make();
    await fs.writeFile(world.lockFile, '{"version": 1, "files": [');
    expect(await refusal(world.pull())).toBe('lock-invalid');
    await fs.writeFile(world.lockFile, '{"version": 2}');
    expect(await refusal(world.pull())).toBe('lock-newer');
    expect(await fs.readFile(world.lockFile, 'utf8')).toBe('{"version": 2}');
  });

  test('is being pulled into', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png'));
    world.sandbox.faults = [{ kind: 'delay', route: 'download', ms: 500 }];
    const first = world.pull();
    while (world.sandbox.requests.download === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await refusal(world.pull())).toBe('folder-in-use');
    expect(await first).toMatchObject({ complete: true });
    expect(await world.pull()).toMatchObject({ complete: true });
  });

  test('is a file', async () => {
    const world = await PullWorld.make();
    await world.folder.write('file', Buffer.from('x'));
    expect(await refusal(world.pull({ folder: path.join(world.folder.root, 'file') }))).toBe(
      'folder-blocked',
    );
  });

  test.each([
    '.vi-sync',
    '.vi-sync/pull',
    '.vi-sync/trash',
    '.vi-sync/pull/in-use',
    '.vi-sync/pull/journal.jsonl',
    '.vi-sync/trash/pulled.jsonl',
  ])('has a link for %s, and what it leads to is left alone', async (place) => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png'));
    const outside = await world.world.folder('outside');
    const isFile = /(in-use|jsonl)$/.test(place);
    const target = path.join(outside.root, 'target');
    if (isFile) await fs.writeFile(target, 'not ours');
    else await fs.mkdir(target);
    await fs.mkdir(path.dirname(path.join(world.folder.root, place)), { recursive: true });
    await fs.symlink(target, path.join(world.folder.root, place));
    expect(await refusal(world.pull())).toBe('folder-blocked');
    expect(isFile ? await fs.readFile(target, 'utf8') : await fs.readdir(target)).toEqual(
      isFile ? 'not ours' : [],
    );
  });

  test('itself may be a link: it was named by a person', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png'));
    const link = path.join(world.world.dir, 'link');
    await fs.symlink(world.folder.root, link);
    expect(await world.pull({ folder: link })).toMatchObject({ complete: true });
    expect(Object.keys(await world.contents())).toEqual(['a.png']);
  });
});

describe('a dataset that changes while it is pulled', () => {
  /** Does something once the listing is over, before the first file is looked at. */
  function during(world: PullWorld, change: () => Promise<unknown>) {
    const changing = once(change);
    return world.pull({
      environment: environmentWith((disk) => ({
        async look(file) {
          if (file.endsWith('.png')) await changing();
          return disk.look(file);
        },
      })),
    });
  }

  test('by a new version: that is the one that comes', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('train/a.png', 'b.png'));
    const result = await during(world, () => world.put('a.png', picture(900), 'train/a.png'));
    expect(result).toMatchObject({ complete: true, totalPulled: 2 });
    expect(await world.folder.read('train/a.png')).toEqual(picture(900));
    expect((await world.lock()).files[1]).toMatchObject({
      path: 'train/a.png',
      sha256: sha256(picture(900)),
    });
  });

  test('by a version that belongs elsewhere, or a deletion: said, and right the next time', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('train/a.png', 'c.png'));
    const assetId = await world.put('b.png', picture(800));
    const client = world.world.client();
    const result = await during(world, () =>
      Promise.all([
        world.put('a.png', picture(900), 'test/a.png'),
        client.assets.delete({ datasetId: world.world.datasetId, assetId }),
      ]),
    );
    expect(result).toMatchObject({ complete: false, totalPulled: 1 });
    expect(result.failures.map(({ path: place, code }) => `${place}: ${code}`).sort()).toEqual([
      'b.png: AssetGone',
      'train/a.png: AssetChanged',
    ]);
    expect((await world.lock()).complete).toBe(false);
    expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 1, totalSame: 1 });
    expect(Object.keys(await world.contents())).toEqual(['c.png', 'test/a.png']);
  });
});
