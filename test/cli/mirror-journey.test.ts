import * as fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Hold, MirrorStatus, Preview, ReceiptRow, TrashedFile } from '../../app/contract.ts';
import { picture } from '../engine/pictures.ts';
import { datasetId, type MirrorWorld, pictures, startMirrorWorld } from './mirror-world.ts';

// One journey, step by step: from a folder and a dataset that know nothing of each other to a receipt.

let world: MirrorWorld;
const names = ['a.png', 'b.png', 'c.png', 'd.png', 'train/e.png'];
const originals = pictures(...names);
const mine = Object.fromEntries(names.map((name, index) => [name, picture(100 + index, 700)]));
const theirs = Object.fromEntries(names.map((name, index) => [name, picture(200 + index, 800)]));

beforeAll(async () => {
  world = await startMirrorWorld();
  for (const name of names) await world.write(name, originals[name] ?? Buffer.alloc(0));
  await world.putAsset('theirs.png', picture(300, 600));
});
afterAll(() => world.end());

type Added = MirrorStatus & { preview: Preview; isSynced: boolean };

// Processes that start one after the other: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

test('add: both sides are looked at, and nothing is changed before somebody has said so', async () => {
  const missing = await world.json<{ error: { code: string } }>(['mirror', 'add', 'photos', 'nowhere']);
  expect(missing).toMatchObject({ exitCode: 1, document: { error: { code: 'ResourceNotFound' } } });

  const added = await world.cli(['mirror', 'add', 'photos', datasetId, '--deletions', 'ask']);
  expect(added.exitCode).toBe(0);
  expect(added.stdout).toContain(`Added ${await fs.realpath(world.photos)} ↔ Warehouse shelves`);
  expect(added.stderr).toMatch(/Upload +5 files, \d\.\d kB/u);
  expect(added.stderr).toMatch(/Download +1 file, \d+ B/u);
  expect(added.stderr).toContain('25 data rows, 1 session');
  expect(added.stderr).toMatch(/Nothing has been changed yet\. vi-sync sync \w{8} --yes/u);

  const again = await world.json<Added>(['mirror', 'add', 'photos', datasetId]);
  expect(again).toMatchObject({
    exitCode: 0,
    document: { isSynced: false, isApproved: false, preview: { upload: { files: 5 }, dataRows: 25 } },
  });
  expect(await world.names()).toEqual(names);
  expect(Object.keys(await world.assets())).toEqual(['theirs.png']);
});

test('it is shown, under its folder or the beginning of its ID', async () => {
  const { document } = await world.json<{ items: MirrorStatus[] }>(['mirror', 'list']);
  expect(document.items).toHaveLength(1);
  const [{ mirrorId } = { mirrorId: '' }] = document.items;
  const shown = await world.json<MirrorStatus>(['mirror', 'show', mirrorId.slice(0, 8)]);
  expect(shown).toMatchObject({ exitCode: 0, document: { mirrorId, endpoint: world.sandbox.endpoint } });
  const { stdout } = await world.cli(['mirror', 'show', 'photos']);
  expect(stdout).toMatch(/deletions +ask/u);
  expect(stdout).toContain('not running, waiting for a go');
});

test('sync: a first one needs a go, and then both sides have everything', async () => {
  const waiting = await world.cli(['sync', 'photos']);
  expect(waiting.exitCode).toBe(3);
  expect(waiting.stdout).toContain('waiting for a go');
  expect(Object.keys(await world.assets())).toEqual(['theirs.png']);

  const { exitCode, document } = await world.json<{ mirrors: (MirrorStatus & { done: object })[] }>([
    'sync',
    'photos',
    '--yes',
  ]);
  expect(exitCode).toBe(0);
  expect(document.mirrors).toMatchObject([
    { phase: 'in-sync', fileTotal: 6, done: { uploaded: 5, downloaded: 1 }, holds: [] },
  ]);
  expect(await world.names()).toEqual([...names, 'theirs.png'].sort());
  const assets = await world.assets();
  expect(assets['e.png']?.content).toEqual(originals['train/e.png']);
  expect(Object.keys(assets)).toHaveLength(6);
});

