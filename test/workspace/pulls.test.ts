import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Pull } from '../../app/contract.ts';
import { picture } from '../engine/pictures.ts';
import { pullEnded, refusalOf, type WorkspaceWorldOptions, workspaceWorld } from './workspace-world.ts';

// Real engines and services: they take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

async function filled(assets: number, bytes = 0, options: WorkspaceWorldOptions = {}) {
  const world = await workspaceWorld({ hasSandbox: true, ...options });
  for (let index = 0; index < assets; index++) {
    await world.sandbox.addAsset(world.datasetId, {
      filename: `${index}.png`,
      content: { bytes: picture(index, bytes) },
      customMetadata: { even: index % 2 === 0 },
    });
  }
  const folder = path.join(world.dir, 'pulled');
  return { ...world, folder, order: { ...world.place, datasetId: world.datasetId, folder } };
}

const files = async (folder: string) =>
  (await fs.readdir(folder)).filter((name) => name.endsWith('.png')).sort();

describe('a pull', () => {
  test('brings a dataset, tells how far it is ten times a second at most, and what it brought', async () => {
    const { app, order, folder } = await filled(12, 50_000);
    const heard: Pull[] = [];
    app.on('pullChanged', (pull) => heard.push(pull));
    const startedAt = performance.now();
    const { pullId } = await app.call('startPull', order);
    const pull = await pullEnded(app, pullId);
    const seconds = (performance.now() - startedAt) / 1000;
    expect(pull).toMatchObject({
      ...order,
      state: 'done',
      phase: 'done',
      datasetName: 'Shelves',
      filesDone: 12,
      filesTotal: 12,
      problem: null,
      result: { isComplete: true, filesPulled: 12, filesSame: 0, conflicts: [], failures: [] },
    });
    expect(pull.endedAt).toBeGreaterThanOrEqual(pull.startedAt);
    expect(await files(folder)).toHaveLength(12);
    // The first and the last word beside the steady ones.
    expect(heard.length).toBeLessThan(seconds * 10 + 5);
    expect(heard.at(-1)).toEqual(pull);
    expect((await app.call('pulls', {})).items).toEqual([pull]);
    await app.call('dismissPull', { pullId });
    expect((await app.call('pulls', {})).items).toEqual([]);
  });

  test('of a query brings what it matches', async () => {
    const { app, order, folder } = await filled(4);
    const { pullId } = await app.call('startPull', { ...order, metadataQuery: 'even == true' });
    expect(await pullEnded(app, pullId)).toMatchObject({ state: 'done', metadataQuery: 'even == true' });
    expect(await files(folder)).toEqual(['0.png', '2.png']);
  });

  test('stops when it is told to, and goes on with what is missing', async () => {
    const { app, order, folder, sandbox } = await filled(6, 20_000);
    await app.call('changeSettings', { downloadsAtOnce: 1 });
    // The last ones do not come at first.
    sandbox.faults = [{ kind: 'delay', ms: 60_000, route: 'download', skip: 3 }];
    const { pullId } = await app.call('startPull', order);
    await new Promise<void>((resolve) => {
      const end = app.on('pullChanged', ({ filesDone, phase }) => {
        if (phase !== 'fetching' || filesDone < 3) return;
        end();
        resolve();
      });
    });
    expect((await refusalOf(app.call('dismissPull', { pullId }))).code).toBe('pull-runs');
    await app.call('stopPull', { pullId });
    expect((await app.call('pulls', {})).items).toMatchObject([
      { state: 'stopped', problem: null, result: null },
    ]);
    sandbox.faults = [];
    const before = sandbox.requests.download;
    await app.call('resumePull', { pullId });
    expect(await pullEnded(app, pullId)).toMatchObject({
      state: 'done',
      result: { filesPulled: 3, filesSame: 3 },
    });
    expect(sandbox.requests.download - before).toBe(3);
    expect(await files(folder)).toHaveLength(6);
  });

  test('keeps to the limit of downloads, also one that is set meanwhile', async () => {
    const { app, order } = await filled(2, 600_000);
    await app.call('changeSettings', { downloadLimit: 1000 });
    const { pullId } = await app.call('startPull', order);
    await new Promise<void>((resolve) => {
      const end = app.on('pullChanged', ({ bytesDone }) => {
        if (bytesDone === 0) return;
        end();
        resolve();
      });
    });
    const [slow] = (await app.call('pulls', {})).items;
    // The first block of each comes before its price is asked.
    expect(slow).toMatchObject({ state: 'running' });
    expect(slow?.bytesDone).toBeLessThan(300_000);
    await app.call('changeSettings', { downloadLimit: null });
    expect(await pullEnded(app, pullId)).toMatchObject({ state: 'done' });
  });

  test('leaves other files alone and says so; with the wish to overwrite they go to the trash', async () => {
    const { app, order, folder } = await filled(2);
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, '0.png'), 'mine');
    const { pullId } = await app.call('startPull', order);
    expect(await pullEnded(app, pullId)).toMatchObject({
      state: 'done',
      result: { isComplete: false, conflicts: [{ path: '0.png', kind: 'other-file' }] },
    });
    expect(await fs.readFile(path.join(folder, '0.png'), 'utf8')).toBe('mine');
    const again = await app.call('startPull', { ...order, overwrite: true });
    expect(await pullEnded(app, again.pullId)).toMatchObject({ result: { isComplete: true } });
  });

  test('that fails says why, and can go on when that is over', async () => {
    const { app, order, sandbox } = await filled(2);
    sandbox.faults = [{ kind: 'status', status: 403, route: 'assets.list', when: 'before' }];
    const { pullId } = await app.call('startPull', order);
    expect(await pullEnded(app, pullId)).toMatchObject({
      state: 'failed',
      problem: { title: 'Not allowed with this key' },
    });
    sandbox.faults = [];
    await app.call('resumePull', { pullId });
    expect(await pullEnded(app, pullId)).toMatchObject({ state: 'done', problem: null });
  });

  test('is refused in words where it can’t begin', async () => {
    const { app, order, folder, dir, sandbox, datasetId, place } = await filled(1);
    const codeOf = async (change: Partial<typeof order> & { frozen?: boolean; metadataQuery?: string }) =>
      (await refusalOf(app.call('startPull', { ...order, ...change }))).code;
    expect(await codeOf({ folder: 'pulled' })).toBe('folder-not-absolute');
    expect(await codeOf({ datasetId: 'none' })).toBe('ResourceNotFound');
    expect(await codeOf({ organizationId: 'other' })).toBe('not-logged-in');
    expect(await codeOf({ frozen: true, metadataQuery: 'a == 1' })).toBe('frozen-with-query');
    const mirrored = path.join(dir, 'mirrored');
    await fs.mkdir(mirrored);
    await app.call('addMirror', { ...place, datasetId, folder: mirrored });
    expect(await codeOf({ folder: path.join(mirrored, 'inside') })).toBe('folder-mirrored');
    sandbox.faults = [{ kind: 'delay', ms: 60_000, route: 'assets.list' }];
    const { pullId } = await app.call('startPull', order);
    expect(await codeOf({ folder: path.join(folder, 'inside') })).toBe('folder-in-use');
    await app.call('stopPull', { pullId });
    expect((await refusalOf(app.call('stopPull', { pullId: 'none' }))).code).toBe('unknown-pull');
  });

  test('into a folder of another dataset is a pull that fails in words', async () => {
    const { app, order, sandbox } = await filled(1);
    await pullEnded(app, (await app.call('startPull', order)).pullId);
    const { datasetId } = sandbox.createDataset({ name: 'Other', datasetId: 'other' });
    const { pullId } = await app.call('startPull', { ...order, datasetId });
    expect(await pullEnded(app, pullId)).toMatchObject({
      state: 'failed',
      problem: { code: 'other-dataset' },
    });
  });
});

