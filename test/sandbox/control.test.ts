import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { seedDataset, startSandbox } from '../../app/sandbox/sandbox.ts';
import { makeBmp } from './bmp.ts';
import { ApiCaller, tempFolder, withSandbox } from './with-sandbox.ts';

describe('the sandbox from outside (/sandbox)', () => {
  test('makes datasets', async () => {
    const { api } = await withSandbox();
    expect(
      await api.json('/sandbox/datasets', 'POST', { name: 'New', datasetId: 'new-one', type: 'vqa' }),
    ).toEqual({
      datasetId: 'new-one',
    });
    expect(await api.json(api.dataset.replace(/ds$/, 'new-one'))).toMatchObject({ name: 'New', type: 'vqa' });
    for (const body of [
      { name: 'New', datasetId: 'new-one' },
      { name: 'New', datasetId: 'a_b' },
      { name: '' },
      {},
    ]) {
      expect((await api.fetch('/sandbox/datasets', 'POST', body)).status).toBe(400);
    }
  });

  test('annotates assets by name or ID, in place of what was there', async () => {
    const { sandbox, api } = await withSandbox();
    const { assetId } = await sandbox.addAsset('ds', {
      filename: 'a.bmp',
      content: { bytes: makeBmp(1, 1) },
    });
    await api.json('/sandbox/annotations', 'POST', {
      datasetId: 'ds',
      asset: 'a.bmp',
      tags: { cat: 2, dog: 0 },
    });
    const first = await api.asset('a.bmp');
    expect(first.metadata.annotations).toEqual({ withTag: { cat: 2 }, total: 2 });
    await api.json('/sandbox/annotations', 'POST', { datasetId: 'ds', asset: assetId, tags: { dog: 1 } });
    const second = await api.asset('a.bmp');
    expect(second.metadata.annotations).toEqual({ withTag: { dog: 1 }, total: 1 });
    expect(second.etag).not.toBe(first.etag);
    expect(await api.statistic()).toEqual({
      assetTotal: 1,
      annotationTotal: 1,
      assetAnnotated: 1,
      tagsCount: { dog: 1 },
    });
    expect(await api.json('/sandbox/data-rows')).toEqual({ used: 6, limit: 10_000_000 });
    for (const body of [
      { datasetId: 'ds', asset: 'none', tags: {} },
      { datasetId: 'none', asset: 'a.bmp', tags: {} },
      { datasetId: 'ds', asset: 'a.bmp', tags: { cat: -1 } },
    ]) {
      expect((await api.fetch('/sandbox/annotations', 'POST', body)).status).toBe(400);
    }
  });

  test('turns switches', async () => {
    const { sandbox, api } = await withSandbox();
    expect(
      await api.json('/sandbox/switches', 'PATCH', { deleteMissing: 'ok', sessionBudget: null }),
    ).toMatchObject({
      deleteMissing: 'ok',
      hashAlgorithm: 'sha256',
    });
    expect(sandbox.switches).toMatchObject({ deleteMissing: 'ok', sessionBudget: null });
    expect(await api.json('/sandbox/switches')).toEqual(sandbox.switches);
    for (const body of [{ deleteMissing: 'maybe' }, { unknown: 1 }, { urlLifetimeMs: -1 }]) {
      expect((await api.fetch('/sandbox/switches', 'PATCH', body)).status).toBe(400);
    }
    expect(sandbox.switches.deleteMissing).toBe('ok');
  });

  test('sets, adds and takes away faults', async () => {
    const { sandbox, api } = await withSandbox();
    await api.json('/sandbox/faults', 'PUT', [
      { kind: 'status', status: 500, route: 'datasets.get', times: 1 },
    ]);
    expect((await api.fetch(api.dataset)).status).toBe(500);
    expect((await api.fetch(api.dataset)).status).toBe(200);
    await api.json('/sandbox/faults', 'POST', { kind: 'status', status: 503 });
    await api.json('/sandbox/faults', 'POST', [{ kind: 'delay', ms: 1 }]);
    expect(await api.json('/sandbox/faults')).toHaveLength(3);
    expect(sandbox.faults.map(({ kind }) => kind)).toEqual(['status', 'status', 'delay']);
    expect((await api.fetch('/workspaces')).status).toBe(503);
    await api.json('/sandbox/faults', 'DELETE');
    expect(sandbox.faults).toEqual([]);
    expect((await api.fetch('/workspaces')).status).toBe(200);
    expect((await api.fetch('/sandbox/faults', 'POST', { kind: 'status' })).status).toBe(400);
  });

  test('counts requests by what they are for', async () => {
    const { sandbox, api } = await withSandbox();
    await api.upload([{ filename: 'a.bmp', content: makeBmp(2, 2) }]);
    const { selfLink, contents } = await api.asset('a.bmp');
    await fetch(contents?.asset.url ?? '');
    await fetch(contents?.thumbnail.url ?? '');
    await api.fetch(selfLink);
    await api.fetch(selfLink, 'DELETE');
    await api.fetch(api.dataset);
    await api.fetch('/workspaces');
    await api.fetch(`/workspaces/${sandbox.organizationId}`);
    await api.fetch(`/workspaces/${sandbox.organizationId}/datasets`);
    const counts = await api.json('/sandbox/requests');
    expect(counts).toMatchObject({
      'organizations.list': 1,
      'organizations.get': 1,
      'datasets.list': 1,
      'datasets.get': 1,
      'assets.list': 1,
      'assets.get': 1,
      'assets.delete': 1,
      'sessions.create': 1,
      'bulkDelete.create': 0,
      upload: 1,
      download: 1,
      thumbnail: 1,
    });
    expect(sandbox.requests).toEqual(counts);
  });

  test('knows nothing else', async () => {
    const { api } = await withSandbox();
    expect((await api.fetch('/sandbox/nothing')).status).toBe(404);
  });
});

