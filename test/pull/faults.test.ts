import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ViError } from '../../app/vi/index.ts';
import { picture } from '../engine/pictures.ts';
import { pictures } from '../engine/world.ts';
import { environmentWith, PullWorld } from './pull-world.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `${index + 10}.png`);

/** An error as the system gives it. */
function systemError(code: string, errno: number): Error {
  return Object.assign(new Error(`${code}: made up`), { code, errno, syscall: 'link' });
}

describe('bytes that are not right', () => {
  test.each([
    ['damaged', { kind: 'corrupt' }],
    ['cut short', { kind: 'truncate' }],
    ['refused', { kind: 'status', status: 404 }],
    ['not what the service’s hash says', { kind: 'wrong-hash' }],
    ['not as many as the service says', { kind: 'wrong-size', by: -1 }],
  ] as const)(
    '%s: nothing of them is in the folder, the others are, and the next pull has them',
    async (_, fault) => {
      const world = await PullWorld.make();
      const files = pictures('a.png', 'train/bad.png', 'c.png');
      await world.putAll(files);
      world.sandbox.faults = [
        { ...fault, filename: 'bad.png', ...(fault.kind === 'status' ? { route: 'download' as const } : {}) },
      ];
      const result = await world.pull();
      expect(result).toMatchObject({ complete: false, totalPulled: 2, stopped: null });
      expect(result.failures).toMatchObject([{ path: 'train/bad.png', filename: 'bad.png' }]);
      expect(result.failures[0]?.message).toMatch(/bad\.png.+\..+\./);
      expect(Object.keys(await world.contents())).toEqual(['a.png', 'c.png']);
      const lock = await world.lock();
      expect(lock).toMatchObject({ complete: false });
      expect(lock.files.map((file) => file.path)).toEqual(['a.png', 'c.png']);
      world.sandbox.faults = [];
      expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 1, totalSame: 2 });
      expect(await world.contents()).toEqual(files);
      expect(await world.partials()).toEqual([]);
    },
  );

  test('an overwrite of damaged bytes replaces nothing', async () => {
    const world = await PullWorld.make();
    await world.put('a.png', picture(1, 900));
    await world.folder.write('a.png', Buffer.from('mine'));
    world.sandbox.faults = [{ kind: 'corrupt', route: 'download' }];
    expect(await world.pull({ overwrite: true })).toMatchObject({ failures: [{ code: 'ContentMismatch' }] });
    expect(await world.folder.read('a.png')).toEqual(Buffer.from('mine'));
    expect(await world.trash()).toEqual([]);
  });
});

describe('a connection that breaks', () => {
  test('goes on where it was, within a pull and from one to the next', async () => {
    const world = await PullWorld.make();
    const content = picture(3, 400_000);
    await world.put('large.png', content);
    // Every try brings 100,000 bytes more; two tries a pull are one short of all of it.
    world.sandbox.faults = [{ kind: 'reset', route: 'download', afterBytes: 100_000 }];
    const first = await world.pull();
    expect(first).toMatchObject({ complete: false, failures: [{ code: 'NetworkError' }] });
    expect(await world.contents()).toEqual({});
    const [partial = ''] = await world.partials();
    const { size } = await fs.stat(path.join(world.folder.root, '.vi-sync/pull', partial));
    expect(size).toBeGreaterThan(100_000);
    world.sandbox.faults = [];
    let moved = 0;
    const second = await world.pull({
      onProgress: ({ bytesDone }) => {
        moved ||= bytesDone;
      },
    });
    expect(second).toMatchObject({ complete: true, totalPulled: 1 });
    expect(moved).toBeGreaterThanOrEqual(size);
    expect(await world.contents()).toEqual({ 'large.png': content });
    expect(await world.partials()).toEqual([]);
  });

  test('begins anew where the dataset has another version by now, or no hash would tell', async () => {
    for (const hashAlgorithm of ['sha256', 'none'] as const) {
      const world = await PullWorld.make({ switches: { hashAlgorithm } });
      await world.put('large.png', picture(3, 400_000));
      world.sandbox.faults = [{ kind: 'reset', route: 'download', afterBytes: 100_000 }];
      expect(await world.pull()).toMatchObject({ complete: false });
      await world.put('large.png', picture(4, 400_000));
      world.sandbox.faults = [];
      expect(await world.pull()).toMatchObject({ complete: true });
      expect(await world.contents()).toEqual({ 'large.png': picture(4, 400_000) });
      expect(await world.partials()).toEqual([]);
    }
  });

  test('that stays broken ends the pull, and says what is done', async () => {
    const world = await PullWorld.make();
    const files = pictures(...names(40));
    await world.putAll(files);
    world.sandbox.faults = [{ kind: 'status', status: 503, route: 'download', skip: 12 }];
    const { count, result } = await world.requests('download', () => world.pull({ concurrency: 4 }));
    expect(result.stopped?.message).toContain('503');
    expect(result.complete).toBe(false);
    expect(result.totalPulled).toBe(12);
    // Ten in a row, those that were on their way before and after them, and each tried twice: not all 28.
    expect(count).toBeLessThanOrEqual(12 + 2 * (10 + 2 * 4));
    expect(result.totalNotTried).toBe(40 - 12 - result.failures.length);
    await expect(fs.stat(world.lockFile)).rejects.toMatchObject({ code: 'ENOENT' });
    world.sandbox.faults = [];
    expect(await world.pull()).toMatchObject({ complete: true, totalSame: 12, totalPulled: 28 });
    expect(await world.contents()).toEqual(files);
  });

  test('of some files stops no other', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures(...names(40)));
    world.sandbox.faults = [{ kind: 'status', status: 503, route: 'download', filename: '1*.png' }];
    const result = await world.pull({ concurrency: 2 });
    // The ten of them are not in a row.
    expect(result).toMatchObject({ totalPulled: 30, stopped: null });
    expect(result.failures).toHaveLength(10);
  });
});

