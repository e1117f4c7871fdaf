import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../../app/engine/environment.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

const original = (name: string) => pictures(name)[name] ?? Buffer.alloc(0);

/** Names and bytes of all files of a folder tree, Vi Sync's own included. */
async function everything(root: string): Promise<Record<string, string>> {
  const entries = await fs.readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [path.relative(root, file), (await fs.readFile(file)).toString('base64')]),
    ),
  );
}

describe('a first sync', () => {
  test('shows what it would do and what that costs, and does nothing before the go', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, { ...pictures('a.png', 'b.png', 'x/b.png'), 'same.png': picture(7, 900) });
    await folder.write('broken.png', Buffer.from('no image'));
    await world.putAsset('same.png', picture(7, 900));
    await world.putAsset('there.png', picture(8, 700));
    const mirror = await world.mirror(folder, 'data', {}, { go: false });
    const { engine, mirrorId } = mirror;
    const status = await mirror.sync();
    expect(status).toMatchObject({ phase: 'preview', isPaused: false });
    expect(await engine.call('preview', { mirrorId })).toEqual({
      isReady: true,
      upload: {
        files: 2,
        bytes: original('a.png').length + (pictures('a.png', 'b.png')['b.png']?.length ?? 0),
      },
      overwrites: 0,
      download: { files: 1, bytes: picture(8, 700).length },
      compare: { files: 0, bytes: 0 },
      inSync: 1,
      trash: 0,
      deleteAssets: 0,
      dataRows: 10,
      sessions: 1,
      sessionsWaitMs: 0,
      holds: { 'name-collision': 1 },
      problems: 1,
    });
    expect(world.sandbox.requests).toMatchObject({ upload: 0, download: 0, 'sessions.create': 0 });
    expect(await folder.list()).not.toContain('there.png');

    // Not after a restart either.
    await engine.close();
    const again = await world.engine();
    again.start();
    expect(await again.settled(mirrorId)).toMatchObject({ phase: 'preview' });
    await again.call('go', { mirrorId });
    expect(await again.settled(mirrorId)).toMatchObject({ phase: 'attention', counts: { 'in-sync': 4 } });
    expect(await folder.read('there.png')).toEqual(picture(8, 700));
  });

  test('of more files than a session takes says how long the budget makes it wait', async () => {
    const world = await World.make({ engine: { sessionBudget: { sessions: 2, windowMs: 60_000 } } });
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    await folder.write('b.png', picture(9, 700));
    const { mirrorId, engine } = mirror;
    await engine.call('syncNow', { mirrorId });
    await mirror.until(({ nextSessionAt }) => nextSessionAt !== null, 'the wait');
    const { sessions, sessionsWaitMs } = await engine.call('preview', { mirrorId });
    expect(sessions).toBe(1);
    expect(sessionsWaitMs).toBeGreaterThan(30_000);
  });
});

