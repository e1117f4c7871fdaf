import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../app/sandbox/sandbox.ts';
import {
  FailureMode,
  ResourceRetentionMode,
  type RetryEvent,
  SortCriterion,
  SortOrder,
  sessionState,
  ViAuthenticationError,
  ViClient,
  type ViClientOptions,
  ViNotFoundError,
  ViResponseError,
  ViServerError,
} from '../../app/vi/index.ts';
import { fixturePath, goodFixtures } from '../fixtures/index.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { collect, rejectionOf } from './wire-server.ts';

// The client and the sandbox against each other. That neither bends the wire to the other is for the tests of hand-written JSON.

let folder: string;
let pictures: string;
let saveDir: string;
let sandbox: Sandbox;
let client: ViClient;

async function start(options: Partial<SandboxOptions> = {}): Promise<void> {
  sandbox = await startSandbox({ dataDir: join(folder, 'sandbox'), onFailure: () => undefined, ...options });
  sandbox.createDataset({ name: 'Streets', datasetId: 'ds' });
  client = connect();
}

function connect(options: ViClientOptions = {}): ViClient {
  const { endpoint, organizationId, secretKey } = sandbox;
  return new ViClient({
    endpoint,
    organizationId,
    secretKey,
    env: {},
    retry: { baseMs: 1, capMs: 5 },
    ...options,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
  pictures = join(folder, 'pictures');
  saveDir = join(folder, 'save');
  await mkdir(pictures);
});
afterEach(async () => {
  await client.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

const upload = (options: Partial<Parameters<ViClient['assets']['upload']>[0]> = {}) =>
  client.assets.upload({
    datasetId: 'ds',
    paths: pictures,
    failureMode: FailureMode.FAIL_AFTER_ALL,
    ...options,
  });
const download = (options: Partial<Parameters<ViClient['assets']['download']>[0]> = {}) =>
  client.assets.download({ datasetId: 'ds', saveDir, ...options });

/** All files of a folder with their bytes. */
async function contentsOf(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of (await readdir(directory)).sort())
    files.set(name, (await readFile(join(directory, name))).toString('hex'));
  return files;
}

async function filenames(
  options: Partial<Parameters<ViClient['assets']['list']>[0]> = {},
): Promise<string[]> {
  const names: string[] = [];
  for await (const { filename } of client.assets.list({ datasetId: 'ds', ...options }).allItems())
    names.push(filename);
  return names;
}

async function allFormats(): Promise<void> {
  for (const { file } of goodFixtures) {
    const name = basename(file);
    await cp(fixturePath(file), join(pictures, `${name.replace('.', '-')}${name.slice(name.indexOf('.'))}`));
  }
}

describe('a folder that is uploaded and downloaded', () => {
  beforeEach(() => start());

  test('comes back to the byte, in every format', async () => {
    await allFormats();
    const result = await upload();
    expect(result.failures).toEqual([]);
    expect(result).toMatchObject({ totalFiles: 14, totalSucceeded: 14 });
    expect(sessionState(result.sessions[0] ?? { status: { conditions: [] } })).toBe('finished');
    const got = await download();
    expect(got).toMatchObject({ totalDownloaded: 14, totalFailed: 0, unverified: [] });
    expect(await contentsOf(join(saveDir, 'ds'))).toEqual(await contentsOf(pictures));
    expect(await download()).toMatchObject({ totalDownloaded: 0, totalSkipped: 14 });
  });

  test('gives assets with all that is known about them', async () => {
    await cp(fixturePath('good/scene.png'), join(pictures, 'a.png'));
    await upload({ customMetadata: { camera: 'front', run: 7 } });
    sandbox.annotate('ds', 'a.png', { car: 2, tree: 1 });
    const [listed] = (await client.assets.list({ datasetId: 'ds' })).items;
    const asset = await client.assets.get({
      datasetId: 'ds',
      assetId: listed?.assetId ?? '',
      contents: true,
    });
    expect(asset).toMatchObject({
      filename: 'a.png',
      kind: 'Image',
      datasetId: 'ds',
      organizationId: sandbox.organizationId,
    });
    expect(asset.metadata).toMatchObject({
      width: 64,
      height: 48,
      frames: 1,
      mimeType: 'image/png',
      annotations: { total: 3, withTag: { car: 2, tree: 1 } },
      customMetadata: { camera: 'front', run: 7 },
      dimensions: { width: 64, height: 48 },
      hash: { algorithm: 'sha256' },
    });
    expect(asset.contents?.asset?.url).toContain(sandbox.endpoint);
    expect(asset.contents?.thumbnail?.expiry).toBeGreaterThan(Date.now());
  });

  test('is refused file by file where its content is wrong', async () => {
    await cp(fixturePath('good/scene.png'), join(pictures, 'good.png'));
    await cp(fixturePath('hostile/truncated.png'), join(pictures, 'cut.png'));
    await cp(fixturePath('hostile/text-named.jpg'), join(pictures, 'text.jpg'));
    const result = await upload();
    expect(result).toMatchObject({ totalSucceeded: 1, totalFailed: 2 });
    expect(result.failures.map(({ filename, code }) => [filename, code])).toEqual([
      ['cut.png', expect.stringMatching(/^E/)],
      ['text.jpg', 'WrongContent'],
    ]);
  });

  test('that is uploaded again tells that it is there already', async () => {
    await cp(fixturePath('good/scene.png'), join(pictures, 'a.png'));
    await upload();
    const again = await upload();
    expect(again.failures[0]).toMatchObject({ filename: 'a.png', code: 'EALREADY' });
  });

  test('keeps or drops annotations as it is told', async () => {
    await cp(fixturePath('good/scene.png'), join(pictures, 'a.png'));
    await upload();
    sandbox.annotate('ds', 'a.png', { car: 2 });
    const total = async () =>
      (await client.assets.list({ datasetId: 'ds' })).items[0]?.metadata.annotations?.total;
    await cp(fixturePath('variants/gray.png'), join(pictures, 'a.png'));
    await upload({ onAssetOverwritten: ResourceRetentionMode.KEEP_LINKED_RESOURCES });
    expect(await total()).toBe(2);
    await cp(fixturePath('good/scene.png'), join(pictures, 'a.png'));
    await upload({ onAssetOverwritten: ResourceRetentionMode.REMOVE_LINKED_RESOURCE });
    expect(await total()).toBe(0);
  });
});

describe('a dataset', () => {
  beforeEach(async () => {
    await start();
    await makeManyImages(pictures, { count: 25 });
    await upload({
      customMetadata: ({ filename }) => ({ half: filename < 'image-00013' ? 'first' : 'second' }),
    });
  });

  test('is listed in pages of any size, forwards and backwards', async () => {
    const all = await filenames({ sortBy: { criterion: SortCriterion.FILENAME } });
    expect(all).toHaveLength(25);
    for (const pageSize of [1, 7, 25, 1000]) {
      expect(
        await filenames({ sortBy: { criterion: SortCriterion.FILENAME }, pagination: { pageSize } }),
      ).toEqual(all);
    }
    const options = { datasetId: 'ds', sortBy: { criterion: SortCriterion.FILENAME } };
    const first = await client.assets.list({ ...options, pagination: { pageSize: 10 } });
    const second = await client.assets.list({
      ...options,
      pagination: { pageSize: 10, pageToken: first.nextPage ?? '' },
    });
    const back = await client.assets.list({
      ...options,
      pagination: { pageSize: 10, pageToken: second.prevPage ?? '' },
    });
    expect(back.items.map(({ filename }) => filename)).toEqual(first.items.map(({ filename }) => filename));
  });

  for (const criterion of Object.values(SortCriterion)) {
    test(`is sorted by ${criterion}, both ways`, async () => {
      const up = await filenames({ sortBy: { criterion, order: SortOrder.ASC } });
      const down = await filenames({ sortBy: { criterion, order: SortOrder.DESC } });
      expect(down).toHaveLength(25);
      expect([...up].sort()).toEqual([...down].sort());
      if (criterion === SortCriterion.FILENAME) expect(down).toEqual([...up].reverse());
    });
  }

  test('is queried by metadata, for a listing, a download and a bulk deletion', async () => {
    const metadataQuery = 'half == "first"';
    expect(await filenames({ metadataQuery })).toHaveLength(12);
    expect(await download({ metadataQuery })).toMatchObject({ totalDownloaded: 12 });
    await client.assets.deleteMany({ datasetId: 'ds', metadataQuery });
    expect(await filenames()).toHaveLength(13);
  });

  test('loses an asset that is deleted, once', async () => {
    const [asset] = (await client.assets.list({ datasetId: 'ds' })).items;
    const one = { datasetId: 'ds', assetId: asset?.assetId ?? '' };
    expect(await client.assets.delete(one)).toMatchObject({ deleted: true });
    await rejectionOf(ViNotFoundError, client.assets.delete(one));
    await rejectionOf(ViNotFoundError, client.assets.get(one));
    expect(await filenames()).toHaveLength(24);
  });

  test('tells its statistics, and belongs to an organization', async () => {
    const dataset = await client.datasets.get({ datasetId: 'ds' });
    expect(dataset).toMatchObject({
      datasetId: 'ds',
      name: 'Streets',
      content: 'Image',
      status: 0,
      statistic: { assetTotal: 25 },
    });
    expect((await collect(client.datasets.list().allItems())).map(({ datasetId }) => datasetId)).toEqual([
      'ds',
    ]);
    const [organization] = await collect(client.organizations.list().allItems());
    expect(organization?.organizationId).toBe(sandbox.organizationId);
    expect((await client.organizations.get()).organizationId).toBe(sandbox.organizationId);
  });
});

describe('whichever way the service works', () => {
  const settings: [string, Partial<SandboxOptions['switches']>][] = [
    ['hashes are MD5 in base64', { hashAlgorithm: 'md5', hashEncoding: 'base64' }],
    ['hashes are SHA-1', { hashAlgorithm: 'sha1' }],
    ['hashes are CRC-32C', { hashAlgorithm: 'crc32c', hashEncoding: 'base64' }],
    [
      'files finish in another order, slowly',
      { finishOrder: 'shuffled', fileProcessingMs: 5, sessionMinimumMs: 300 },
    ],
    ['its clock is an hour ahead', { clockOffsetMs: 3_600_000 }],
    ['its clock is an hour behind', { clockOffsetMs: -3_600_000 }],
  ];
  for (const [what, switches] of settings) {
    test(`${what}: a folder comes back to the byte, verified`, async () => {
      await start({ switches: switches ?? {} });
      await allFormats();
      expect(await upload()).toMatchObject({ totalSucceeded: 14, totalFailed: 0 });
      expect(await download()).toMatchObject({ totalDownloaded: 14, totalFailed: 0, unverified: [] });
      expect(await contentsOf(join(saveDir, 'ds'))).toEqual(await contentsOf(pictures));
    });
  }

  test('it tells no hash: files are checked by size, and said to be unverified', async () => {
    await start({ switches: { hashAlgorithm: 'none' } });
    await makeManyImages(pictures, { count: 3 });
    await upload();
    const result = await download();
    expect(result).toMatchObject({ totalDownloaded: 3 });
    expect(result.unverified).toHaveLength(3);
  });

  test('the budget of sessions is spent: the upload waits as long as it is told', async () => {
    await start({ switches: { sessionBudget: { sessions: 1, windowMs: 1500 } } });
    await makeManyImages(pictures, { count: 2 });
    const events: RetryEvent[] = [];
    const patient = connect({ onRetry: (event) => events.push(event) });
    await patient.assets.upload({ datasetId: 'ds', paths: join(pictures, 'image-00001.jpg') });
    const result = await patient.assets.upload({ datasetId: 'ds', paths: join(pictures, 'image-00002.png') });
    expect(result.totalSucceeded).toBe(1);
    expect(events[0]?.error.status).toBe(429);
    expect(events[0]?.error.retryAfter).toBeGreaterThan(0);
    await patient.close();
  });

  test('URLs live shorter than the upload takes: other sessions go on with the rest', async () => {
    await start({ switches: { urlLifetimeMs: 400 }, faults: [{ kind: 'delay', ms: 60, route: 'upload' }] });
    await makeManyImages(pictures, { count: 20 });
    const careful = connect({ uploadConcurrency: 2 });
    const result = await careful.assets.upload({
      datasetId: 'ds',
      paths: pictures,
      failureMode: 'FailAfterAll',
    });
    expect(result).toMatchObject({ totalSucceeded: 20, totalFailed: 0, totalPending: 0 });
    expect(result.sessions.length).toBeGreaterThan(1);
    expect(await filenames({ pagination: { pageSize: 100 } })).toHaveLength(20);
    await careful.close();
  });
});

describe('whatever goes wrong on the way', () => {
  test('with an upload, it is up in the end, and to the byte', async () => {
    await start();
    await makeManyImages(pictures, { count: 12, bytesEach: 40_000 });
    sandbox.faults = [
      { kind: 'status', status: 503, route: 'sessions.create', times: 1, when: 'before' },
      { kind: 'reset', route: 'upload', times: 3 },
      { kind: 'status', status: 500, route: 'upload', times: 3 },
      { kind: 'status', status: 429, retryAfter: 0, route: 'sessions.get', times: 2 },
      { kind: 'reset', route: 'sessions.get', times: 1 },
    ];
    const result = await upload();
    expect(result.failures).toEqual([]);
    expect(result.totalSucceeded).toBe(12);
    sandbox.faults = [];
    await download();
    expect(await contentsOf(join(saveDir, 'ds'))).toEqual(await contentsOf(pictures));
  });

  test('with a download, it is down in the end, and to the byte', async () => {
    await start();
    await makeManyImages(pictures, { count: 12, bytesEach: 40_000 });
    await upload();
    sandbox.faults = [
      { kind: 'reset', route: 'download', afterBytes: 10_000, times: 3 },
      { kind: 'truncate', route: 'download', times: 2 },
      { kind: 'corrupt', route: 'download', times: 2 },
      { kind: 'expired-url', route: 'download', times: 3 },
      { kind: 'status', status: 503, route: 'assets.list', times: 2 },
    ];
    const result = await download();
    expect(result.failures).toEqual([]);
    expect(await contentsOf(join(saveDir, 'ds'))).toEqual(await contentsOf(pictures));
  });

  test('with the service’s word about an asset, the asset is not saved', async () => {
    await start();
    await makeManyImages(pictures, { count: 3 });
    await upload();
    sandbox.faults = [
      { kind: 'wrong-hash', filename: 'image-00001.jpg' },
      { kind: 'wrong-size', filename: 'image-00002.png', by: -1 },
    ];
    const result = await download();
    expect(result).toMatchObject({ totalDownloaded: 1, totalFailed: 2 });
    expect(result.failures.map(({ code }) => code)).toEqual(['ContentMismatch', 'ContentMismatch']);
    expect(await readdir(join(saveDir, 'ds'))).toEqual(['image-00003.jpg']);
  });

  test('with an answer, it is a typed error', async () => {
    await start();
    const list = () => client.assets.list({ datasetId: 'ds' });
    sandbox.faults = [{ kind: 'malformed-json', route: 'assets.list' }];
    await rejectionOf(ViResponseError, list());
    sandbox.faults = [{ kind: 'html', route: 'assets.list' }];
    await rejectionOf(ViResponseError, list());
    sandbox.faults = [{ kind: 'html', status: 502, route: 'assets.list' }];
    await rejectionOf(ViServerError, list());
  });

  test('with a file in the service, the file is named with its code', async () => {
    await start();
    await makeManyImages(pictures, { count: 4 });
    sandbox.faults = [{ kind: 'ingestion-error', filename: 'image-00002.png', code: 'ENOQUOTA' }];
    const result = await upload();
    expect(result).toMatchObject({ totalSucceeded: 3, totalFailed: 1 });
    expect(result.failures[0]).toMatchObject({ filename: 'image-00002.png', code: 'ENOQUOTA' });
    expect(result.failures[0]?.message).toContain('quota');
  });

  test('with the first of many files, an upload that stops there says what it knows', async () => {
    await start();
    await makeManyImages(pictures, { count: 8 });
    sandbox.faults = [{ kind: 'ingestion-error', filename: 'image-00001.jpg', code: 'ECORRUPT' }];
    const result = await upload({ failureMode: FailureMode.FAIL_AFTER_ONE });
    expect(result.failures.map(({ filename, code }) => [filename, code])).toContainEqual([
      'image-00001.jpg',
      'ECORRUPT',
    ]);
    const { totalSucceeded, totalFailed, totalPending, notAttempted } = result;
    expect(totalSucceeded + totalFailed + totalPending + notAttempted.length).toBe(8);
    expect((await filenames()).length).toBe(totalSucceeded);
  });
});

test('hostile names that the dataset has are saved, each in a file of its own', async () => {
  await start();
  const hostile = [
    '../../up.png',
    '..',
    '/abs.png',
    'a\\b.png',
    'nul\0.png',
    'con.png',
    'dot.',
    'line\n.png',
    '%2e%2e',
    'x'.repeat(300),
  ];
  const bytes = await readFile(fixturePath('good/scene.png'));
  for (const filename of hostile) await sandbox.addAsset('ds', { filename, content: { bytes } });
  const result = await download();
  expect(result).toMatchObject({ totalDownloaded: hostile.length - 1, totalFailed: 1 });
  expect(result.failures[0]).toMatchObject({ code: 'NameImpossible' });
  expect(await readdir(join(saveDir, 'ds'))).toHaveLength(hostile.length - 1);
  expect((await readdir(folder)).sort()).toEqual(['pictures', 'sandbox', 'save']);
});

test('a key of the right form that the service does not know is refused', async () => {
  await start();
  const stranger = connect({ secretKey: `dtvi_${'x'.repeat(98)}` });
  expect((await rejectionOf(ViAuthenticationError, stranger.datasets.list())).status).toBe(401);
  await stranger.close();
});
