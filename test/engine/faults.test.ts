import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

describe('what goes wrong on the way', () => {
  test('a download that arrives damaged replaces nothing and leaves nothing behind', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    world.sandbox.faults = [{ kind: 'corrupt', route: 'download' }];
    await world.putAsset('a.png', picture(9, 3000));
    await mirror.until(async () => (await mirror.files('problem')).length === 1, 'the problem');
    expect(await mirror.file('a.png')).toMatchObject({ problem: { code: 'ContentMismatch' } });
    expect(await folder.read('a.png')).toEqual(pictures('a.png')['a.png']);
    expect(await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).toEqual([]);
    world.sandbox.faults = [];
    expect((await mirror.sync()).phase).toBe('in-sync');
    expect(await folder.read('a.png')).toEqual(picture(9, 3000));
  });

  test('one file’s failure stops no other’s', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png', 'c.png'));
    for (const name of ['x.png', 'y.png']) await world.putAsset(name, picture(name.charCodeAt(0), 700));
    world.sandbox.faults = [
      { kind: 'ingestion-error', filename: 'b.png', code: 'EUNKNOWN' },
      { kind: 'status', route: 'download', filename: 'x.png', status: 404 },
    ];
    const mirror = await world.mirror(folder);
    await mirror.until(
      (status) => status.counts['in-sync'] === 3 && status.counts.problem === 2,
      'the others',
    );
    const states = await mirror.states();
    expect(states).toMatchObject({
      'a.png': 'in-sync',
      'b.png': 'problem: EUNKNOWN',
      'c.png': 'in-sync',
      'y.png': 'in-sync',
    });
    world.sandbox.faults = [];
    expect((await mirror.sync()).counts).toMatchObject({ 'in-sync': 5, problem: 0 });
  });

  test('a quota that is used up is explained, and the rest goes up once there is room', async () => {
    const world = await World.make({ limits: { dataRows: 10 } });
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png', 'c.png'));
    const mirror = await world.mirror(folder);
    await mirror.until(
      (status) => status.counts['in-sync'] === 2 && status.counts.problem === 1,
      'two of three',
    );
    const [row] = await mirror.files('problem');
    expect(row?.problem).toMatchObject({
      code: 'ENOQUOTA',
      suggestion: expect.stringContaining('data rows'),
    });
  });

  test('signed URLs that die before they are used are fetched anew', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    await world.putAsset('b.png', picture(12, 700));
    world.sandbox.faults = [{ kind: 'expired-url', times: 2 }];
    const mirror = await world.mirror(folder);
    await mirror.until((status) => status.counts['in-sync'] === 2, 'both');
    expect((await world.assets()).size).toBe(2);
  });

  test('a key that is no longer valid is told as such, and nothing is tried with it', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    world.sandbox.faults = [{ kind: 'status', route: 'datasets.get', status: 401 }];
    const mirror = await world.mirror(folder);
    const status = await mirror.engine.settled(mirror.mirrorId);
    expect(status).toMatchObject({ phase: 'attention', problem: { title: 'Not allowed' } });
    expect(world.sandbox.requests['sessions.create']).toBe(0);
    // It is tried again by itself, and says when.
    await mirror.until(({ retryAt }) => retryAt !== null && retryAt > Date.now(), 'the next try');
    world.sandbox.faults = [];
    expect(await mirror.sync()).toMatchObject({ phase: 'in-sync', retryAt: null });
  });

  test('a session whose answer is lost costs nothing but itself', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png'));
    world.sandbox.faults = [{ kind: 'reset', route: 'sessions.create', when: 'after', times: 2 }];
    const mirror = await world.mirror(folder);
    await mirror.until((status) => status.counts['in-sync'] === 2, 'both');
    expect(world.sandbox.requests.upload).toBe(2);
    expect(world.sandbox.dataRows().used).toBe(10);
  });

  test('an upload whose answer is lost is not a second asset', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png'));
    world.sandbox.faults = [{ kind: 'reset', route: 'upload', when: 'after', times: 1 }];
    const mirror = await world.mirror(folder);
    expect((await mirror.sync()).counts['in-sync']).toBe(2);
    expect(await mirror.states()).toEqual({ 'a.png': 'in-sync', 'b.png': 'in-sync' });
    expect(world.sandbox.dataRows().used).toBe(10);
  });
});