test('a second client changes what is changed here too: all of it is held, and shown with what is at stake', async () => {
  for (const name of names) await world.write(name, mine[name] ?? Buffer.alloc(0));
  for (const name of names) {
    await world.putAsset(path.basename(name), theirs[name] ?? Buffer.alloc(0), name === 'b.png' ? 37 : 0);
  }
  const synced = await world.cli(['sync', 'photos']);
  expect(synced.exitCode).toBe(3);
  expect(synced.stdout).toContain('waits for an answer: 5 both-changed with 37 annotations');

  const { document } = await world.json<{ items: Hold[] }>(['conflicts', 'list']);
  expect(document.items.map(({ path: name, reason }) => `${name} ${reason}`)).toEqual(
    names.map((name) => `${name} both-changed`),
  );
  const table = await world.cli(['conflicts', 'list', 'photos', '--reason', 'both-changed']);
  expect(table.stdout).toMatch(/^b\.png +both-changed +\d+ B, 2 × 1 +\d+ B, 2 × 1 +37$/mu);
  const shown = await world.cli(['conflicts', 'show', 'photos', path.join('photos', 'b.png')]);
  expect(shown.stdout).toContain('37 annotations: pallet 37');
  expect(shown.stdout).toContain('--keep mine --annotations keep|remove');
  for (const name of names) expect(await world.read(name)).toEqual(mine[name]);
});

test('each is resolved in its own way, and carried out by the next sync', async () => {
  const resolve = (...args: string[]) =>
    world.json<{ answered: number; error: { code: string; detail: string } }>([
      'conflicts',
      'resolve',
      'photos',
      ...args,
    ]);
  const undecided = await resolve('b.png', '--keep', 'mine');
  expect(undecided.exitCode).toBe(2);
  expect(undecided.document.error.detail).toContain('37 annotations');
  const atStake = await resolve('b.png', '--keep', 'mine', '--annotations', 'remove');
  expect(atStake.exitCode).toBe(2);
  expect(atStake.document.error.detail).toContain('37 annotations of “b.png” would be lost for good');

  for (const args of [
    ['a.png', '--keep', 'mine'],
    ['b.png', '--keep', 'mine', '--annotations', 'keep'],
    ['c.png', '--keep', 'theirs'],
    ['d.png', '--keep', 'both'],
    ['train/e.png', '--keep', 'skip'],
  ]) {
    expect(await resolve(...args)).toMatchObject({ exitCode: 0, document: { answered: 1 } });
  }
  // Only recorded: nothing runs now.
  expect(await world.read('c.png')).toEqual(mine['c.png']);
  const synced = await world.json<{ mirrors: MirrorStatus[] }>(['sync', 'photos']);
  expect(synced).toMatchObject({ exitCode: 0, document: { mirrors: [{ phase: 'in-sync' }] } });
  const assets = await world.assets();
  expect(assets['a.png']?.content).toEqual(mine['a.png']);
  expect(assets['b.png']).toEqual({ content: mine['b.png'], annotations: 37 });
  expect(assets['c.png']?.content).toEqual(theirs['c.png']);
  expect(await world.read('c.png')).toEqual(theirs['c.png']);
  expect(await world.read('d.png')).toEqual(theirs['d.png']);
  expect(await world.read('d-mine.png')).toEqual(mine['d.png']);
  expect(assets['d-mine.png']?.content).toEqual(mine['d.png']);
  expect(await world.read('train/e.png')).toEqual(mine['train/e.png']);
  expect(assets['e.png']?.content).toEqual(theirs['train/e.png']);
  const optional = await world.json<{ items: Hold[] }>(['conflicts', 'list', '--optional']);
  expect(optional.document.items).toMatchObject([{ path: 'train/e.png', isOptional: true }]);
});

test('what was replaced is in the trash, and comes back beside what replaced it', async () => {
  const { document } = await world.json<{ items: TrashedFile[] }>(['trash', 'list', 'photos']);
  expect(document.items).toMatchObject([{ path: 'c.png', reason: 'replaced-by-download' }]);
  const id = String(document.items[0]?.id);
  const restored = await world.cli(['trash', 'restore', id, '999']);
  expect(restored.exitCode).toBe(3);
  expect(restored.stdout).toContain(`${id}: put back as c-2.png`);
  expect(restored.stdout).toContain('999: Not in the trash');
  expect(await world.read('c-2.png')).toEqual(mine['c.png']);
  await fs.rm(path.join(world.photos, 'c-2.png'));
  expect(await world.json(['trash', 'empty', 'photos', '--yes'])).toEqual({
    exitCode: 0,
    document: { removed: 0, bytes: 0 },
  });
});