describe('a service that', () => {
  test('is gone before the pull begins is told as such, and nothing is changed', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png'));
    await world.pull();
    const lock = await fs.readFile(world.lockFile);
    const client = world.world.client();
    await world.sandbox.close();
    const error = await world.pull({ client }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'NetworkError' });
    expect(await fs.readFile(world.lockFile)).toEqual(lock);
  });

  test('no longer takes the key ends the pull at once', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures(...names(30)));
    world.sandbox.faults = [
      { kind: 'expired-url', route: 'download' },
      { kind: 'status', status: 401, route: 'assets.get' },
    ];
    const result = await world.pull({ concurrency: 2 });
    expect(result.stopped).toMatchObject({ code: 'AuthenticationFailed' });
    expect(result.failures.length).toBeLessThanOrEqual(2);
  });

  test('gives URLs that are too old by the time they are used gives new ones', async () => {
    const world = await PullWorld.make();
    const files = pictures(...names(6));
    await world.putAll(files);
    world.sandbox.faults = [{ kind: 'expired-url', route: 'download', times: 8 }];
    expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 6 });
    expect(await world.contents()).toEqual(files);
  });

  test('only gives URLs that are too old is not asked for ever', async () => {
    const world = await PullWorld.make();
    await world.put('a.png', picture(1));
    world.sandbox.faults = [{ kind: 'expired-url', route: 'download' }];
    const { count, result } = await world.requests('download', () => world.pull());
    expect(result.failures).toMatchObject([{ code: 'UrlExpired' }]);
    expect(count).toBe(5);
  });

  test('asks to slow down is waited for', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures(...names(5)));
    world.sandbox.faults = [
      { kind: 'status', status: 429, retryAfter: 0, route: ['assets.list', 'download'], times: 6 },
    ];
    expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 5 });
  });

  test.each([
    ['no JSON', { kind: 'malformed-json' }],
    ['a web page', { kind: 'html' }],
    ['an error', { kind: 'status', status: 500 }],
    ['a way to another host', { kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' }],
  ] as const)('answers the listing with %s: a clear error, and nothing is changed', async (_, fault) => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png'));
    world.sandbox.faults = [{ ...fault, route: 'assets.list' }];
    const error = await world.pull().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ViError);
    expect(await world.contents()).toEqual({});
    await expect(fs.stat(world.lockFile)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('shows fewer assets than it has is asked for each of the others', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures(...names(4)));
    // The second listing, the one with URLs, fails: what is done by then stays.
    world.sandbox.faults = [{ kind: 'status', status: 500, route: 'assets.list', skip: 1 }];
    const result = await world.pull();
    expect(result).toMatchObject({ totalPulled: 0, totalNotTried: 4 });
    expect(result.stopped).toMatchObject({ code: 'ServerError' });
  });
});