describe('the engine says no in words', () => {
  test('to a folder that is not there, a mirror that runs already, a call that it does not understand', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const mirror = await world.mirror(folder);
    const add = (root: string) =>
      mirror.engine.addMirror({
        ...world.address(),
        folder: root,
        sandbox: true,
        go: true,
      });
    await expect(add(path.join(world.dir, 'nowhere'))).rejects.toMatchObject({
      problem: { code: 'folder-missing' },
    });
    await expect(add(folder.root)).rejects.toMatchObject({ problem: { code: 'mirror-runs' } });
    await expect(mirror.engine.call('files', { mirrorId: 'none' })).rejects.toMatchObject({
      problem: { code: 'unknown-mirror' },
    });
    await expect(mirror.engine.call('files', { mirrorId: 'x', limit: 0 })).rejects.toMatchObject({
      problem: { code: 'wrong-arguments' },
    });
  });

  test('to a folder whose place for unfinished files is a link: nothing is written through it', async () => {
    const world = await World.make();
    const engine = await world.engine();
    const outside = path.join(world.dir, 'outside');
    await fs.mkdir(outside);
    for (const own of ['.vi-sync', '.vi-sync/tmp']) {
      const folder = await world.folder();
      const link = path.join(folder.root, own);
      await fs.mkdir(path.dirname(link), { recursive: true });
      await fs.symlink(outside, link);
      await expect(engine.addMirror({ ...world.address(), folder: folder.root })).rejects.toMatchObject({
        problem: { code: 'own-folder-blocked', detail: expect.stringContaining(own) },
      });
      expect(await fs.readdir(outside)).toEqual([]);
    }
  });

  test('both forms of a dataset’s ID, and a link to the folder, are the same mirror', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const first = await world.mirror(folder);
    await first.engine.close();
    await fs.symlink(folder.root, path.join(world.dir, 'link'));
    const engine = await world.engine();
    const mirrorId = await engine.addMirror({
      ...world.address(),
      folder: path.join(world.dir, 'link'),
      datasetId: `${world.sandbox.organizationId}_${world.datasetId}`,
      sandbox: true,
      go: true,
    });
    expect(mirrorId).toBe(first.mirrorId);
  });

  test('a listener that fails takes nothing with it; one that has left hears nothing', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    const engine = await world.engine();
    let heard = 0;
    engine.on('mirrorChanged', () => {
      throw new Error('a broken window');
    });
    const leave = engine.on('filesChanged', () => {
      heard += 1;
    });
    leave();
    const mirrorId = await engine.addMirror({
      ...world.address(),
      folder: folder.root,
      sandbox: true,
      go: true,
    });
    expect((await engine.settled(mirrorId)).phase).toMatch(/in-sync|syncing/);
    expect(heard).toBe(0);
    await engine.close();
    await engine.close();
  });

  test('events come at most ten times a second, and the last state always arrives', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(
      folder,
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}.png`, picture(700 + i, 600)])),
    );
    const mirror = await world.mirror(folder);
    const at: number[] = [];
    let last = '';
    mirror.engine.on('mirrorChanged', (status) => {
      at.push(performance.now());
      last = JSON.stringify(status.counts);
    });
    const { counts } = await mirror.sync();
    await expect.poll(() => last).toBe(JSON.stringify(counts));
    for (const [index, time] of at.entries()) {
      const previous = at[index - 1];
      if (previous !== undefined) expect(time - previous).toBeGreaterThan(90);
    }
  });
});

test('a manifest of a newer program is refused, and the lock is given back', async () => {
  const world = await World.make();
  const dataDir = path.join(world.dir, 'data');
  await (await world.engine()).close();
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(path.join(dataDir, 'manifest.db'));
  database.pragma('user_version = 999');
  database.close();
  for (let time = 0; time < 2; time++) {
    await expect(world.engine()).rejects.toMatchObject({ code: 'manifest-newer' });
  }
});
