import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  Asset,
  AssetIngestionError,
  AssetKind,
  ConditionStatus,
  DatasetType,
  FailureMode,
  ResourceRetentionMode,
  sessionState,
  type ViClient,
  ViInvalidParameterError,
  ViTimeoutError,
} from '../../app/vi/index.ts';
import { assetJson, contentsJson, datasetJson, organizationJson, sessionJson } from './wire-samples.ts';
import {
  clientOf,
  collect,
  handled,
  refuse,
  rejection,
  rejectionOf,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

let server: WireServer;
let client: ViClient;
beforeEach(async () => {
  server = await startWireServer(() => assetJson);
  client = clientOf(server);
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const datasetPath = '/workspaces/org_1/datasets/org_1_ds-1';
const sessionsPath = `${datasetPath}/assetSources/managed/datature/transient/assetIngestionSessions`;

describe('get', () => {
  test('asks for one asset', async () => {
    await client.assets.get({ datasetId: 'ds-1', assetId: 'asset_1' });
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      path: `${datasetPath}/assets/asset_1`,
      search: '',
    });
  });

  test('with contents gives signed URLs', async () => {
    server.answer = () => ({ ...assetJson, contents: contentsJson });
    const asset = await client.assets.get({ datasetId: 'ds-1', assetId: 'asset_1', contents: true });
    expect(server.requests[0]?.search).toBe('contents=y');
    expect(asset.contents).toEqual(contentsJson);
  });

  test('gives every property of an asset', async () => {
    const asset = await client.assets.get({ datasetId: 'ds-1', assetId: 'asset_1' });
    expect(asset).toBeInstanceOf(Asset);
    const { workspaceId: _workspaceId, ...same } = assetJson;
    expect({ ...asset }).toEqual({
      ...same,
      organizationId: 'org_1',
      datasetId: 'ds-1',
      contents: undefined,
    });
  });

  test('refuses an ID that would change the path', async () => {
    await rejectionOf(ViInvalidParameterError, client.assets.get({ datasetId: 'ds-1', assetId: '../../x' }));
    expect(server.requests).toHaveLength(0);
  });

  test('gives an asset whose info() is its summary', async () => {
    const info = (await client.assets.get({ datasetId: 'ds-1', assetId: 'asset_1' })).info();
    for (const part of [
      'front 1.png',
      'asset_1',
      'ds-1',
      'org_1',
      '640 x 480',
      '1234 bytes',
      'image/png',
      'Ready',
      '4',
      'car',
    ]) {
      expect(info).toContain(part);
    }
    expect(new Asset({ ...assetJson, organizationId: 'o', metadata: {} }).info()).toContain('unknown');
  });
});

describe('delete', () => {
  test('is answered with an empty body', async () => {
    server.answer = (_request, response) => {
      response.writeHead(204).end();
      return handled;
    };
    expect(await client.assets.delete({ datasetId: 'org_1_ds-1', assetId: 'asset_1' })).toEqual({
      assetId: 'asset_1',
      datasetId: 'ds-1',
      organizationId: 'org_1',
      deleted: true,
    });
    expect(server.requests[0]).toMatchObject({ method: 'DELETE', path: `${datasetPath}/assets/asset_1` });
    expect(server.requests[0]?.body).toHaveLength(0);
  });
});

describe('deleteMany', () => {
  test('posts the query, then asks until its Finished condition is reached', async () => {
    const at = (status: string) => ({
      workspaceId: 'org_1',
      datasetId: 'org_1_ds-1',
      deleteManyAssetsSessionId: 'del_1',
      status: { conditions: [{ condition: 'Finished', status }] },
    });
    server.answer = () => at(server.requests.length < 3 ? 'Waiting' : 'Reached');
    const session = await client.assets.deleteMany({
      datasetId: 'ds-1',
      filter: { a: 1 },
      metadataQuery: 'b',
      strictQuery: true,
    });
    expect(session).toMatchObject({
      deleteManyAssetsSessionId: 'del_1',
      organizationId: 'org_1',
      datasetId: 'ds-1',
    });
    const [create, ...polls] = server.requests;
    expect(create).toMatchObject({ method: 'POST', path: `${datasetPath}/deleteManyAssetsSessions` });
    expect(JSON.parse(String(create?.body))).toEqual({
      spec: { filter: '{"a":1}', metadataQuery: 'b', strictQuery: true },
    });
    expect(polls.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 2 }, () => `GET ${datasetPath}/deleteManyAssetsSessions/del_1`),
    );
  });

  for (const query of [
    {},
    { filter: '' },
    { filter: ' ' },
    { filter: {} },
    { filter: '{ }' },
    { strictQuery: true },
    { metadataQuery: ' ' },
    { filter: {}, strictQuery: true },
  ]) {
    test(`refuses ${JSON.stringify(query)}, which might match everything`, async () => {
      const error = await rejectionOf(
        ViInvalidParameterError,
        client.assets.deleteMany({ datasetId: 'ds-1', ...query }),
      );
      expect(error.code).toBe('FilterMissing');
      expect(server.requests).toHaveLength(0);
    });
  }
});

