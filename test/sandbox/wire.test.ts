import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeBmp } from './bmp.ts';
import { withSandbox } from './with-sandbox.ts';

// What the service answers, written down by hand from its description, field by field. These pins are ours alone: nothing of
// the client's or the sandbox's own types is used here, so that a mistake made on both sides shows.

const NOW = 1_770_000_000_000;
const ORGANIZATION = 'acme';
const DATASET = 'acme_ds';

async function pinned() {
  return withSandbox({ organizationId: ORGANIZATION, now: () => NOW });
}

const id = expect.stringMatching(/^[a-zA-Z0-9_-]{1,255}$/);
const etag = expect.stringMatching(/^.{8,}$/);

describe('JSON of the service', () => {
  test('Organization', async () => {
    const { api } = await pinned();
    const organization = {
      kind: expect.any(String),
      name: expect.any(String),
      workspaceId: ORGANIZATION,
      lastAccess: NOW,
      datasets: [DATASET],
      billing: {
        payer: expect.any(String),
        email: expect.any(String),
        subscriberId: expect.any(String),
        ledger: [],
        tier: expect.any(String),
      },
      users: {
        'user-sandbox': { workspaceRole: expect.any(String), datasets: { [DATASET]: expect.any(String) } },
      },
      metadata: {
        createDate: NOW,
        isPublic: false,
        accountManager: expect.any(String),
        salesEngineer: expect.any(String),
      },
      features: {},
      lockStatus: { isLocked: false },
      selfLink: '/workspaces/acme',
      etag,
    };
    expect(await api.json('/workspaces')).toStrictEqual({ items: [organization] });
    expect(await api.json('/workspaces/acme')).toStrictEqual(organization);
  });

  test('Dataset', async () => {
    const { api, sandbox } = await pinned();
    await sandbox.addAsset('ds', { filename: 'a.bmp', content: { bytes: makeBmp(2, 2) } });
    await sandbox.addAsset('ds', { filename: 'b.bmp', content: { bytes: makeBmp(2, 2, 1) } });
    sandbox.annotate('ds', 'a.bmp', { cat: 2, dog: 1 });
    const dataset = {
      kind: 'Dataset',
      datasetId: DATASET,
      workspaceId: ORGANIZATION,
      name: 'Dataset',
      owner: expect.any(String),
      type: 'phrase-grounding',
      content: 'Image',
      createDate: NOW,
      statistic: { assetTotal: 2, annotationTotal: 3, tagsCount: { cat: 2, dog: 1 }, assetAnnotated: 1 },
      users: { 'user-sandbox': 'owner' },
      tags: { cat: 2, dog: 1 },
      cohorts: [],
      status: 0,
      lastAccessed: NOW,
      isLocked: false,
      access: { isPublic: false, isReadOnly: false, isHidden: false },
      preference: {},
      assetStatuses: { ready: { description: expect.any(String), color: expect.any(String) } },
      selfLink: '/workspaces/acme/datasets/acme_ds',
      etag,
      localization: 'Datature/Multi',
      dataLocalization: 'Datature/Multi',
      description: '',
    };
    expect(await api.json('/workspaces/acme/datasets/acme_ds')).toStrictEqual(dataset);
    expect(await api.json('/workspaces/acme/datasets')).toStrictEqual({ items: [dataset] });
  });

  test('a dataset for visual question answering', async () => {
    const { api, sandbox } = await pinned();
    sandbox.createDataset({ name: 'Questions', datasetId: 'questions', type: 'vqa' });
    expect(await api.json('/workspaces/acme/datasets/acme_questions')).toMatchObject({ type: 'vqa' });
  });

  test('Asset, with and without contents', async () => {
    const { api, sandbox } = await pinned();
    const content = makeBmp(6, 4);
    const { assetId } = await sandbox.addAsset('ds', {
      filename: 'street 1.bmp',
      content: { bytes: content },
      customMetadata: { camera: 'front', exposure: 0.5, frame: 7, wet: true },
    });
    sandbox.annotate('ds', assetId, { car: 4 });
    const selfLink = `/workspaces/acme/datasets/acme_ds/assets/${assetId}`;
    const asset = {
      kind: 'Image',
      assetId: id,
      datasetId: DATASET,
      workspaceId: ORGANIZATION,
      filename: 'street 1.bmp',
      owner: expect.any(String),
      selfLink,
      etag,
      metadata: {
        generations: { asset: expect.any(String), thumbnail: expect.any(String) },
        insertedBy: expect.any(String),
        annotations: { withTag: { car: 4 }, total: 4 },
        frames: 1,
        cohorts: [],
        fileSize: content.length,
        height: 4,
        width: 6,
        mimeType: 'image/bmp',
        source: 'managed/datature/transient',
        status: expect.any(String),
        uploadStatus: expect.any(String),
        visibility: expect.any(String),
        userDefined: {},
        customMetadata: { camera: 'front', exposure: 0.5, frame: 7, wet: true },
        dimensions: { height: 4, width: 6 },
        pixelRatio: { height: 1, width: 1 },
        comments: 0,
        customMetadataCount: 4,
        hash: { algorithm: 'sha256', contents: createHash('sha256').update(content).digest('hex') },
        contentsFrom: expect.any(String),
        framesChange: {},
        timeCreated: NOW,
        lastUpdated: NOW,
        contentsLastUpdated: NOW,
      },
    };
    expect(await api.json(selfLink)).toStrictEqual(asset);
    expect(await api.json(`${api.dataset}/assets`)).toStrictEqual({ items: [asset] });
    const contents = {
      asset: {
        // Some clients take the name of a download from the end of its path.
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[^?]+\/street%201\.bmp\?/),
        expiry: NOW + 15 * 60_000,
        method: 'GET',
      },
      thumbnail: { url: expect.any(String), expiry: NOW + 15 * 60_000, method: 'GET' },
    };
    expect(await api.json(`${selfLink}?contents=y`)).toStrictEqual({ ...asset, contents });
    expect(await api.json(`${api.dataset}/assets?contents=y`)).toStrictEqual({
      items: [{ ...asset, contents }],
    });
  });

  test('AssetIngestionSession, created and ended', async () => {
    const { api } = await pinned();
    const good = makeBmp(2, 2);
    const path = `/workspaces/acme/datasets/acme_ds/assetSources/managed/datature/transient/assetIngestionSessions`;
    const created: unknown = await api.json(path, 'POST', {
      spec: {
        kind: 'Upload',
        failureMode: 'FailAfterAll',
        onAssetOverwritten: 'KeepLinkedResource',
        assets: [
          {
            kind: 'Image',
            filename: 'good.bmp',
            mime: 'image/bmp',
            size: good.length,
            crc32c: -1_363_412_327,
            customMetadata: { a: 1 },
          },
          // As the official client leaves out what it has not: as null.
          {
            kind: 'Image',
            filename: 'bad.bmp',
            mime: 'image/bmp',
            size: 1,
            crc32c: null,
            customMetadata: null,
          },
        ],
      },
    });
    const metadata = [
      {
        kind: 'Image',
        filename: 'good.bmp',
        mime: 'image/bmp',
        size: good.length,
        crc32c: -1_363_412_327,
        customMetadata: { a: 1 },
      },
      { kind: 'Image', filename: 'bad.bmp', mime: 'image/bmp', size: 1 },
    ];
    const upload = {
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//),
      expiry: NOW + 15 * 60_000,
      method: 'PUT',
      headers: { 'Content-Type': 'image/bmp' },
    };
    const session = {
      kind: 'AssetIngestionSession',
      workspaceId: ORGANIZATION,
      datasetId: DATASET,
      assetSourceClass: 'managed',
      assetSourceProvider: 'datature',
      assetSourceId: 'transient',
      assetIngestionSessionId: id,
      selfLink: expect.stringMatching(
        /^\/workspaces\/acme\/datasets\/acme_ds\/assetSources\/managed\/datature\/transient\/assetIngestionSessions\/[a-z0-9]+$/,
      ),
      etag,
      metadata: { timeCreated: NOW, lastUpdated: NOW, generation: 1, attributes: {} },
      spec: {
        kind: 'Upload',
        failureMode: 'FailAfterAll',
        // The singular is sent, the plural comes back.
        onAssetOverwritten: 'KeepLinkedResources',
        assets: metadata,
      },
      status: {
        conditions: [
          { condition: 'Finished', status: 'Waiting', lastTransitionTime: NOW },
          { condition: 'Started', status: 'Reached', lastTransitionTime: NOW },
        ],
        events: [],
        progressCount: { total: 2, succeeded: 0, errored: 0 },
        assets: metadata.map((each) => ({ metadata: each, upload })),
      },
    };
    expect(created).toStrictEqual(session);

    const { selfLink, status } = created as {
      selfLink: string;
      status: { assets: { upload: { url: string; headers: Record<string, string> } }[] };
    };
    for (const { upload: target } of status.assets) {
      await fetch(target.url, { method: 'PUT', headers: target.headers, body: new Uint8Array(good) });
    }
    await expect
      .poll(() => api.json(selfLink))
      .toStrictEqual({
        ...session,
        selfLink,
        metadata: { ...session.metadata, generation: expect.any(Number) },
        spec: { kind: 'Upload', failureMode: 'FailAfterAll', onAssetOverwritten: 'KeepLinkedResources' },
        status: {
          conditions: [
            { condition: 'Finished', status: 'Reached', lastTransitionTime: NOW },
            { condition: 'Started', status: 'Reached', lastTransitionTime: NOW },
          ],
          events: expect.arrayContaining([
            { kind: 'Error', files: { 'good.bmp': 'ECORRUPT' }, corrections: {}, time: NOW },
            { kind: 'Error', files: { 'bad.bmp': 'EBADSIZE' }, corrections: {}, time: NOW },
            { kind: 'Progress', tasks: { ingestion: { total: 2, succeeded: 0, errored: 2 } } },
          ]),
          progressCount: { total: 2, succeeded: 0, errored: 2 },
        },
      });
  });

  test('a bulk deletion', async () => {
    const { api } = await pinned();
    const path = '/workspaces/acme/datasets/acme_ds/deleteManyAssetsSessions';
    const spec = { filter: { filename: 'a.bmp' }, metadataQuery: null, ruleQuery: null, strictQuery: null };
    const session = {
      kind: expect.any(String),
      workspaceId: ORGANIZATION,
      datasetId: DATASET,
      deleteManyAssetsSessionId: id,
      selfLink: expect.stringMatching(
        /^\/workspaces\/acme\/datasets\/acme_ds\/deleteManyAssetsSessions\/[a-z0-9]+$/,
      ),
      etag,
      metadata: { timeCreated: NOW, lastUpdated: NOW, generation: expect.any(Number), attributes: {} },
      spec,
      status: {
        conditions: [
          { condition: 'Finished', status: 'Waiting', lastTransitionTime: NOW },
          { condition: 'Started', status: 'Reached', lastTransitionTime: NOW },
        ],
      },
    };
    const created: unknown = await api.json(path, 'POST', { spec });
    expect(created).toStrictEqual(session);
    const { selfLink } = created as { selfLink: string };
    await expect
      .poll(() => api.json(selfLink))
      .toMatchObject({
        status: { conditions: [{ condition: 'Finished', status: 'Reached' }, { condition: 'Started' }] },
      });
  });

  test('an error', async () => {
    const { api } = await pinned();
    const response = await api.fetch('/workspaces/acme/datasets/acme_nothing');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('x-cloud-trace-context')).toMatch(/^[0-9a-f]{32}\/\d+$/);
    expect(await response.json()).toStrictEqual({
      message: expect.stringContaining('acme_nothing'),
      error: 'ResourceNotFound',
    });
  });

  test('a deletion answers with nothing at all', async () => {
    const { api, sandbox } = await pinned();
    const { assetId } = await sandbox.addAsset('ds', {
      filename: 'a.bmp',
      content: { bytes: makeBmp(2, 2) },
    });
    const response = await api.fetch(`${api.dataset}/assets/${assetId}`, 'DELETE');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});
