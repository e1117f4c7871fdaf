import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Disk } from '../../app/engine/environment.ts';
import { realClock, realRandomness } from '../../app/engine/real-clock.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import type { LocalFile } from '../../app/manifest/observations.ts';
import { writeMarker } from '../../app/observe/root-guard.ts';
import { mirrorFiles } from '../../app/transfer/mirror-files.ts';
import { addMirror, localFile, memoryManifest, temporaryFolder } from '../manifest/temp-manifest.ts';

class Kill extends Error {}

async function setup() {
  const outside = await temporaryFolder();
  const root = path.join(outside, 'root');
  await fs.mkdir(root);
  const { manifest } = memoryManifest();
  const mirror = addMirror(manifest, root);
  const disk = realDisk({ threads: 1 });
  onTestFinished(() => disk.close());
  await writeMarker(disk, root, mirror.mirrorId);
  const faults: Partial<Disk> = {};
  const files = mirrorFiles({
    disk: {
      ...disk,
      look: (place) => (faults.look ?? disk.look)(place),
      rename: (from, to) => (faults.rename ?? disk.rename)(from, to),
      placeNew: (from, to) => (faults.placeNew ?? disk.placeNew)(from, to),
    },
    clock: realClock,
    random: realRandomness,
    manifest,
    mirror,
  });
  const at = (relative: string) => path.join(root, relative);
  return {
    root,
    outside,
    manifest,
    mirror: mirror.id,
    disk,
    faults,
    files,
    at,
    /** A temporary file as a download leaves it. */
    async temporary(content: string): Promise<string> {
      const file = await files.temporary();
      await fs.writeFile(file, content);
      return file;
    },
    /** A file in the folder, and what a scan would have recorded of it. */
    async existing(relative: string, content: string): Promise<LocalFile> {
      await fs.mkdir(path.dirname(at(relative)), { recursive: true });
      await fs.writeFile(at(relative), content);
      const place = await disk.look(at(relative));
      if (place.kind !== 'file') throw new Error('not there');
      return localFile(relative, content, { stamp: place.stamp });
    },
    read: (relative: string) => fs.readFile(at(relative), 'utf8'),
    trashed: async () => {
      const all = await fs
        .readdir(at('.vi-sync/trash'), { recursive: true, withFileTypes: true })
        .catch(() => []);
      return Promise.all(
        all
          .filter((entry) => entry.isFile())
          .map((entry) => fs.readFile(path.join(entry.parentPath, entry.name), 'utf8')),
      );
    },
  };
}