describe('a disk that', () => {
  test('is full ends the pull, half of nothing is there, and the next one goes on', async () => {
    const world = await PullWorld.make();
    const files = pictures(...names(20));
    await world.putAll(files);
    let free = 5;
    const environment = environmentWith((disk) => ({
      async placeNew(from, to) {
        if (free-- <= 0) throw systemError('ENOSPC', -28);
        return disk.placeNew(from, to);
      },
    }));
    const result = await world.pull({ environment, concurrency: 2 });
    expect(result.stopped).toMatchObject({ code: 'DiskFull' });
    expect(result.stopped?.suggestion).toContain('Free some space');
    expect(result).toMatchObject({ complete: false, totalPulled: 5 });
    expect(Object.keys(await world.contents())).toHaveLength(5);
    await expect(fs.stat(world.lockFile)).rejects.toMatchObject({ code: 'ENOENT' });
    const again = await world.requests('download', () => world.pull());
    expect(again.result).toMatchObject({ complete: true, totalSame: 5, totalPulled: 15 });
    // Those that had arrived when there was no room for their names are not fetched again.
    expect(again.count).toBe(15 - result.failures.length);
    expect(await world.contents()).toEqual(files);
  });

  test('refuses a folder fails its files, and no other', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'shut/b.png', 'shut/c.png', 'open/d.png'));
    const environment = environmentWith((disk) => ({
      async makeFolder(folder) {
        if (folder.endsWith('shut')) throw systemError('EACCES', -13);
        await disk.makeFolder(folder);
      },
    }));
    const result = await world.pull({ environment });
    expect(result).toMatchObject({ complete: false, totalPulled: 2, stopped: null });
    expect(result.failures.map(({ path: place, code }) => `${place}: ${code}`).sort()).toEqual([
      'shut/b.png: FileAccessDenied',
      'shut/c.png: FileAccessDenied',
    ]);
    expect(result.failures[0]?.message).toContain('access is denied');
    expect(await world.pull()).toMatchObject({ complete: true, totalPulled: 2, totalSame: 2 });
    expect(await world.partials()).toEqual([]);
  });

  test('goes away with the folder ends the pull, and no other folder comes in its place', async () => {
    const world = await PullWorld.make();
    const files = pictures(...names(30));
    await world.putAll(files);
    const { root } = world.folder;
    const away = `${root}-away`;
    let placed = 0;
    const environment = environmentWith((disk) => ({
      async placeNew(from, to) {
        placed += 1;
        if (placed === 6) await fs.rename(root, away);
        return disk.placeNew(from, to);
      },
    }));
    const result = await world.pull({ environment, concurrency: 1 });
    expect(result).toMatchObject({ complete: false, totalPulled: 5, stopped: { code: 'FileNotFound' } });
    await expect(fs.stat(root)).rejects.toMatchObject({ code: 'ENOENT' });
    await fs.rename(away, root);
    expect(await world.pull()).toMatchObject({ complete: true, totalSame: 5, totalPulled: 25 });
    expect(await world.contents()).toEqual(files);
  });

  test('can’t be read at one place fails that file', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('a.png', 'b.png'));
    const environment = environmentWith((disk) => ({
      look: async (file) => (file.endsWith('a.png') ? { kind: 'unreadable', code: 'EIO' } : disk.look(file)),
    }));
    expect(await world.pull({ environment })).toMatchObject({
      totalPulled: 1,
      failures: [{ path: 'a.png', code: 'FileAccessDenied' }],
    });
  });

  test('loses a race for a name is told by what came there', async () => {
    const world = await PullWorld.make();
    await world.putAll(pictures('sub/a.png'));
    const environment = environmentWith((disk) => ({
      async makeFolder(folder) {
        // Somebody else makes a link where the folder should be.
        if (folder.endsWith('sub')) await fs.symlink(world.world.dir, folder);
        else await disk.makeFolder(folder);
      },
    }));
    expect(await world.pull({ environment })).toMatchObject({
      complete: false,
      failures: [{ path: 'sub/a.png', code: 'PlaceBlocked' }],
    });
    expect(await fs.readdir(world.world.dir)).not.toContain('a.png');
  });
});