describe('seeding', () => {
  async function folder() {
    const root = await tempFolder();
    await fs.mkdir(path.join(root, 'train', 'deep'), { recursive: true });
    await fs.mkdir(path.join(root, '.hidden'));
    await fs.writeFile(path.join(root, 'a.bmp'), makeBmp(2, 2));
    await fs.writeFile(path.join(root, 'notes.txt'), 'words');
    await fs.writeFile(path.join(root, 'words.jpg'), 'words');
    await fs.writeFile(path.join(root, 'train', 'b.bmp'), makeBmp(2, 2, 1));
    await fs.writeFile(path.join(root, 'train', 'deep', 'a.bmp'), makeBmp(2, 2, 2));
    await fs.writeFile(path.join(root, '.hidden', 'c.bmp'), makeBmp(2, 2, 3));
    return root;
  }

  test('puts the images of a folder in, one for each name, and says what it left out', async () => {
    const { sandbox, api } = await withSandbox();
    const root = await folder();
    const result = await seedDataset(sandbox, 'ds', root);
    expect(result.added).toBe(2);
    expect(result.skipped).toEqual([
      {
        path: path.join(root, 'train', 'deep', 'a.bmp'),
        reason: expect.stringContaining(path.join(root, 'a.bmp')),
      },
      { path: path.join(root, 'words.jpg'), reason: expect.any(String) },
    ]);
    expect((await api.list()).items.map(({ filename }) => filename)).toEqual(['a.bmp', 'b.bmp']);
    const { contents } = await api.asset('a.bmp');
    const download = await fetch(contents?.asset.url ?? '');
    expect(Buffer.from(await download.arrayBuffer())).toEqual(makeBmp(2, 2));
  });

  test('works from outside, and again', async () => {
    const { api } = await withSandbox();
    const root = await folder();
    for (let count = 0; count < 2; count++) {
      expect(await api.json('/sandbox/seed', 'POST', { datasetId: 'ds', folder: root })).toMatchObject({
        added: 2,
      });
      expect(await api.statistic()).toMatchObject({ assetTotal: 2 });
    }
    expect((await api.fetch('/sandbox/seed', 'POST', { datasetId: 'none', folder: root })).status).toBe(400);
  });
});

describe('an asset that is put in directly', () => {
  test('keeps the bytes of the caller, large or small', async () => {
    const { sandbox, api } = await withSandbox();
    for (const content of [makeBmp(3, 3), makeBmp(512, 512)]) {
      const before = Buffer.from(content);
      await sandbox.addAsset('ds', { filename: 'a.bmp', content: { bytes: content } });
      expect(content.equals(before)).toBe(true);
      expect((await api.asset('a.bmp')).metadata.fileSize).toBe(before.length);
    }
  });

  test('can come from a file on disk', async () => {
    const { sandbox, api } = await withSandbox();
    const file = path.join(await tempFolder(), 'x');
    await fs.writeFile(file, makeBmp(700, 600));
    await sandbox.addAsset('ds', { filename: 'big.bmp', content: { path: file } });
    expect((await api.asset('big.bmp')).metadata).toMatchObject({ width: 700, height: 600 });
    await expect(
      sandbox.addAsset('ds', { filename: 'none.bmp', content: { path: `${file}-none` } }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(sandbox.addAsset('none', { filename: 'none.bmp', content: { path: file } })).rejects.toThrow(
      'no dataset',
    );
  });
});

describe('a data folder', () => {
  test('is of one sandbox at a time', async () => {
    const { dataDir } = await withSandbox();
    await expect(startSandbox({ dataDir })).rejects.toThrow('Another sandbox');
  });

  test('keeps organization, key, assets and URLs', async () => {
    const { sandbox, api, dataDir } = await withSandbox();
    await api.upload([{ filename: 'a.bmp', content: makeBmp(2, 2) }]);
    sandbox.annotate('ds', 'a.bmp', { cat: 1 });
    const before = await api.asset('a.bmp');
    await sandbox.close();
    const again = await startSandbox({ dataDir, port: sandbox.port });
    expect(again).toMatchObject({ organizationId: sandbox.organizationId, secretKey: sandbox.secretKey });
    const after = await new ApiCaller(again).asset('a.bmp');
    expect(after.metadata).toEqual(before.metadata);
    const download = await fetch(before.contents?.asset.url ?? '');
    expect(download.status).toBe(200);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(makeBmp(2, 2));
    await again.close();
  });

  test('is closed in order while uploads still run: nothing of them remains', async () => {
    const { sandbox, api, dataDir } = await withSandbox({
      faults: [{ kind: 'slow', route: 'upload', bytesPerSecond: 400_000 }],
    });
    const content = makeBmp(512, 512);
    const session = await api.begin([{ filename: 'a.bmp', content }], { skip: ['a.bmp'] });
    const putting = api.put(session, 0, content);
    const refused = expect(putting).rejects.toThrow();
    await expect.poll(() => sandbox.requests.upload).toBe(1);
    await sandbox.close();
    await refused;
    const entries = await fs.readdir(path.join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toEqual([]);
    const again = await startSandbox({ dataDir });
    expect(await new ApiCaller(again).session(session.selfLink)).toMatchObject({
      status: { progressCount: { total: 1, succeeded: 0, errored: 0 } },
    });
    await again.close();
  });

  test('closing twice is closing once', async () => {
    const { sandbox } = await withSandbox();
    await Promise.all([sandbox.close(), sandbox.close()]);
    await expect(fetch(sandbox.endpoint)).rejects.toThrow();
  });
});
