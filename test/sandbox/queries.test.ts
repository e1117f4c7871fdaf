import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseLooseJson } from '../../app/sandbox/loose-json.ts';
import { parseQuery, QuerySyntaxError } from '../../app/sandbox/query-syntax.ts';
import { startSandbox } from '../../app/sandbox/sandbox.ts';
import { makeBmp } from './bmp.ts';
import { ApiCaller, withSandbox } from './with-sandbox.ts';

// Not published: this is the sandbox's own grammar, wide enough for what the docs and the official client show.

const assets = [
  {
    filename: 'Dock-1.bmp',
    width: 4,
    custom: { camera_type: 'aerial', height_m: 120, night: false, custom_field: 'value' },
  },
  { filename: 'dock-2.bmp', width: 8, custom: { camera_type: 'Aerial wide', height_m: '90', night: true } },
  {
    filename: 'street.bmp',
    width: 2,
    custom: { camera_type: 'ground', height_m: 2.5, 'odd "name"': 'x:y z' },
  },
  { filename: 'plain.bmp', width: 6, custom: {} },
] as const;

describe('queries', () => {
  let api: ApiCaller;

  beforeAll(async () => {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
    const sandbox = await startSandbox({ dataDir });
    sandbox.createDataset({ name: 'Dataset', datasetId: 'ds' });
    for (const { filename, width, custom } of assets) {
      await sandbox.addAsset('ds', {
        filename,
        content: { bytes: makeBmp(width, 1) },
        customMetadata: custom,
      });
    }
    sandbox.annotate('ds', 'street.bmp', { car: 2, person: 1 });
    api = new ApiCaller(sandbox);
    return async () => {
      await sandbox.close();
      await fs.rm(dataDir, { recursive: true, force: true });
    };
  });

  /** First letters of what is found, in the order of the dataset: D, d, s, p. */
  async function found(query: Record<string, string>): Promise<string> {
    return (await api.list(query)).items.map(({ filename }) => filename[0]).join('');
  }

  test.each([
    ['custom_field == "value"', 'D'],
    ["custom_field == 'value'", 'D'],
    ['custom_field = value', 'D'],
    ['camera_type:aerial', 'Dd'],
    ['camera_type == aerial', 'D'],
    ['camera_type != aerial', 'dsp'],
    ['height_m > 100', 'D'],
    ['height_m >= 90', 'Dd'],
    ['height_m < 90', 's'],
    ['height_m <= 90', 'ds'],
    ['height_m:90', 'd'],
    ['night == true', 'd'],
    ['night == false', 'D'],
    ['night:true or height_m < 3', 'ds'],
    ['camera_type:aerial and height_m > 100', 'D'],
    ['camera_type:aerial height_m>100', 'D'],
    ['camera_type:aerial && (night:true || height_m:120)', 'Dd'],
    ['camera_type:ground or camera_type:wide and night:true', 'ds'],
    ['not camera_type:aerial', 'sp'],
    ['not (camera_type:aerial or camera_type:ground)', 'p'],
    ['"odd \\"name\\"" == "x:y z"', 's'],
    ['missing == 1', ''],
    ['missing != 1', 'Ddsp'],
    ['filename:dock', ''],
    ['', 'Ddsp'],
  ])('metadataQuery %s', async (metadataQuery, expected) => {
    expect(await found({ metadataQuery })).toBe(expected);
  });

  test.each([
    ['camera_type:aerial', 'D'],
    ['camera_type == Aerial', ''],
    ['height_m == 90', ''],
    ['height_m == "90"', 'd'],
    ['height_m > 80', 'D'],
    ['night == "true"', ''],
    ['night == true', 'd'],
  ])('metadataQuery %s, strict', async (metadataQuery, expected) => {
    expect(await found({ metadataQuery, strictQuery: 'y' })).toBe(expected);
  });

  test.each([
    ['metadata.width > 4', 'dp'],
    ['width >= 4 and width < 8', 'Dp'],
    ['metadata.mimeType == image/bmp', 'Ddsp'],
    ['fileSize >= 70', 'Ddp'],
    ['file_size <= 62', 's'],
    ['tag:car', 's'],
    ['annotations.total == 0', 'Ddp'],
    ['filename:DOCK', 'Dd'],
    ['kind == Image', 'Ddsp'],
    ['status:ready', 'Ddsp'],
    ['camera_type:ground', 's'],
    ['customMetadata.camera_type:ground', 's'],
    ['metadata.customMetadata.camera_type:ground', 's'],
  ])('ruleQuery and filter %s', async (query, expected) => {
    expect(await found({ ruleQuery: query })).toBe(expected);
    expect(await found({ filter: query })).toBe(expected);
  });

  test.each([
    ['dock', 'Dd'],
    ['"dock-2"', 'd'],
    ['dock or plain', 'Ddp'],
    ['{"filename": "street.bmp"}', 's'],
    ['{"filename": ["street.bmp", "plain.bmp"]}', 'sp'],
    ['{"width": {">": 2, "<=": 6}}', 'Dp'],
    ['{"tag": "car"}', 's'],
    ['{"or": [{"tag": "car"}, {"width": 6}]}', 'sp'],
    ['{"and": [{"filename": {":": "dock"}}, {"not": {"width": 4}}]}', 'd'],
    ['{}', 'Ddsp'],
    // As the official client puts a dictionary into the URL.
    ["{'file_type': 'image/bmp', 'night': True}", 'd'],
    ["{'filename': {':': 'dock'}, 'not': {'night': False}}", 'd'],
  ])('filter %s', async (filter, expected) => {
    expect(await found({ filter })).toBe(expected);
  });

  test('all conditions must hold', async () => {
    expect(await found({ filter: 'dock', metadataQuery: 'night:true', ruleQuery: 'width > 1' })).toBe('d');
    expect(await found({ filter: 'dock', metadataQuery: 'camera_type:ground' })).toBe('');
  });

  test('pages of a query have neighbours only where more is found', async () => {
    const first = await api.list({ filter: 'dock', s: '1' });
    expect(first).toMatchObject({ items: [{ filename: 'Dock-1.bmp' }] });
    const second = await api.list({ filter: 'dock', s: '1', p: first.nextPage ?? '' });
    expect(second).toMatchObject({ items: [{ filename: 'dock-2.bmp' }] });
    expect(second.nextPage).toBeUndefined();
    expect(await api.list({ filter: 'dock', s: '1', p: second.prevPage ?? '' })).toEqual(first);
  });

  test.each([
    'a ==',
    '(a == 1',
    'a == "1',
    '== 1',
    'a == 1)',
    'a > > 1',
    'or',
    '{"a": }',
    '{"a": {"~": 1}}',
    '{"a": null}',
    '{"a": [1',
  ])('what can not be read is refused: %s', async (filter) => {
    const response = await api.fetch(`${api.dataset}/assets?${new URLSearchParams({ filter })}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'ValidationFailed' });
  });

  test('a query of absurd length or depth is refused, not suffered', async () => {
    expect(() => parseQuery(`${'('.repeat(20_000)}a${')'.repeat(20_000)}`)).toThrow(QuerySyntaxError);
    expect(() => parseQuery('not '.repeat(20_000))).toThrow(QuerySyntaxError);
    expect(() => parseLooseJson(`${'['.repeat(5_000)}`)).toThrow(QuerySyntaxError);
    const { api: other } = await withSandbox();
    const response = await other.fetch(`${other.dataset}/deleteManyAssetsSessions`, 'POST', {
      spec: { filter: 'a '.repeat(50_000) },
    });
    expect(response.status).toBe(400);
  });
});