describe('directions', () => {
  test('a push mirror uploads, and never writes to the disk', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png', 'c.png'));
    await world.putAsset('there.png', picture(8, 700));
    const mirror = await world.mirror(folder, 'data', {}, { settings: { direction: 'push' } });
    await mirror.sync();
    const before = await everything(folder.root);
    await world.putAsset('b.png', picture(9, 700));
    await world.deleteAsset('c.png');
    await folder.write('a.png', picture(10, 700));
    await mirror.sync();
    expect(await mirror.states()).toEqual({
      'a.png': 'in-sync',
      'b.png': 'differs: left-changed-there',
      'c.png': 'held: deleted-there',
      'there.png': 'remote-only: left-added-there',
    });
    expect(await everything(folder.root)).toEqual({
      ...before,
      'a.png': picture(10, 700).toString('base64'),
    });
    expect((await world.assets()).get('a.png')?.content).toEqual(picture(10, 700));
    const { items } = await mirror.engine.call('holds', { mirrorId: mirror.mirrorId });
    expect(items).toMatchObject([{ path: 'c.png', answers: ['keep-mine', 'skip'] }]);
  });

  test('a pull mirror downloads, and never changes the dataset', async () => {
    const world = await World.make();
    const folder = await world.folder();
    for (const [name, seed] of Object.entries({ 'a.png': 1, 'b.png': 2, 'c.png': 3, 'd.png': 4 })) {
      await world.putAsset(name, picture(seed, 700));
    }
    await folder.write('mine.png', picture(8, 700));
    const settings = {
      direction: 'pull',
      deletePolicy: 'propagate',
      retentionMode: 'RemoveLinkedResource',
    } as const;
    const mirror = await world.mirror(folder, 'data', {}, { settings });
    await mirror.sync();
    await folder.write('a.png', picture(10, 700));
    await fs.rm(path.join(folder.root, 'b.png'));
    await world.putAsset('c.png', picture(11, 700));
    await world.deleteAsset('d.png');
    await mirror.sync();
    expect(await mirror.states()).toEqual({
      'a.png': 'differs: left-changed-here',
      'b.png': 'remote-only: left-deleted-here',
      'c.png': 'in-sync',
      'mine.png': 'local-only: left-added-here',
    });
    expect(await folder.read('c.png')).toEqual(picture(11, 700));
    expect((await mirror.engine.call('trash', {})).items.map((trashed) => trashed.path).sort()).toEqual([
      'c.png',
      'd.png',
    ]);
    const { upload, 'sessions.create': sessions, 'assets.delete': deleted } = world.sandbox.requests;
    // The one deletion is the test's own.
    expect({ upload, sessions, deleted }).toEqual({ upload: 0, sessions: 0, deleted: 1 });
  });

  test('another direction decides anew about what was left', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await world.putAsset('there.png', picture(8, 700));
    await folder.write('mine.png', picture(9, 700));
    const mirror = await world.mirror(folder, 'data', {}, { settings: { direction: 'push' } });
    await mirror.sync();
    expect(await folder.list()).toEqual(['mine.png']);
    const { engine, mirrorId } = mirror;
    await engine.call('changeMirror', { mirrorId, settings: { direction: 'two-way' } });
    expect(await mirror.sync()).toMatchObject({ phase: 'in-sync', settings: { direction: 'two-way' } });
    expect(await folder.list()).toEqual(['mine.png', 'there.png']);
  });
});

