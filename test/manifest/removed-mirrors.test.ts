import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createEngine, type Engine } from '../../app/engine.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { fillManifest } from '../bench/fill-manifest.ts';
import { damagePage, manifestIn, pagesOf } from './damage-file.ts';
import { startScript } from './killed-process.ts';
import {
  addMirror,
  baseOf,
  localFile,
  memoryManifest,
  readDatabase,
  remoteFile,
  temporaryFolder,
} from './temp-manifest.ts';

const rows = 4000;
const trees = ['local', 'remote', 'synced', 'entry'] as const;
const count = z.tuple([z.object({ n: z.number() })]);

/** Rows of all trees, as another program sees them. */
function rowsLeft(folder: string): number {
  const sums = trees.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
  return count.parse(readDatabase(manifestIn(folder), `SELECT ${sums} AS n`))[0].n;
}

async function engineOn(dataDir: string): Promise<Engine> {
  const engine = await createEngine({
    dataDir,
    connect: () => {
      throw new Error('nobody asks the service');
    },
  });
  onTestFinished(() => engine.close());
  return engine;
}

test('a removed mirror is gone at once, and its rows page by page; others keep theirs', () => {
  const { manifest, mirror } = memoryManifest();
  const other = addMirror(manifest, '/nowhere/other');
  for (const { id } of [mirror, other]) {
    for (const name of ['a.png', 'b.png', 'c.png', 'd.png', 'e.png']) {
      const [local, remote] = [localFile(name, name), remoteFile(name, name)];
      manifest.local.put(id, local, manifest.local.nextObservation());
      manifest.remote.put(id, remote);
      manifest.synced.put(id, baseOf(local, remote));
      const entry = { path: name, state: 'in-sync', size: 1, key: name, assetId: null } as const;
      manifest.entries.put(id, { item: `f:${name}`, problem: null, hold: null, ...entry }, 1);
      manifest.activity.add(id, { at: 1, kind: 'uploaded', path: name, message: 'Uploaded.' });
      const trashed = { path: name, trashPath: `t/${name}`, size: 1, sha256: null } as const;
      manifest.trash.keep(manifest.trash.insert(id, { ...trashed, reason: 'deleted-there' }, 1));
    }
  }
  manifest.mirrors.remove(mirror.id, 5);
  expect(manifest.mirrors.all().map(({ mirrorId }) => mirrorId)).toEqual([other.mirrorId]);
  expect(manifest.activity.newest(100)).toHaveLength(5);
  expect(manifest.trash.page(null, 0, 100).total).toBe(5);
  expect(manifest.trash.get(1)).toBeNull();
  // Its folder can be mirrored again before the last row has gone.
  const again = addMirror(manifest, mirror.folder);
  expect(again.id).not.toBe(mirror.id);
  expect(manifest.mirrors.removed()).toEqual([mirror.id]);
  let pages = 1;
  while (!manifest.removedMirrors.clear(mirror.id, 4)) pages += 1;
  // Six tables of five rows.
  expect(pages).toBe(Math.floor(30 / 4) + 1);
  expect(manifest.mirrors.removed()).toEqual([]);
  expect(manifest.local.get(mirror.id, 'a.png')).toBeNull();
  expect(manifest.local.get(other.id, 'a.png')).not.toBeNull();
  expect(manifest.remote.count(mirror.id)).toBe(0);
  expect(manifest.remote.count(other.id)).toBe(5);
  expect(manifest.synced.count(other.id)).toBe(5);
  expect(manifest.entries.counts(other.id)['in-sync']).toBe(5);
  expect(manifest.activity.newest(100)).toHaveLength(5);
});

test('nobody waits for a large one: others have their turn after every few rows', async () => {
  const folder = await temporaryFolder();
  fillManifest(folder, rows);
  const engine = await engineOn(folder);
  await engine.call('removeMirror', { mirrorId: 'mirror' });
  expect((await engine.call('status', {})).mirrors).toEqual([]);
  let before = rowsLeft(folder);
  expect(before).toBeGreaterThan(3 * rows);
  let turns = 0;
  while (before > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = rowsLeft(folder);
    expect(before - now).toBeLessThanOrEqual(250);
    if (now < before) turns += 1;
    before = now;
  }
  expect(turns).toBeGreaterThan(50);
  await expect
    .poll(() => readDatabase(manifestIn(folder), 'SELECT count(*) AS n FROM mirror'))
    .toEqual([{ n: 0 }]);
}, 60_000);

test('a kill, and the end of an engine, leave some of it: the next engine goes on', async () => {
  const folder = await temporaryFolder();
  fillManifest(folder, rows);
  const script = `import { createEngine } from ${JSON.stringify(path.resolve('app/engine.ts'))};
    const engine = await createEngine({ dataDir: ${JSON.stringify(folder)}, connect: () => { throw new Error('nobody'); } });
    await engine.call('removeMirror', { mirrorId: 'mirror' });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.kill(process.pid, 'SIGKILL');`;
  await (await startScript(script)).ended;
  const killed = rowsLeft(folder);
  expect(killed).toBeGreaterThan(0);
  expect(killed).toBeLessThan(4 * rows);
  const engine = await engineOn(folder);
  expect((await engine.call('status', {})).mirrors).toEqual([]);
  await engine.close();
  const closed = rowsLeft(folder);
  expect(closed).toBeGreaterThan(0);
  expect(closed).toBeLessThan(killed);
  await engineOn(folder);
  await expect.poll(() => rowsLeft(folder), { timeout: 40_000 }).toBe(0);
  expect(readDatabase(manifestIn(folder), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}, 90_000);

test('what is left of it costs no other mirror its go when the manifest is damaged and rebuilt', async () => {
  const folder = await temporaryFolder();
  fillManifest(folder, rows);
  const before = openManifest(folder);
  const other = addMirror(before, '/nowhere/other');
  before.mirrors.approve(other.id, 7);
  before.mirrors.remove(1, 5);
  before.removedMirrors.clear(1, 250);
  before.close();
  const file = manifestIn(folder);
  await damagePage(file, pagesOf(file, 'entry')[7] ?? 0);
  const manifest = openManifest(folder);
  onTestFinished(() => manifest.close());
  expect(manifest.rebuild).not.toBeNull();
  expect(manifest.mirrors.all()).toMatchObject([{ folder: '/nowhere/other', approvedAt: 7 }]);
  expect(manifest.mirrors.removed()).toEqual([1]);
});