describe('placing a file', () => {
  test('where nothing is: its folders are made, its time is set, and nothing temporary stays', async () => {
    const { files, temporary, read, at } = await setup();
    const placed = await files.place(await temporary('new'), 'a/b/c.png', null, 1_600_000_000_000);
    expect(placed).toMatchObject({ kind: 'placed', trashed: null, stamp: { size: 3 } });
    expect(await read('a/b/c.png')).toBe('new');
    expect((await fs.stat(at('a/b/c.png'))).mtimeMs).toBe(1_600_000_000_000);
    expect(await fs.readdir(at('.vi-sync/tmp'))).toEqual([]);
  });

  test('the stamp that it gives is the one that a scan will see', async () => {
    const { files, temporary, disk, at } = await setup();
    const placed = await files.place(await temporary('new'), 'c.png', null, null);
    expect(await disk.look(at('c.png'))).toEqual({
      kind: 'file',
      stamp: placed.kind === 'placed' && placed.stamp,
    });
  });

  test('in place of another: the old one is in the trash, and the trash knows where it was', async () => {
    const { files, temporary, existing, read, trashed, manifest, mirror } = await setup();
    const old = await existing('x/a.png', 'old');
    expect(await files.place(await temporary('new'), 'x/a.png', old, null)).toMatchObject({ kind: 'placed' });
    expect(await read('x/a.png')).toBe('new');
    expect(await trashed()).toEqual(['old']);
    expect(manifest.trash.page(mirror, 0, 10).items).toMatchObject([
      { path: 'x/a.png', size: 3, reason: 'replaced-by-download' },
    ]);
    expect(manifest.trash.moving(mirror)).toEqual([]);
  });

  test('not if something is there that was not, or the file has changed since', async () => {
    const { files, temporary, existing, read, trashed, at } = await setup();
    const old = await existing('a.png', 'old');
    expect(await files.place(await temporary('new'), 'a.png', null, null)).toEqual({ kind: 'changed' });
    await fs.writeFile(at('a.png'), 'edit');
    expect(await files.place(await temporary('new'), 'a.png', old, null)).toEqual({ kind: 'changed' });
    await fs.rm(at('a.png'));
    expect(await files.place(await temporary('new'), 'a.png', old, null)).toEqual({ kind: 'changed' });
    await fs.writeFile(at('a.png'), 'edit');
    expect(await read('a.png')).toBe('edit');
    expect(await trashed()).toEqual([]);
  });

  test('an edit between the check and the move is not lost: it stays in its place', async () => {
    const { files, temporary, existing, read, trashed, faults, disk, at, manifest, mirror } = await setup();
    const old = await existing('a.png', 'old');
    faults.rename = async (from, to) => {
      await fs.writeFile(at('a.png'), 'edited just now');
      await disk.rename(from, to);
    };
    expect(await files.place(await temporary('new'), 'a.png', old, null)).toEqual({ kind: 'changed' });
    expect(await read('a.png')).toBe('edited just now');
    expect(await trashed()).toEqual([]);
    expect(manifest.trash.moving(mirror)).toEqual([]);
  });

  test('a file that another program puts there between the move and the placing stays, and the old one is in the trash', async () => {
    const { files, temporary, existing, read, trashed, faults, disk, at } = await setup();
    const old = await existing('a.png', 'old');
    faults.placeNew = async (from, to) => {
      await fs.writeFile(at('a.png'), 'from elsewhere');
      return disk.placeNew(from, to);
    };
    expect(await files.place(await temporary('new'), 'a.png', old, null)).toEqual({ kind: 'changed' });
    expect(await read('a.png')).toBe('from elsewhere');
    expect(await trashed()).toEqual(['old']);
  });

  test.for(['../a.png', 'x/../../a.png', '/etc/a.png', '', '.'])(
    'never outside the folder: %j',
    async (relative) => {
      const { files, temporary, outside } = await setup();
      await expect(files.place(await temporary('new'), relative, null, null)).rejects.toThrow();
      expect(await fs.readdir(outside)).toEqual(['root']);
    },
  );

  test('never through a link, or through a file', async () => {
    const { files, temporary, existing, at, outside } = await setup();
    await fs.mkdir(path.join(outside, 'else'));
    await fs.symlink(path.join(outside, 'else'), at('link'));
    await existing('file.png', 'x');
    for (const relative of ['link/a.png', 'link/deep/a.png', 'file.png/a.png']) {
      await expect(files.place(await temporary('new'), relative, null, null)).rejects.toMatchObject({
        name: 'PlaceBlockedError',
      });
    }
    expect(await fs.readdir(path.join(outside, 'else'))).toEqual([]);
  });

  test('not if the mirror’s own folder is a link', async () => {
    const { files, at, outside, manifest, mirror } = await setup();
    await fs.mkdir(path.join(outside, 'else/tmp'), { recursive: true });
    await fs.mkdir(path.join(outside, 'else/trash/id'), { recursive: true });
    for (const file of ['tmp/a.png', 'trash/id/b.png']) {
      await fs.writeFile(path.join(outside, 'else', file), 'theirs');
    }
    await fs.rm(at('.vi-sync'), { recursive: true });
    await fs.symlink(path.join(outside, 'else'), at('.vi-sync'));
    await expect(files.temporary()).rejects.toMatchObject({ name: 'PlaceBlockedError' });
    await files.recover();
    expect(await fs.readdir(path.join(outside, 'else/tmp'))).toEqual(['a.png']);
    expect(manifest.trash.page(mirror, 0, 100).items).toEqual([]);
  });
});

