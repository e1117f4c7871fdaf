import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { AppApi, CallArgs, CallResult } from '../../app/contract.ts';
import { picture } from '../engine/pictures.ts';
import { refusalOf, workspaceWorld } from './workspace-world.ts';

// Real engines and services: they take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

async function filled(names: readonly string[], options: Parameters<typeof workspaceWorld>[0] = {}) {
  const world = await workspaceWorld({ hasSandbox: true, ...options });
  const ids: string[] = [];
  for (const [index, filename] of names.entries()) {
    const { assetId } = await world.sandbox.addAsset(world.datasetId, {
      filename,
      content: { bytes: picture(index) },
      customMetadata: { camera: index % 2 === 0 ? 'front' : 'back' },
    });
    ids.push(assetId);
  }
  return { ...world, ids, of: { ...world.place, datasetId: world.datasetId } };
}

async function allAssets(app: AppApi, query: CallArgs<'datasetAssets'>): Promise<string[]> {
  const names: string[] = [];
  for (let token: string | null = null; ; ) {
    const page: CallResult<'datasetAssets'> = await app.call('datasetAssets', { ...query, token });
    names.push(...page.items.map(({ filename }) => filename));
    if (page.nextToken === null) return names;
    token = page.nextToken;
  }
}

describe('datasets', () => {
  test('are listed page by page, and told one by one', async () => {
    const { app, sandbox, place } = await workspaceWorld({ hasSandbox: true });
    for (let index = 0; index < 4; index++)
      sandbox.createDataset({ name: `More ${index}`, datasetId: `more-${index}` });
    const first = await app.call('datasets', { ...place, limit: 3 });
    expect(first.items).toHaveLength(3);
    const second = await app.call('datasets', { ...place, limit: 3, token: first.nextToken });
    expect(second.nextToken).toBeNull();
    expect(new Set([...first.items, ...second.items].map(({ datasetId }) => datasetId)).size).toBe(5);
    const { dataset } = await app.call('dataset', { ...place, datasetId: 'more-2' });
    expect(dataset).toMatchObject({ datasetId: 'more-2', name: 'More 2', assetTotal: 0, isLocked: false });
    expect(await app.call('dataset', { ...place, datasetId: 'none' })).toEqual({ dataset: null });
  });

  test('of an organization without an account are refused in words', async () => {
    const { app, place } = await workspaceWorld();
    expect(await refusalOf(app.call('datasets', place))).toMatchObject({ code: 'not-logged-in' });
  });

  test('of a service that is away, or asks to wait, are refused in words', async () => {
    const { app, place, sandbox } = await workspaceWorld({ hasSandbox: true });
    sandbox.faults = [
      { kind: 'status', status: 429, retryAfter: 7200, route: 'datasets.list', when: 'before' },
    ];
    expect(await refusalOf(app.call('datasets', place))).toMatchObject({
      title: 'The service asks to wait',
      suggestion: 'Try again in 7200 seconds.',
    });
    await sandbox.close();
    expect((await refusalOf(app.call('datasets', place))).title).toBe('The service can’t be reached');
  });
});

describe('assets', () => {
  const names = ['b.png', 'a.png', 'Ä-shelf.png', 'shelf-2.png', 'SHELF-3.png'];

  test('are listed in order, by page, by query', async () => {
    const { app, of } = await filled(names);
    expect(await allAssets(app, { ...of, limit: 2, sort: 'filename' })).toHaveLength(5);
    const sorted = await app.call('datasetAssets', { ...of, sort: 'filename', descending: true });
    expect(sorted.items.map(({ filename }) => filename)).toEqual([...names].sort().reverse());
    const front = await app.call('datasetAssets', { ...of, metadataQuery: 'camera == "front"' });
    expect(front.items).toHaveLength(3);
    expect(front.items[0]).toMatchObject({
      mime: 'image/png',
      width: 2,
      height: 1,
      annotations: 0,
      customMetadata: { camera: 'front' },
    });
  });

  test('are found by a part of their name, whatever its case, page after page', async () => {
    const { app, of } = await filled(names);
    const found = await allAssets(app, { ...of, search: 'shelf', limit: 2, sort: 'filename' });
    expect(found).toEqual(['SHELF-3.png', 'shelf-2.png', 'Ä-shelf.png']);
    expect(await allAssets(app, { ...of, search: 'ä-SH' })).toEqual(['Ä-shelf.png']);
    expect(await allAssets(app, { ...of, search: '%' })).toEqual([]);
    expect((await refusalOf(app.call('datasetAssets', { ...of, search: 'x', token: 'no' }))).code).toBe(
      'wrong-token',
    );
  });

  test('with a query that the service does not understand are refused in words', async () => {
    const { app, of } = await filled([]);
    const problem = await refusalOf(app.call('datasetAssets', { ...of, metadataQuery: 'camera ==' }));
    expect(problem.title).toBe('The service did not understand that');
  });

  test('are told as they are now; those that are gone are left out', async () => {
    const { app, of, ids, sandbox, datasetId } = await filled(['a.png', 'b.png']);
    sandbox.annotate(datasetId, 'b.png', { box: 3, tape: 1 });
    const [a = '', b = ''] = ids;
    await app.call('deleteAssets', { ...of, assetIds: [a], annotations: 0 });
    const { items } = await app.call('assetsNow', { ...of, assetIds: [b, a] });
    expect(items).toMatchObject([{ assetId: b, annotations: 4, annotationsByTag: { box: 3, tape: 1 } }]);
  });
});

