import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

describe('a folder and a dataset', () => {
  test('files become assets, with their path; a second sync finds nothing to do', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const files = pictures('a.png', 'train/b.png', 'train/deep/c.png');
    await fill(folder, files);
    const mirror = await world.mirror(folder);
    const status = await mirror.sync();

    expect(status).toMatchObject({ phase: 'in-sync', problem: null, fileTotal: 3, datasetName: 'Test' });
    expect(status.counts['in-sync']).toBe(3);
    expect(status.lastScanAt).toBeGreaterThan(0);
    expect(status.lastListingAt).toBeGreaterThan(0);
    const assets = await world.assets();
    expect([...assets.keys()].sort()).toEqual(['a.png', 'b.png', 'c.png']);
    expect(assets.get('c.png')).toMatchObject({
      content: files['train/deep/c.png'],
      path: 'train/deep/c.png',
    });

    const before = { ...world.sandbox.requests };
    await mirror.sync();
    expect(world.sandbox.requests['sessions.create']).toBe(before['sessions.create']);
    expect(world.sandbox.requests.upload).toBe(3);
    expect(world.sandbox.requests.download).toBe(3); // those of this test
  });

  test('assets become files, in the folders that they came from, with the time of their last change', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const content = pictures('x.png', 'y.png');
    await world.putAsset('x.png', content['x.png'] ?? Buffer.alloc(0));
    await world.putAsset('y.png', content['y.png'] ?? Buffer.alloc(0), { viSyncPath: 'val/night/y.png' });
    const mirror = await world.mirror(folder);
    const status = await mirror.sync();

    expect(status.phase).toBe('in-sync');
    expect(await folder.list()).toEqual(['val/night/y.png', 'x.png']);
    expect(await folder.read('val/night/y.png')).toEqual(content['y.png']);
    expect(world.sandbox.requests['sessions.create']).toBe(0);
    const { mtimeMs } = await fs.stat(path.join(folder.root, 'x.png'));
    expect(Math.abs(mtimeMs - Date.now())).toBeLessThan(60_000);
    expect(await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).toEqual([]);
    await mirror.sync();
    expect(world.sandbox.requests.download).toBe(2);
  });

  test('what both have is bound without a transfer', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const files = pictures('a.png', 'sub/b.png');
    await fill(folder, files);
    await world.putAsset('a.png', files['a.png'] ?? Buffer.alloc(0));
    await world.putAsset('b.png', files['sub/b.png'] ?? Buffer.alloc(0));
    const mirror = await world.mirror(folder);
    const status = await mirror.sync();
    expect(status.phase).toBe('in-sync');
    expect(await mirror.states()).toEqual({ 'a.png': 'in-sync', 'sub/b.png': 'in-sync' });
    expect(world.sandbox.requests).toMatchObject({ upload: 0, download: 0, 'sessions.create': 0 });
  });

  test('an edit replaces the asset of a file without annotations', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const before = (await world.assets()).get('a.png');
    await folder.write('a.png', picture(7, 900));
    const status = await mirror.sync();
    expect(status.phase).toBe('in-sync');
    const after = (await world.assets()).get('a.png');
    expect(after?.content).toEqual(picture(7, 900));
    expect(after?.assetId).toBe(before?.assetId);
  });

  test('a new version in the dataset comes down; the old one is in the trash', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const files = pictures('sub/a.png');
    await fill(folder, files);
    const mirror = await world.mirror(folder);
    await mirror.sync();
    await world.putAsset('a.png', picture(8, 900));
    const status = await mirror.sync();
    expect(status.phase).toBe('in-sync');
    expect(await folder.read('sub/a.png')).toEqual(picture(8, 900));
    const trash = path.join(folder.root, '.vi-sync/trash');
    const [only] = await fs.readdir(trash);
    expect(await fs.readFile(path.join(trash, only ?? '', 'sub/a.png'))).toEqual(files['sub/a.png']);
    expect(world.sandbox.requests.upload).toBe(1);
  });

  test('touch, rename, a moved folder and a swap upload nothing; the assets stay what they are', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png', 'old/c.png', 'old/d.png', 'e.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const before = await world.assets();

    const at = (relative: string) => path.join(folder.root, relative);
    await fs.utimes(at('e.png'), new Date(2020, 1, 1), new Date(2020, 1, 1));
    await fs.rename(at('a.png'), at('swap'));
    await fs.rename(at('b.png'), at('a.png'));
    await fs.rename(at('swap'), at('b.png'));
    await fs.rename(at('old'), at('new'));
    await fs.rename(at('e.png'), at('renamed.png'));
    const status = await mirror.sync();

    expect(status.phase).toBe('in-sync');
    expect(world.sandbox.requests).toMatchObject({ upload: 5, 'sessions.create': 1 });
    expect(await mirror.states()).toEqual({
      'a.png': 'in-sync',
      'b.png': 'in-sync',
      'new/c.png': 'in-sync',
      'new/d.png': 'in-sync',
      'renamed.png': 'in-sync',
    });
    const after = await world.assets();
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, asset] of before) expect(after.get(name)?.assetId).toBe(asset.assetId);
    // The swapped files are still the assets that they were: an edit of one goes to the right one.
    await folder.write('a.png', picture(70, 800));
    await mirror.sync();
    expect((await world.assets()).get('b.png')?.content).toEqual(picture(70, 800));
  });

  test('a deleted file leaves its asset, and the asset does not come back', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    await fs.rm(path.join(folder.root, 'a.png'));
    const status = await mirror.sync();
    expect(status.phase).toBe('in-sync');
    expect(await mirror.states()).toEqual({ 'a.png': 'remote-only: left-deleted-here', 'b.png': 'in-sync' });
    await mirror.engine.close();
    const again = await world.mirror(folder);
    await again.sync();
    expect(await folder.list()).toEqual(['b.png']);
    expect((await world.assets()).size).toBe(2);
    expect(world.sandbox.requests.upload).toBe(2);
  });

  test('a copy of a file is shown as such and not uploaded', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const files = pictures('a.png');
    await fill(folder, files);
    const mirror = await world.mirror(folder);
    await mirror.sync();
    await folder.write('copies/a2.png', files['a.png'] ?? Buffer.alloc(0));
    const status = await mirror.sync();
    expect(status.phase).toBe('in-sync');
    expect(await mirror.states()).toEqual({ 'a.png': 'in-sync', 'copies/a2.png': 'local-only: duplicate' });
    expect(world.sandbox.requests.upload).toBe(1);
  });

  test('files that can’t be synced are explained, others are ignored', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, {
      'good.png': picture(1, 500),
      'empty.png': Buffer.alloc(0),
      'cut.png': picture(2, 5000).subarray(0, 2000),
      'text.png': Buffer.from('no picture at all'),
      'wrong-name.jpg': picture(3, 500),
      'notes.txt': Buffer.from('x'),
      '.hidden.png': picture(4),
      'half.png.part': picture(5),
      '.git/pic.png': picture(6),
    });
    await fs.symlink('/etc/hostname', path.join(folder.root, 'link.png'));
    const mirror = await world.mirror(folder);
    const status = await mirror.sync();
    expect(status.phase).toBe('attention');
    expect(await mirror.states()).toMatchObject({
      'good.png': 'in-sync',
      'empty.png': 'problem: empty',
      'cut.png': 'problem: truncated',
      'text.png': 'problem: not-an-image',
      'wrong-name.jpg': 'problem: mislabelled',
      'link.png': 'problem: link',
    });
    const names = (await mirror.files()).map(({ path: relative }) => relative);
    expect(names.filter((name) => /hidden|notes|half|git/.test(name))).toEqual([]);
    expect([...(await world.assets()).keys()]).toEqual(['good.png']);
  });

  test('one engine goes on where another has ended, and nothing is transferred again', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'sub/b.png'));
    await world.putAsset('c.png', picture(50, 500));
    const first = await world.mirror(folder);
    await first.sync();
    await first.engine.close();
    await fs.rename(path.join(folder.root, 'a.png'), path.join(folder.root, 'sub/a.png'));
    const requests = { ...world.sandbox.requests };
    const second = await world.mirror(folder);
    expect(second.mirrorId).toBe(first.mirrorId);
    const status = await second.sync();
    expect(status.phase).toBe('in-sync');
    expect(await second.states()).toEqual({
      'c.png': 'in-sync',
      'sub/a.png': 'in-sync',
      'sub/b.png': 'in-sync',
    });
    expect(world.sandbox.requests).toMatchObject({ upload: requests.upload, download: requests.download });
  });
});