describe('where the mirrored folder is not the one that it was', () => {
  test('nothing is made in the empty place that a disk has left, or in place of a folder that is gone', async () => {
    const { files, temporary, manifest, mirror, root } = await setup();
    const file = await temporary('new');
    manifest.local.put(mirror, localFile('a.png', 'x'), manifest.local.nextObservation());
    await fs.rename(root, `${root}-away`);
    await expect(files.temporary()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(fs.stat(root)).rejects.toMatchObject({ code: 'ENOENT' });
    await fs.mkdir(root);
    await expect(files.temporary()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.place(file, 'sub/a.png', null, null)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await fs.readdir(root)).toEqual([]);
  });

  test('our own folder is made again where somebody has removed it alone', async () => {
    const { files, existing, root, at } = await setup();
    await existing('a.png', 'x');
    await files.temporary();
    await fs.rm(at('.vi-sync'), { recursive: true });
    await files.temporary();
    expect((await fs.readdir(root)).toSorted()).toEqual(['.vi-sync', 'a.png']);
    expect((await fs.readdir(at('.vi-sync'))).toSorted()).toEqual([
      expect.stringMatching(/^mirror-.*\.json$/),
      'tmp',
    ]);
  });

  test('a place that can’t be looked at is not taken for one that is blocked', async () => {
    const { files, faults } = await setup();
    faults.look = async () => ({ kind: 'unreadable', code: 'EIO' });
    await expect(files.temporary()).rejects.toMatchObject({ name: 'PlaceUnknownError', code: 'EIO' });
  });
});

describe('after a kill', () => {
  test('between the move to the trash and the placing, the old file is back in its place', async () => {
    const { files, temporary, existing, read, trashed, faults, manifest, mirror, at } = await setup();
    const old = await existing('a.png', 'old');
    faults.placeNew = async () => {
      throw new Kill();
    };
    await expect(files.place(await temporary('new'), 'a.png', old, null)).rejects.toThrow(Kill);
    expect(await trashed()).toEqual(['old']);
    delete faults.placeNew;
    await files.recover();
    expect(await read('a.png')).toBe('old');
    expect(await trashed()).toEqual([]);
    expect(manifest.trash.moving(mirror)).toEqual([]);
    expect(await fs.readdir(at('.vi-sync/tmp'))).toEqual([]);
  });

  test('what was being written in our own folder is gone, and nothing else', async () => {
    const { files, temporary, at } = await setup();
    await temporary('unfinished');
    await fs.writeFile(at(`.vi-sync/.${crypto.randomUUID()}`), 'unfinished');
    const mark = (await fs.readdir(at('.vi-sync'))).filter((name) => name.endsWith('.json'));
    await files.recover();
    expect((await fs.readdir(at('.vi-sync'), { recursive: true })).sort()).toEqual([...mark, 'tmp']);
  });

  test('before the move, nothing has happened', async () => {
    const { files, temporary, existing, read, faults, manifest, mirror } = await setup();
    const old = await existing('a.png', 'old');
    faults.rename = async () => {
      throw new Kill();
    };
    await expect(files.place(await temporary('new'), 'a.png', old, null)).rejects.toThrow(Kill);
    await files.recover();
    expect(await read('a.png')).toBe('old');
    expect(manifest.trash.moving(mirror)).toEqual([]);
    expect(manifest.trash.page(mirror, 0, 10).items).toEqual([]);
  });

  test('when somebody has put another file there since, both are kept', async () => {
    const { files, temporary, existing, read, trashed, faults, at, manifest, mirror } = await setup();
    const old = await existing('a.png', 'old');
    faults.placeNew = async () => {
      throw new Kill();
    };
    await expect(files.place(await temporary('new'), 'a.png', old, null)).rejects.toThrow(Kill);
    delete faults.placeNew;
    await fs.writeFile(at('a.png'), 'from elsewhere');
    await files.recover();
    expect(await read('a.png')).toBe('from elsewhere');
    expect(await trashed()).toEqual(['old']);
    expect(manifest.trash.page(mirror, 0, 10).items).toHaveLength(1);
  });

  test('between the two names of a file that leaves the trash, it is there once', async () => {
    const { files, existing, read, trashed, faults, at, manifest, mirror, disk } = await setup();
    const killHalfway = () => {
      faults.placeNew = async (from, to) => {
        if ((await disk.look(to)).kind !== 'missing') return false;
        await fs.link(from, to);
        throw new Kill();
      };
    };
    const recover = async () => {
      delete faults.placeNew;
      await files.recover();
      expect(await trashed()).toEqual([]);
      expect(await fs.readdir(at('.vi-sync/trash'))).toEqual([]);
      expect(manifest.trash.page(mirror, 0, 10).items).toEqual([]);
    };
    const old = await existing('a.png', 'mine');
    await existing('a-mine.png', 'another');
    killHalfway();
    await expect(files.moveAside('a.png', old)).rejects.toThrow(Kill);
    await recover();
    expect((await fs.readdir(at(''))).sort()).toEqual(['.vi-sync', 'a-mine-2.png', 'a-mine.png']);
    expect(await read('a-mine-2.png')).toBe('mine');

    expect(await files.trash('a-mine-2.png', await existing('a-mine-2.png', 'mine'), 'deleted-there')).toBe(
      true,
    );
    const [record] = manifest.trash.page(mirror, 0, 1).items;
    killHalfway();
    if (record === undefined) throw new Error('nothing is in the trash');
    manifest.trash.leave(record.id);
    await expect(files.restore(record)).rejects.toThrow(Kill);
    manifest.trash.leave(record.id);
    await recover();
    expect(await read('a-mine-2.png')).toBe('mine');
  });

  test('what lies in the trash without a record is found, with the place that it had', async () => {
    const { files, temporary, existing, trashed, manifest, mirror, at } = await setup();
    const old = await existing('x/y/a.png', 'old');
    await files.place(await temporary('new'), 'x/y/a.png', old, null);
    const [record] = manifest.trash.page(mirror, 0, 100).items;
    if (record === undefined) throw new Error('no record');
    // As after damage to the manifest; and a file that an older Vi Sync has put there, by its name alone.
    manifest.trash.delete(record.id);
    await fs.mkdir(at('.vi-sync/trash/older'));
    await fs.writeFile(at('.vi-sync/trash/older/b.png'), 'older');
    await files.recover();
    await files.recover();
    const found = manifest.trash.page(mirror, 0, 100).items;
    expect(found.map(({ path: place, size, reason }) => ({ place, size, reason }))).toEqual(
      expect.arrayContaining([
        { place: 'x/y/a.png', size: 3, reason: 'unknown' },
        { place: 'b.png', size: 5, reason: 'unknown' },
      ]),
    );
    expect(found).toHaveLength(2);
    expect(found.map(({ trashPath }) => trashPath)).toContain(record.trashPath);
    expect((await trashed()).sort()).toEqual(['old', 'older']);
  });
});