describe('the deletion of assets', () => {
  test('takes what was shown, and tells of each; what is gone already counts as deleted', async () => {
    const { app, of, ids, sandbox, datasetId } = await filled(['a.png', 'b.png', 'c.png']);
    sandbox.annotate(datasetId, 'b.png', { box: 2 });
    const answer = await app.call('deleteAssets', {
      ...of,
      assetIds: [...ids.slice(0, 2), 'gone'],
      annotations: 2,
    });
    expect(answer.failed).toEqual([]);
    expect(new Set(answer.deleted)).toEqual(new Set([...ids.slice(0, 2), 'gone']));
    expect((await app.call('datasetAssets', of)).items.map(({ filename }) => filename)).toEqual(['c.png']);
  });

  test('is refused as a whole when more annotations are at stake than were shown', async () => {
    const { app, of, ids, sandbox, datasetId } = await filled(['a.png', 'b.png']);
    sandbox.annotate(datasetId, 'b.png', { box: 1 });
    const problem = await refusalOf(app.call('deleteAssets', { ...of, assetIds: ids, annotations: 0 }));
    expect(problem).toMatchObject({
      code: 'changed-meanwhile',
      detail: expect.stringContaining('1 annotations now, and had 0'),
    });
    expect((await app.call('datasetAssets', of)).items).toHaveLength(2);
  });

  test('leaves an asset alone that is annotated between the look at all and its own turn', async () => {
    const { app, of, ids, sandbox, datasetId } = await filled(['a.png']);
    // The second look at it comes late; meanwhile somebody annotates.
    sandbox.faults = [{ kind: 'delay', ms: 700, route: 'assets.get', skip: 1, times: 1 }];
    const answer = app.call('deleteAssets', { ...of, assetIds: ids, annotations: 0 });
    while (sandbox.requests['assets.get'] < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    sandbox.annotate(datasetId, 'a.png', { box: 1 });
    expect(await answer).toEqual({
      deleted: [],
      failed: [{ assetId: ids[0], reason: expect.stringContaining('changed meanwhile') }],
    });
    expect((await app.call('datasetAssets', of)).items).toHaveLength(1);
  });

  test('that fails for one asset goes on with the others, and says why', async () => {
    const { app, of, ids, sandbox } = await filled(['a.png', 'b.png', 'c.png']);
    sandbox.faults = [{ kind: 'status', status: 403, route: 'assets.delete', times: 1, when: 'before' }];
    const answer = await app.call('deleteAssets', { ...of, assetIds: ids, annotations: 0 });
    expect(answer.deleted).toHaveLength(2);
    expect(answer.failed).toMatchObject([{ reason: expect.stringMatching(/403/) }]);
  });

  test('is followed by the mirrors of the dataset at once: the files lie in the trash', async () => {
    const { app, of, ids, folder } = await filled(['a.png', 'b.png']);
    const root = await folder('images');
    const { mirrorId } = await app.call('addMirror', { ...of, folder: root, go: true });
    await app.call('settled', { mirrorId });
    expect((await fs.readdir(root)).filter((name) => !name.startsWith('.'))).toEqual(['a.png', 'b.png']);
    await app.call('deleteAssets', { ...of, assetIds: ids.slice(0, 1), annotations: 0 });
    await app.call('settled', { mirrorId });
    await expect(fs.stat(path.join(root, 'a.png'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await app.call('trash', { mirrorId })).items).toMatchObject([
      { path: 'a.png', reason: 'deleted-there' },
    ]);
  });
});