describe('createIngestionSession', () => {
  const announced = {
    kind: AssetKind.IMAGE,
    filename: 'a.png',
    mime: 'image/png',
    size: 3,
    crc32c: -7,
    customMetadata: { camera: 'front', run: 7, ratio: 0.5, night: false },
  };

  test('posts the announced files to the default source', async () => {
    server.answer = () => sessionJson;
    await client.assets.createIngestionSession({
      datasetId: 'ds-1',
      assets: [announced],
      failureMode: FailureMode.FAIL_AFTER_ALL,
      onAssetOverwritten: ResourceRetentionMode.KEEP_LINKED_RESOURCES,
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: sessionsPath });
    expect(JSON.parse(String(request?.body))).toEqual({
      spec: {
        kind: 'Upload',
        failureMode: 'FailAfterAll',
        onAssetOverwritten: 'KeepLinkedResource',
        assets: [announced],
      },
    });
  });

  test('is repeated when its answer is lost: that costs one of the budget, and nothing else', async () => {
    server.answer = (_request, response) =>
      server.requests.length < 3 ? refuse(response, 502) : sessionJson;
    const session = await client.assets.createIngestionSession({
      datasetId: 'ds-1',
      assets: [announced],
      failureMode: 'FailAfterOne',
      onAssetOverwritten: 'RemoveLinkedResource',
    });
    expect(session.assetIngestionSessionId).toBe('session_1');
    expect(server.requests).toHaveLength(3);
  });

  test('refuses none, more than 5,000, and two files of one name', async () => {
    const create = (assets: (typeof announced)[]) =>
      client.assets.createIngestionSession({
        datasetId: 'ds-1',
        assets,
        failureMode: 'FailAfterOne',
        onAssetOverwritten: 'RemoveLinkedResource',
      });
    await rejectionOf(ViInvalidParameterError, create([]));
    const many = Array.from({ length: 5001 }, (_, index) => ({ ...announced, filename: `${index}.png` }));
    await rejectionOf(ViInvalidParameterError, create(many));
    const twice = await rejectionOf(ViInvalidParameterError, create([announced, announced]));
    expect(twice.code).toBe('DuplicateFilename');
    expect(server.requests).toHaveLength(0);
  });
});

describe('getIngestionSession', () => {
  test('gives every property of a session, and one spelling of the retention mode', async () => {
    server.answer = () => sessionJson;
    const session = await client.assets.getIngestionSession({
      datasetId: 'ds-1',
      assetIngestionSessionId: 'session_1',
    });
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: `${sessionsPath}/session_1` });
    const { workspaceId: _workspaceId, ...same } = sessionJson;
    expect(session).toEqual({
      ...same,
      organizationId: 'org_1',
      datasetId: 'ds-1',
      spec: { ...sessionJson.spec, onAssetOverwritten: ResourceRetentionMode.KEEP_LINKED_RESOURCES },
    });
  });
});