describe('what holds for all mirrors', () => {
  test('the retention mode, unless a mirror has one of its own', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    for (const name of ['a.png', 'b.png']) world.sandbox.annotate(world.datasetId, name, { cat: 3 });
    const { engine, mirrorId } = mirror;
    expect(await engine.call('settings', {})).toMatchObject({ retentionMode: 'ask' });
    await engine.call('changeSettings', { retentionMode: 'KeepLinkedResource' });
    expect(await engine.call('settings', {})).toMatchObject({
      retentionMode: 'KeepLinkedResource',
      uploadsAtOnce: 16,
    });
    await folder.write('a.png', picture(10, 700));
    await mirror.sync();
    expect((await world.assets()).get('a.png')).toMatchObject({ annotations: 3, content: picture(10, 700) });
    await engine.call('changeMirror', { mirrorId, settings: { retentionMode: 'ask' } });
    await folder.write('b.png', picture(11, 700));
    await mirror.sync();
    expect(await mirror.states()).toEqual({ 'a.png': 'in-sync', 'b.png': 'held: overwrites-annotations' });
    await engine.call('changeMirror', { mirrorId, settings: { retentionMode: 'RemoveLinkedResource' } });
    await mirror.sync();
    expect((await world.assets()).get('b.png')).toMatchObject({ annotations: 0, content: picture(11, 700) });
  });

  test('how long the trash keeps what is in it', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    const days = { at: 0 };
    const clock = {
      now: () => Date.now() + days.at * 24 * 60 * 60_000,
      monotonic: () => performance.now() + days.at * 24 * 60 * 60_000,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    };
    const mirror = await world.mirror(folder, 'data', { environment: { clock } });
    await mirror.sync();
    await world.putAsset('a.png', picture(9, 700));
    await mirror.sync();
    const { engine } = mirror;
    await engine.call('changeSettings', { trashDays: 30 });
    days.at = 29;
    await mirror.sync();
    const { items } = await engine.call('trash', {});
    expect(items).toMatchObject([{ path: 'a.png', reason: 'replaced-by-download' }]);
    days.at = 31;
    await mirror.sync();
    await expect.poll(async () => (await engine.call('trash', {})).total).toBe(0);
    await expect(fs.access(items[0]?.trashPath ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a mirror', () => {
  test('can be removed: both sides stay as they are, and nothing is known of it any more', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const { engine, mirrorId } = mirror;
    const removed: string[] = [];
    engine.on('mirrorRemoved', (event) => removed.push(event.mirrorId));
    await engine.call('removeMirror', { mirrorId });
    expect(removed).toEqual([mirrorId]);
    expect((await engine.call('status', {})).mirrors).toEqual([]);
    expect(await folder.list()).toEqual(['a.png']);
    expect((await world.assets()).size).toBe(1);
    // Added again, it is a new one that finds both sides equal.
    const again = await engine.addMirror({ ...world.address(), folder: folder.root, go: true });
    expect(again).not.toBe(mirrorId);
    expect(await engine.settled(again)).toMatchObject({ phase: 'in-sync' });
    expect(world.sandbox.requests.upload).toBe(1);
  });

  test('has a folder for itself: none in it, and none around it', async () => {
    const world = await World.make();
    const folder = await world.folder('outer');
    await fill(folder, pictures('inner/a.png'));
    const mirror = await world.mirror(folder);
    for (const place of [path.join(folder.root, 'inner'), world.dir]) {
      await expect(
        mirror.engine.addMirror({ ...world.address(), folder: place, go: true }),
      ).rejects.toMatchObject({ problem: { code: 'folder-mirrored' } });
    }
  });

  test('has a receipt of what is equal, page by page', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'x/b.png'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const { engine, mirrorId } = mirror;
    const { items, after } = await engine.call('receipt', { mirrorId });
    expect(after).toBeNull();
    expect(items).toMatchObject([
      { path: 'a.png', filename: 'a.png', state: 'in-sync', proof: 'service-hash' },
      { path: 'x/b.png', filename: 'b.png', state: 'in-sync', proof: 'service-hash' },
    ]);
    const first = await engine.call('receipt', { mirrorId, limit: 1 });
    const second = await engine.call('receipt', { mirrorId, limit: 1, after: first.after });
    expect([...first.items, ...second.items]).toEqual(items);
  });

  test('can be verified: a file that has rotted under its stamp is found, and never uploaded over the good one', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png'));
    const disk = realDisk();
    let isRotten = false;
    const failing: Disk = {
      ...disk,
      async readFile(file, signal) {
        const outcome = await disk.readFile(file, signal);
        if (!isRotten || outcome.kind !== 'read' || !file.endsWith('a.png')) return outcome;
        return { ...outcome, hash: { ...outcome.hash, sha256: '0'.repeat(64) } };
      },
    };
    const mirror = await world.mirror(folder, 'data', { environment: { disk: failing } });
    await mirror.sync();
    const { engine, mirrorId } = mirror;
    isRotten = true;
    for (let time = 0; time < 2; time++) {
      await engine.call('verify', { mirrorId });
      expect(await mirror.states()).toEqual({ 'a.png': 'problem: content-rotten', 'b.png': 'in-sync' });
    }
    await fs.rm(path.join(folder.root, 'a.png'));
    await mirror.sync();
    const [hold] = (await engine.call('holds', { mirrorId, includeOptional: true })).items;
    const { item = '', fingerprint = '' } = hold ?? {};
    isRotten = false;
    await engine.call('answer', { mirrorId, item, fingerprint, answer: { kind: 'keep-theirs' } });
    await mirror.sync();
    expect(await folder.read('a.png')).toEqual(original('a.png'));
    expect(world.sandbox.requests.upload).toBe(2);
  });
});