describe('a pulled folder', () => {
  test('is verified against its lock file, by content', async () => {
    const { app, order, folder } = await filled(3);
    await pullEnded(app, (await app.call('startPull', order)).pullId);
    expect(await app.call('verifyPull', { folder })).toMatchObject({
      isEqual: true,
      filesTotal: 3,
      counts: {},
      differences: [],
      datasetId: order.datasetId,
    });
    await fs.writeFile(path.join(folder, '0.png'), picture(99));
    await fs.rm(path.join(folder, '1.png'));
    await fs.writeFile(path.join(folder, 'more.png'), picture(5));
    expect(await app.call('verifyPull', { folder })).toMatchObject({
      isEqual: false,
      counts: { missing: 1, changed: 1, extra: 1 },
    });
  });

  test('is compared with the dataset as it is now, without fetching anything', async () => {
    const { app, order, folder, sandbox, datasetId } = await filled(2);
    await pullEnded(app, (await app.call('startPull', order)).pullId);
    await sandbox.addAsset(datasetId, { filename: '0.png', content: { bytes: picture(50) } });
    await sandbox.addAsset(datasetId, { filename: 'new.png', content: { bytes: picture(51) } });
    const before = sandbox.requests.download;
    expect(await app.call('comparePull', { folder })).toMatchObject({
      isEqual: false,
      counts: { added: 1, changed: 1 },
      differences: [
        { path: '0.png', kind: 'changed' },
        { path: 'new.png', kind: 'added' },
      ],
    });
    expect(sandbox.requests.download).toBe(before);
  });

  test('without a lock file is refused in words', async () => {
    const { app, dir } = await filled(0);
    for (const name of ['verifyPull', 'comparePull'] as const)
      expect((await refusalOf(app.call(name, { folder: dir }))).code).toBe('lock-missing');
  });
});