describe('waitUntilDone', () => {
  const finished = (status: string, more: object[] = []) => ({
    ...sessionJson,
    status: { ...sessionJson.status, conditions: [{ condition: 'Finished', status }, ...more] },
  });
  const wait = (options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    client.assets.waitUntilDone({ datasetId: 'ds-1', assetIngestionSessionId: 'session_1', ...options });

  test('asks more and more seldom until Finished is reached', async () => {
    const times: number[] = [];
    server.answer = () => {
      times.push(performance.now());
      return finished(times.length < 5 ? 'Waiting' : 'Reached');
    };
    const session = await wait();
    expect(sessionState(session)).toBe('finished');
    expect(session.status.progressCount).toEqual({ total: 3, succeeded: 1, errored: 1 });
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps).toHaveLength(4);
    expect(gaps[0]).toBeGreaterThanOrEqual(190);
    expect(gaps[3]).toBeGreaterThan(gaps[0] ?? 0);
  });

  test('gives back a session that has failed', async () => {
    server.answer = () =>
      finished('Waiting', [{ condition: 'Validated', status: ConditionStatus.FAILED_REACH }]);
    expect(sessionState(await wait())).toBe('failed');
    expect(server.requests).toHaveLength(1);
  });

  test('ends after its time limit, even while an answer is due', async () => {
    server.answer = () => finished('Waiting');
    const error = await rejectionOf(ViTimeoutError, wait({ timeoutMs: 300 }));
    expect(error.details).toMatchObject({ assetIngestionSessionId: 'session_1' });
    server.answer = () => handled;
    await rejectionOf(ViTimeoutError, wait({ timeoutMs: 100 }));
  });

  test('ends at once by its signal', async () => {
    server.answer = () => finished('Waiting');
    const abort = new AbortController();
    const reason = new Error('enough');
    const pending = rejection(wait({ signal: abort.signal }));
    setTimeout(() => abort.abort(reason), 50);
    expect(await pending).toBe(reason);
  });
});

describe('datasets', () => {
  test('list goes through the pages', async () => {
    server.answer = (request) =>
      request.query.has('p') ? { items: [datasetJson] } : { items: [datasetJson], nextPage: 'n' };
    const all = await collect(client.datasets.list({ pagination: { pageSize: 1 } }).allItems());
    expect(all).toHaveLength(2);
    expect(server.requests.map(({ path, search }) => `${path}?${search}`)).toEqual([
      '/workspaces/org_1/datasets?s=1',
      '/workspaces/org_1/datasets?p=n&s=1',
    ]);
  });

  test('get gives every property', async () => {
    server.answer = () => datasetJson;
    const dataset = await client.datasets.get({ datasetId: 'ds-1' });
    expect(server.requests[0]?.path).toBe(datasetPath);
    const { workspaceId: _workspaceId, ...same } = datasetJson;
    expect(dataset).toEqual({ ...same, organizationId: 'org_1', datasetId: 'ds-1' });
    expect(dataset.type).toBe(DatasetType.PHRASE_GROUNDING);
    expect(DatasetType.VQA).toBe('vqa');
  });
});

describe('organizations', () => {
  test('list', async () => {
    server.answer = () => ({ items: [organizationJson] });
    const page = await client.organizations.list();
    expect(server.requests[0]?.path).toBe('/workspaces');
    expect(page.items[0]?.name).toBe('Acme');
  });

  test('list that comes as a bare list is its only page', async () => {
    server.answer = () => [organizationJson];
    expect(await collect(client.organizations.list().allItems())).toHaveLength(1);
  });

  test('get gives every property, of the own organization when none is named', async () => {
    server.answer = () => organizationJson;
    const { workspaceId: _workspaceId, ...same } = organizationJson;
    expect(await client.organizations.get()).toEqual({ ...same, organizationId: 'org_1' });
    await client.organizations.get({ organizationId: 'other' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/workspaces/org_1', '/workspaces/other']);
  });
});

test('every enum has its wire values', () => {
  expect(FailureMode).toEqual({ FAIL_AFTER_ONE: 'FailAfterOne', FAIL_AFTER_ALL: 'FailAfterAll' });
  expect(ResourceRetentionMode).toEqual({
    REMOVE_LINKED_RESOURCE: 'RemoveLinkedResource',
    KEEP_LINKED_RESOURCES: 'KeepLinkedResource',
  });
  expect(Object.keys(AssetIngestionError)).toEqual(Object.values(AssetIngestionError));
  expect(Object.keys(AssetIngestionError)).toEqual(
    expect.arrayContaining([
      'EALREADY',
      'EBADMIME',
      'EBADSIZE',
      'ECORRUPT',
      'ENOQUOTA',
      'ETIMEOUT',
      'EUNKNOWN',
    ]),
  );
  expect(AssetKind).toEqual({ IMAGE: 'Image', VIDEO: 'Video', MEDICAL_IMAGE: 'MedicalImage' });
});

test('a client can be closed twice, and be used with "await using"', async () => {
  {
    await using scoped = clientOf(server);
    await scoped.assets.get({ datasetId: 'ds-1', assetId: 'asset_1' });
    await scoped.close();
  }
  expect(server.requests).toHaveLength(1);
});
