import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

/** A mirror with one file and its asset in sync. */
async function inSync(files: Record<string, Buffer>) {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, files);
  const mirror = await world.mirror(folder);
  await mirror.sync();
  return { world, folder, mirror };
}

async function uploadsOf(world: World) {
  const asset = (await world.assets()).get('a.png');
  const { 'sessions.create': sessions } = world.sandbox.requests;
  return { content: asset?.content, annotations: asset?.annotations, sessions };
}

describe('nothing is lost: what a person must decide is held, and both sides stay as they are', () => {
  test('an overwrite of an asset with annotations: the card names their number', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png'));
    world.sandbox.annotate(world.datasetId, 'a.png', { cat: 37 });
    await folder.write('a.png', picture(60, 700));
    const status = await mirror.sync();
    expect(status.phase).toBe('attention');
    const row = await mirror.file('a.png');
    expect(row).toMatchObject({
      state: 'held',
      annotations: 37,
      problem: { code: 'overwrites-annotations' },
    });
    expect(row.problem?.detail).toContain('37 annotations');
    expect(await uploadsOf(world)).toEqual({
      content: pictures('a.png')['a.png'],
      annotations: 37,
      sessions: 1,
    });
  });

  test('annotations that no listing has shown are found in the moment before the overwrite', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png'));
    // Others change much later, more than a first page shows: listings of what is new no longer reach back to this one.
    world.sandbox.switches.clockOffsetMs = 10 * 60_000;
    for (let number = 0; number < 60; number++) {
      await world.putAsset(`later-${number}.png`, picture(70 + number, 500));
    }
    await mirror.sync();
    world.sandbox.annotate(world.datasetId, 'a.png', { cat: 1 });
    await mirror.sync();
    expect(await mirror.file('a.png')).toMatchObject({ state: 'in-sync', annotations: 0 });
    await folder.write('a.png', picture(60, 700));
    await mirror.sync();
    expect(await mirror.file('a.png')).toMatchObject({
      state: 'held',
      annotations: 1,
      problem: { code: 'overwrites-annotations' },
    });
    expect(await uploadsOf(world)).toEqual({
      content: pictures('a.png')['a.png'],
      annotations: 1,
      sessions: 1,
    });
  });

  test('both sides have changed', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png'));
    await mirror.engine.close();
    await folder.write('a.png', picture(61, 700));
    await world.putAsset('a.png', picture(62, 700));
    const again = await world.mirror(folder);
    await again.sync();
    expect(await again.states()).toEqual({ 'a.png': 'held: both-changed' });
    expect(await folder.read('a.png')).toEqual(picture(61, 700));
    expect((await world.assets()).get('a.png')?.content).toEqual(picture(62, 700));
  });

  test('both sides have changed to the same', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png'));
    await mirror.engine.close();
    await folder.write('a.png', picture(63, 700));
    await world.putAsset('a.png', picture(63, 700));
    const again = await world.mirror(folder);
    const status = await again.sync();
    expect(status.phase).toBe('in-sync');
    expect(world.sandbox.requests.upload).toBe(1);
  });

  test('both sides have another file of one name', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await folder.write('a.png', picture(1, 500));
    await world.putAsset('a.png', picture(2, 500));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    expect(await mirror.states()).toEqual({ 'a.png': 'held: both-added' });
    expect(await folder.read('a.png')).toEqual(picture(1, 500));
    expect((await world.assets()).get('a.png')?.content).toEqual(picture(2, 500));
  });

  test('what somebody else has uploaded a moment ago is seen before our own file of that name goes up', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const mirror = await world.mirror(folder, 'data', { timing: { quietMs: 60, pollMs: 3_600_000 } });
    await mirror.sync();
    await world.putAsset('a.png', picture(2, 500));
    await folder.write('a.png', picture(1, 500));
    await mirror.until(async () => (await mirror.files('held')).length === 1, 'the conflict');
    expect(await mirror.states()).toEqual({ 'a.png': 'held: both-added' });
    expect(world.sandbox.requests.upload).toBe(0);
  });

  test('the asset was deleted: the file goes to the trash; changed since, it is a conflict; deleted too, all is forgotten', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png', 'b.png', 'c.png'));
    await mirror.engine.close();
    for (const name of ['a.png', 'b.png', 'c.png']) await world.deleteAsset(name);
    await folder.write('b.png', picture(64, 700));
    await fs.rm(path.join(folder.root, 'c.png'));
    const again = await world.mirror(folder);
    await again.sync();
    expect(await again.states()).toEqual({ 'b.png': 'held: changed-here-deleted-there' });
    expect(await folder.list()).toEqual(['b.png']);
    expect((await world.assets()).size).toBe(0);
    const { items } = await again.engine.call('trash', {});
    expect(items).toMatchObject([{ path: 'a.png', reason: 'deleted-there' }]);
    expect(await fs.readFile(items[0]?.trashPath ?? '')).toEqual(pictures('a.png')['a.png']);
  });

  test('deleted here and changed there', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png'));
    await fs.rm(path.join(folder.root, 'a.png'));
    await mirror.sync();
    await world.putAsset('a.png', picture(65, 700));
    await mirror.sync();
    expect(await mirror.states()).toEqual({ 'a.png': 'held: deleted-here-changed-there' });
    expect(await folder.list()).toEqual([]);
  });

  test('two files of one base name: the first goes up, the second is held with a name to take', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('train/a.png', 'val/a.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    expect(await mirror.states()).toEqual({ 'train/a.png': 'in-sync', 'val/a.png': 'held: name-collision' });
    expect((await mirror.file('val/a.png')).problem?.suggestion).toContain('val-a.png');
    expect((await world.assets()).get('a.png')?.content).toEqual(pictures('train/a.png')['train/a.png']);
    await fs.rename(path.join(folder.root, 'val/a.png'), path.join(folder.root, 'val/val-a.png'));
    const status = await mirror.sync();
    expect(status.phase).toBe('in-sync');
    expect((await world.assets()).size).toBe(2);
  });

  test('an asset whose place is another file’s stays where it is', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png'));
    await fs.rename(path.join(folder.root, 'a.png'), path.join(folder.root, 'b.png'));
    await mirror.sync();
    await world.putAsset('b.png', picture(66, 700));
    await mirror.sync();
    const rows = await mirror.files();
    expect(rows.map(({ path: each, state, problem }) => [each, state, problem?.code])).toEqual([
      ['b.png', 'held', 'place-taken'],
      ['b.png', 'in-sync', undefined],
    ]);
    expect(await folder.read('b.png')).toEqual(pictures('a.png')['a.png']);
  });

  test('one file moved over another: the other’s asset stays', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png', 'b.png'));
    await fs.rename(path.join(folder.root, 'b.png'), path.join(folder.root, 'a.png'));
    await mirror.sync();
    const assets = await world.assets();
    expect(assets.get('a.png')?.content).toEqual(pictures('a.png', 'b.png')['a.png']);
    expect(assets.get('b.png')?.content).toEqual(pictures('a.png', 'b.png')['b.png']);
    expect(world.sandbox.requests.upload).toBe(2);
    expect(await folder.list()).toEqual(['a.png']);
  });

  test('an emptied or missing folder changes nothing in the dataset', async () => {
    const { world, folder, mirror } = await inSync(pictures('a.png', 'b.png'));
    const aside = `${folder.root}-aside`;
    await fs.rename(folder.root, aside);
    const missing = await mirror.sync();
    expect(missing).toMatchObject({ phase: 'attention', problem: { code: 'folder-missing' } });
    await fs.mkdir(folder.root);
    const empty = await mirror.sync();
    expect(empty).toMatchObject({ phase: 'attention', problem: { code: 'folder-empty' } });
    expect(empty.counts['in-sync']).toBe(2);
    await fs.rmdir(folder.root);
    await fs.rename(aside, folder.root);
    const back = await mirror.sync();
    expect(back).toMatchObject({ phase: 'in-sync', problem: null });
    expect((await world.assets()).size).toBe(2);
    expect(world.sandbox.requests.upload).toBe(2);
  });

  test('names that lead out of the folder lead nowhere', async () => {
    const world = await World.make();
    const folder = await world.folder('deep/inside');
    const hostile = [
      '../evil.png',
      '/etc/evil.png',
      '..\\evil.png',
      'a/../../evil.png',
      'nul\u0000.png',
      '.hidden.png',
    ];
    for (const [index, name] of hostile.entries()) {
      await world.putAsset(name, picture(100 + index, 500), { viSyncPath: name });
    }
    await world.putAsset('ok.png', picture(200, 500), { viSyncPath: '../../ok.png' });
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const outside = (await fs.readdir(path.join(world.dir, 'deep'), { recursive: true })).filter(
      (name) => !name.startsWith('inside'),
    );
    expect(outside).toEqual([]);
    expect((await fs.readdir(world.dir)).sort()).toEqual(['data', 'deep', 'sandbox']);
    const list = await folder.list();
    expect(list).toContain('ok.png');
    expect(list.every((name) => !name.includes('/'))).toBe(true);
    const states = await mirror.states();
    expect(states['.hidden.png']).toBe('problem: unsupported-name');
  });

  test('a link in the folder is not followed by a download', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const outside = await world.folder('outside');
    await fs.symlink(outside.root, path.join(folder.root, 'train'));
    await world.putAsset('a.png', picture(1, 500), { viSyncPath: 'train/a.png' });
    const mirror = await world.mirror(folder);
    await mirror.until(({ counts }) => counts.ignored + counts.problem === 2, 'link and asset');
    expect(await mirror.states()).toEqual({ train: 'problem: link', 'train/a.png': 'ignored: behind-link' });
    expect(await fs.readdir(outside.root)).toEqual([]);
  });
});
