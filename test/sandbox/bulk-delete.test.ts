import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeBmp } from './bmp.ts';
import { ApiCaller, withSandbox } from './with-sandbox.ts';

const sessionJson = z.object({
  selfLink: z.string(),
  status: z.object({ conditions: z.array(z.object({ condition: z.string(), status: z.string() })) }),
});

async function withAssets() {
  const { sandbox, api, dataDir } = await withSandbox();
  for (let index = 0; index < 6; index++) {
    await sandbox.addAsset('ds', {
      filename: `${index}.bmp`,
      content: { bytes: makeBmp(index + 1, 1) },
      customMetadata: { quality: index % 2 === 0 ? 'low' : 'high' },
    });
  }
  sandbox.annotate('ds', '0.bmp', { cat: 2 });
  sandbox.annotate('ds', '1.bmp', { cat: 1 });
  return { sandbox, api, dataDir };
}

/** Deletes and waits until every condition is reached, as the official client does. */
async function deleteMany(api: ApiCaller, spec: unknown): Promise<void> {
  let session = sessionJson.parse(
    await api.json(`${api.dataset}/deleteManyAssetsSessions`, 'POST', { spec }),
  );
  while (session.status.conditions.some(({ status }) => status !== 'Reached')) {
    session = sessionJson.parse(await api.json(session.selfLink));
  }
}

async function left(api: ApiCaller): Promise<string> {
  return (await api.list()).items.map(({ filename }) => filename[0]).join('');
}

describe('a bulk delete', () => {
  test.each([
    [{ filter: { filename: '2.bmp' } }, '01345'],
    [{ filter: 'width > 3' }, '012'],
    [{ metadataQuery: 'quality:low' }, '135'],
    [{ ruleQuery: 'annotations.total > 0' }, '2345'],
    [{ metadataQuery: 'quality:LO', strictQuery: true }, '012345'],
    [{ filter: 'width > 3', metadataQuery: 'quality == high' }, '0124'],
    // The danger of the service: without any condition, everything goes.
    [{}, ''],
    [{ filter: null, metadataQuery: null, ruleQuery: null, strictQuery: null }, ''],
    [{ filter: '' }, ''],
  ])('of %j', async (spec, expected) => {
    const { api } = await withAssets();
    await deleteMany(api, spec);
    expect(await left(api)).toBe(expected);
  });

  test('takes annotations, data rows and files with it', async () => {
    const { sandbox, api, dataDir } = await withAssets();
    expect(sandbox.dataRows().used).toBe(6 * 5 + 3);
    await deleteMany(api, { metadataQuery: 'quality:low' });
    expect(sandbox.dataRows().used).toBe(3 * 5 + 1);
    expect(await api.statistic()).toEqual({
      assetTotal: 3,
      annotationTotal: 1,
      assetAnnotated: 1,
      tagsCount: { cat: 1 },
    });
    await expect
      .poll(async () => {
        const entries = await readdir(path.join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).length;
      })
      .toBe(3);
  });

  test('of what can not be read is refused, and deletes nothing', async () => {
    const { api } = await withAssets();
    for (const spec of [{ filter: 'a ==' }, { filter: 3 }, { metadataQuery: '(' }, undefined]) {
      const response = await api.fetch(`${api.dataset}/deleteManyAssetsSessions`, 'POST', { spec });
      expect(response.status).toBe(400);
    }
    expect(await left(api)).toBe('012345');
  });

  test('of another dataset stays there', async () => {
    const { sandbox, api } = await withAssets();
    sandbox.createDataset({ name: 'Other', datasetId: 'other' });
    await deleteMany(new ApiCaller(sandbox, 'other'), {});
    expect(await left(api)).toBe('012345');
  });
});

describe('a single delete', () => {
  test('takes annotations, data rows and the file with it', async () => {
    const { sandbox, api, dataDir } = await withAssets();
    const { selfLink } = await api.asset('0.bmp');
    expect((await api.fetch(selfLink, 'DELETE')).status).toBe(200);
    expect((await api.fetch(selfLink)).status).toBe(404);
    expect(sandbox.dataRows().used).toBe(5 * 5 + 1);
    expect(await api.statistic()).toMatchObject({ assetTotal: 5, annotationTotal: 1, assetAnnotated: 1 });
    const entries = await readdir(path.join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toHaveLength(5);
  });
});
