import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../app/engine.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import type { Spend } from '../../app/manifest/spend-table.ts';
import { picture } from '../engine/pictures.ts';
import { fill, type Mirror, pictures, World, type WorldFolder } from '../engine/world.ts';
import { damagePage, garbage, manifestIn, pagesOf } from './damage-file.ts';
import { writeDatabase } from './temp-manifest.ts';

/** What may happen to the file of a manifest that nobody has open. */
const damages: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'it is garbage': async (file) => fs.writeFile(file, garbage(300_000)),
  'it is empty': async (file) => fs.truncate(file, 0),
  'it is gone': async (file) => fs.rm(file),
  'a folder is in its place': async (file) => {
    await fs.rm(file);
    await fs.mkdir(path.join(file, 'something'), { recursive: true });
  },
  'it is another database': async (file) => {
    const other = `${file}-other`;
    writeDatabase(other, 'CREATE TABLE strange (a); INSERT INTO strange VALUES (1)');
    await fs.rename(other, file);
  },
  'it is cut in half': async (file) => fs.truncate(file, Math.floor((await fs.stat(file)).size / 2)),
  'its first page is garbage': async (file) => damagePage(file, 1),
  'a page of files is': async (file) => damagePage(file, pagesOf(file, 'local')[0] ?? 0),
  'a page of bases is': async (file) => damagePage(file, pagesOf(file, 'synced')[0] ?? 0),
  'the page of mirrors is': async (file) => damagePage(file, pagesOf(file, 'mirror')[0] ?? 0),
};

const settings = { retentionMode: 'KeepLinkedResource' } as const;
const answer = { fingerprint: 'print', kind: 'skip' } as const;

/** A mirror in which everything has happened once: uploads, downloads, a replaced file, a rename, a deletion that was let be. */
async function lived(world: World, folder: WorldFolder): Promise<Mirror> {
  const files = pictures('a.png', 'sub/b.png', 'gone.png', 'old-name.png');
  await fill(folder, files);
  await world.putAsset('c.png', picture(50, 900), { viSyncPath: 'sub/c.png' });
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await world.putAsset('b.png', picture(51, 900), { viSyncPath: 'sub/b.png' });
  await mirror.sync();
  await fs.rm(path.join(folder.root, 'gone.png'));
  await fs.rename(path.join(folder.root, 'old-name.png'), path.join(folder.root, 'sub/new-name.png'));
  await mirror.sync();
  return mirror;
}

async function activities(engine: Engine): Promise<string[]> {
  return (await engine.call('activity', { limit: 500 })).items.map(({ message }) => message);
}

describe('a manifest that is damaged is set aside and rebuilt', () => {
  test.for(Object.entries(damages))('%s', async ([name, damage]) => {
    const world = await World.make();
    const folder = await world.folder();
    const mirror = await lived(world, folder);
    const before = { states: await mirror.states(), list: await folder.list(), assets: await world.assets() };
    const spends = await leave(world, mirror);
    const requests = { ...world.sandbox.requests };

    const data = path.join(world.dir, 'data');
    const file = manifestIn(data);
    await damage(file);
    const damaged = (await fs.stat(file).catch(() => null))?.isFile() ? await fs.readFile(file) : null;

    const again = await world.mirror(folder);
    expect(again.mirrorId).toBe(mirror.mirrorId);
    const status = await again.sync();
    expect(status).toMatchObject({ phase: 'in-sync', problem: null });

    // Nothing is uploaded again, nothing is lost, nothing is overwritten.
    expect(world.sandbox.requests).toMatchObject({
      upload: requests.upload,
      'sessions.create': requests['sessions.create'],
    });
    expect((await world.assets()).size).toBe(before.assets.size);
    for (const [asset, { content }] of before.assets) {
      expect((await world.assets()).get(asset)?.content, asset).toEqual(content);
    }
    const list = await folder.list();
    for (const each of before.list) expect(list, each).toContain(each);
    // Where the bases are lost with the rest, what one side had given up may come back from the other; never the other way around.
    const areBasesLost = /garbage|empty|gone|folder|another|cut in half|first|header/.test(name);
    if (!areBasesLost && !name.includes('bases')) {
      expect(list).toEqual(before.list);
      expect(await again.states()).toEqual(before.states);
    }

    // What was there is there still, under another name; and a person is told.
    const aside = (await fs.readdir(data)).filter((each) => /^manifest\.damaged-.*\.db$/.test(each));
    if (name !== 'it is gone') expect(aside).toHaveLength(1);
    if (damaged !== null) expect(await fs.readFile(path.join(data, aside[0] ?? ''))).toEqual(damaged);
    expect((await activities(again.engine)).join()).toContain(
      'The manifest was damaged and has been rebuilt',
    );
    expect(again.engine.rebuild?.damage).not.toBeNull();

    await again.engine.close();
    const manifest = openManifest(data);
    onTestFinished(() => manifest.close());
    expect(manifest.rebuild).toBeNull();
    // The replaced file can be got back.
    const [trashed] = manifest.trash.page(1, 0, 10).items;
    expect(trashed?.path).toBe('sub/b.png');
    expect(await fs.readFile(path.join(folder.root, trashed?.trashPath ?? ''))).toEqual(
      pictures('a.png', 'sub/b.png')['sub/b.png'],
    );
    expect(
      manifest.spends.since(world.sandbox.organizationId, 0).filter(({ kind }) => kind !== 'unknown'),
    ).toEqual(spends);
    expect(manifest.settings.ofMirror(mirror.mirrorId)).toMatchObject(settings);
    expect(manifest.answers.all(1)).toEqual(new Map([['f:x', answer]]));
  });
});

/** Ends the engine and leaves a setting and an answer of a person. Returns what was spent of the budget. */
async function leave(world: World, { engine, mirrorId }: Mirror): Promise<Spend[]> {
  await engine.close();
  const manifest = openManifest(path.join(world.dir, 'data'));
  manifest.settings.changeMirror(mirrorId, settings);
  manifest.answers.put(1, 'f:x', answer, 5);
  const spends = manifest.spends.since(world.sandbox.organizationId, 0);
  manifest.close();
  expect(spends.length).toBeGreaterThan(0);
  return spends;
}