test('verify: a receipt with a proof for every file that is in step', async () => {
  const csv = path.join(world.folder, 'receipt.csv');
  const { exitCode, document } = await world.json<{
    items: ReceiptRow[];
    mirror: MirrorStatus;
    tally: Record<string, number>;
  }>(['verify', 'photos', '--csv', csv]);
  expect(exitCode).toBe(0);
  expect(document.mirror.phase).toBe('in-sync');
  expect(document.tally).toEqual({ files: 7, 'service-hash': 6, transfer: 0, none: 1 });
  const assets = await world.assets();
  for (const { path: name, filename, proof } of document.items) {
    const isEqual = assets[filename ?? '']?.content.equals(await world.read(name));
    expect({ name, isEqual }).toEqual({ name, isEqual: proof !== 'none' });
  }
  const lines = (await fs.readFile(csv, 'utf8')).trimEnd().split('\r\n');
  expect(lines[0]).toBe('path,assetId,filename,sha256,size,proof,state');
  expect(lines.slice(1)).toEqual(
    document.items.map((row) =>
      [row.path, row.assetId, row.filename, row.sha256, row.size, row.proof, row.state].join(','),
    ),
  );
  expect((await fs.readdir(world.folder)).filter((name) => name.startsWith('receipt'))).toEqual([
    'receipt.csv',
  ]);
});

test('preview: what a sync would do, and does not', async () => {
  await world.write('new.png', picture(400, 900));
  await world.deleteAsset('a.png');
  const { exitCode, document } = await world.json<Preview>(['preview', 'photos']);
  expect(exitCode).toBe(0);
  expect(document).toMatchObject({ upload: { files: 1 }, trash: 1, dataRows: 5, isReady: true });
  expect(await world.names()).toContain('a.png');
  expect(await world.assets()).not.toHaveProperty('new.png');
});

test('a paused mirror looks and does nothing, until it is resumed', async () => {
  expect((await world.cli(['mirror', 'pause', '--all'])).stdout).toMatch(/^Paused: /u);
  const paused = await world.json<{ mirrors: MirrorStatus[] }>(['sync']);
  expect(paused).toMatchObject({ exitCode: 3, document: { mirrors: [{ phase: 'paused', isPaused: true }] } });
  expect(await world.assets()).not.toHaveProperty('new.png');
  expect((await world.cli(['mirror', 'resume', 'photos'])).exitCode).toBe(0);
});

test('without credentials it says what to do, and sends nothing', async () => {
  const env = { DATATURE_VI_SECRET_KEY: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  const { exitCode, document } = await world.json<{ mirrors: MirrorStatus[] }>(['sync'], { env });
  expect(exitCode).toBe(1);
  expect(document.mirrors).toMatchObject([
    { phase: 'attention', problem: { title: 'Login needed', suggestion: expect.stringMatching(/\w/u) } },
  ]);
  expect(await world.assets()).not.toHaveProperty('new.png');
});

test('change, log, settings', async () => {
  const changed = await world.json<MirrorStatus>([
    ...['mirror', 'change', 'photos'],
    ...['--direction', 'push', '--retention', 'keep'],
  ]);
  expect(changed.document.settings).toEqual({
    direction: 'push',
    deletePolicy: 'ask',
    retentionMode: 'KeepLinkedResource',
    duplicates: 'leave',
  });
  const log = await world.json<{ items: object[]; nextBefore: number }>(['log', '--limit', '3']);
  expect(log.document.items).toHaveLength(3);
  expect(log.document.nextBefore).toBeGreaterThan(0);
  expect((await world.cli(['settings', 'set', 'upload-limit', '2M'])).exitCode).toBe(0);
  expect((await world.json(['settings'])).document).toMatchObject({
    trashDays: null,
    uploadLimit: 2_000_000,
  });
});

test('a removed mirror is forgotten, and folder and dataset are as they were', async () => {
  expect((await world.cli(['mirror', 'remove', 'photos', '--yes'])).exitCode).toBe(0);
  const synced = await world.cli(['sync']);
  expect(synced.exitCode).toBe(1);
  expect(synced.stderr).toContain('vi-sync mirror add');
  expect(await world.names()).toContain('new.png');
  expect(Object.keys(await world.assets())).toHaveLength(6);
});

test('no key is in the logs', async () => {
  const logs = await world.logs();
  expect(logs).toContain('mirror add begins');
  expect(logs).not.toContain('dtvi_');
});
