import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FolderReading } from '../../app/engine/environment.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { fillManifest } from '../bench/fill-manifest.ts';
import { damagePage, garbage, manifestIn, pagesOf } from '../manifest/damage-file.ts';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

const names = Array.from({ length: 6 }, (_, index) => `p${index}.png`);

describe.concurrent('uploads that are on their way when the manifest is damaged', () => {
  test.for([
    ['its sessions can be read', async (file: string) => damagePage(file, pagesOf(file, 'local')[0] ?? 0)],
    ['nothing of it can be read', async (file: string) => fs.writeFile(file, garbage(200_000))],
    [
      'the page of their files is damaged',
      async (file: string) => damagePage(file, pagesOf(file, 'session_file')[0] ?? 0),
    ],
  ] as const)('are not sent again: %s', async ([, damage], { expect, onTestFinished }) => {
    const budget = { sessions: 1000, windowMs: 4000 };
    const world = await World.make(
      // Taken at once, listed late: nobody who asks in between sees them.
      { switches: { listingDelayMs: 2000 }, engine: { sessionBudget: budget } },
      onTestFinished,
    );
    const folder = await world.folder();
    await fill(folder, pictures(...names));
    const mirror = await world.mirror(folder);
    await mirror.until(() => world.sandbox.requests.upload === names.length, 'the uploads');
    await mirror.engine.close();
    await damage(manifestIn(path.join(world.dir, 'data')));

    const again = await world.mirror(folder);
    expect(again.engine.rebuild).not.toBeNull();
    const status = await again.sync();
    expect(status).toMatchObject({ phase: 'in-sync', fileTotal: names.length });
    expect(world.sandbox.requests).toMatchObject({ upload: names.length, 'sessions.create': 1 });
    expect((await world.assets()).size).toBe(names.length);
  });
});

test('files that can’t be looked at after a rebuild are not taken for deleted', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'sub/b.png', 'sub/deep/c.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await mirror.engine.close();
  const file = manifestIn(path.join(world.dir, 'data'));
  await damagePage(file, pagesOf(file, 'local')[0] ?? 0);
  const disk = realDisk();
  const hidden = path.join(folder.root, 'sub/deep');
  const code = 'EACCES';
  let isHidden = true;
  const environment = {
    disk: {
      ...disk,
      readFolder: async (folderPath: string): Promise<FolderReading> => {
        if (isHidden && folderPath === hidden) return { kind: 'unreadable', code };
        const reading = await disk.readFolder(folderPath);
        if (!isHidden || reading.kind !== 'listed') return reading;
        // One file of a folder that can be read.
        const files = reading.listing.files.filter(({ name }) => name !== 'b.png');
        return {
          kind: 'listed',
          listing: { ...reading.listing, files, unreadable: [{ name: 'b.png', code }] },
        };
      },
    },
  };
  const again = await world.mirror(folder, 'data', { environment });
  await again.sync();
  expect(await again.states()).toEqual({
    'a.png': 'in-sync',
    'sub/b.png': 'problem: not-seen',
    'sub/deep/c.png': 'problem: folder-unreadable',
  });
  isHidden = false;
  await again.sync();
  expect(await again.states()).toEqual({
    'a.png': 'in-sync',
    'sub/b.png': 'in-sync',
    'sub/deep/c.png': 'in-sync',
  });
  expect(world.sandbox.requests).toMatchObject({ upload: 3, download: 0 });
});

test('where bases are lost, a person sees the plan first: a file without an asset may be one that was deleted there', async () => {
  const world = await World.make({ engine: { sessionBudget: { sessions: 1000, windowMs: 2000 } } });
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'b.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await mirror.engine.close();
  await world.deleteAsset('b.png');
  await fs.writeFile(manifestIn(path.join(world.dir, 'data')), garbage(50_000));
  const again = await world.mirror(folder, 'data', {}, { go: false });
  await again.until(({ phase }) => phase === 'preview', 'the preview');
  expect(await again.states()).toEqual({ 'a.png': 'in-sync', 'b.png': 'waiting' });
  expect(world.sandbox.requests.upload).toBe(2);
  await again.engine.call('go', { mirrorId: again.mirrorId });
  expect(await again.sync()).toMatchObject({ phase: 'in-sync' });
  expect(world.sandbox.requests.upload).toBe(3);
});

test('after a rebuild an empty folder without a mark of Vi Sync is not believed', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'b.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await mirror.engine.close();
  await fs.writeFile(manifestIn(path.join(world.dir, 'data')), garbage(50_000));
  // Its disk is not mounted: what is left is the place.
  await fs.rename(folder.root, `${folder.root}-away`);
  await fs.mkdir(folder.root);
  const again = await world.mirror(folder);
  expect(await again.sync()).toMatchObject({ phase: 'attention', problem: { code: 'folder-empty' } });
  expect(await folder.list()).toEqual([]);
  await fs.rm(folder.root, { recursive: true });
  await fs.rename(`${folder.root}-away`, folder.root);
  expect(await again.sync()).toMatchObject({ phase: 'in-sync', fileTotal: 2 });
  expect(world.sandbox.requests).toMatchObject({ upload: 2, download: 0 });
});

test('damage while it runs: nothing is done any more, a person is told, and the next start goes on', async () => {
  const world = await World.make();
  const data = path.join(world.dir, 'data');
  const file = manifestIn(data);
  // Another mirror, large enough that nobody reads all of the file at a start.
  fillManifest(data, 32_000);
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'b.png'));
  const first = await world.mirror(folder);
  await first.sync();
  await first.engine.close();
  await damagePage(file, pagesOf(file, 'entry_path')[20] ?? 0);

  const mirror = await world.mirror(folder);
  await mirror.sync();
  expect(mirror.engine.rebuild).toBeNull();
  const told: string[] = [];
  mirror.engine.on('mirrorChanged', ({ phase, problem }) => told.push(`${phase} ${problem?.code}`));
  const page = (offset: number) => mirror.engine.call('files', { mirrorId: 'mirror', offset, limit: 500 });
  await expect(
    (async () => {
      for (let offset = 0; offset < 32_000; offset += 500) await page(offset);
    })(),
  ).rejects.toMatchObject({ problem: { code: 'manifest-damaged', title: 'The manifest is damaged' } });
  await mirror.until(({ phase }) => phase === 'attention', 'the stop');
  expect(told).toContain('attention manifest-damaged');
  await folder.write('c.png', picture(5, 700));
  expect(await mirror.engine.settled(mirror.mirrorId)).toMatchObject({
    phase: 'attention',
    problem: { code: 'manifest-damaged' },
  });
  await expect(mirror.files()).rejects.toMatchObject({ problem: { code: 'manifest-damaged' } });
  expect(world.sandbox.requests.upload).toBe(2);
  await mirror.engine.close();

  const again = await world.mirror(folder);
  expect(again.mirrorId).toBe(mirror.mirrorId);
  expect(again.engine.rebuild?.damage).toContain('malformed');
  expect(await again.sync()).toMatchObject({ phase: 'in-sync', fileTotal: 3 });
  expect(world.sandbox.requests.upload).toBe(3);
});
