import { describe, expect, test } from 'vitest';
import { shortDatasetId, wireDatasetId } from '../../app/vi/ids.ts';
import { Asset, FailureMode, sessionState } from '../../app/vi/index.ts';
import { assetSchema } from '../../app/vi/wire/asset.ts';
import { datasetSchema } from '../../app/vi/wire/dataset.ts';
import { ingestionSessionSchema } from '../../app/vi/wire/ingestion-session.ts';
import { organizationSchema } from '../../app/vi/wire/organization.ts';
import { assetJson, contentsJson, sessionJson } from './wire-samples.ts';

describe('an asset that the service sends', () => {
  test('with nothing but ID and name is one whose other properties are unknown', () => {
    const asset = assetSchema.parse({ assetId: 'a', filename: 'f.png' });
    expect(asset).toBeInstanceOf(Asset);
    expect(asset).toMatchObject({
      assetId: 'a',
      filename: 'f.png',
      datasetId: '',
      organizationId: '',
      metadata: {},
    });
    expect(asset.metadata.fileSize).toBeUndefined();
    expect(asset.metadata.annotations).toBeUndefined();
  });

  test('with annotations of unknown number does not have zero of them', () => {
    for (const annotations of [null, {}, { withTag: { car: 1 } }, { total: '5' }, 5]) {
      const asset = assetSchema.parse({ ...assetJson, metadata: { ...assetJson.metadata, annotations } });
      expect(asset.metadata.annotations).toBeUndefined();
    }
  });

  test('with fields of other types keeps the rest', () => {
    const asset = assetSchema.parse({
      ...assetJson,
      kind: 7,
      metadata: {
        ...assetJson.metadata,
        width: '640',
        cohorts: [1, 'c'],
        hash: 'abc',
        customMetadata: { a: [1], b: 2 },
      },
      contents: { asset: { expiry: 5 }, thumbnail: contentsJson.thumbnail },
    });
    expect(asset.kind).toBe('');
    expect(asset.metadata).toMatchObject({ height: 480, cohorts: ['c'], customMetadata: { b: 2 } });
    expect(asset.metadata.width).toBeUndefined();
    expect(asset.metadata.hash).toBeUndefined();
    expect(asset.contents).toEqual({ asset: undefined, thumbnail: contentsJson.thumbnail });
  });

  test('with unknown fields and unknown values keeps them', () => {
    const asset = assetSchema.parse({
      ...assetJson,
      kind: 'Hologram',
      metadata: { ...assetJson.metadata, status: 'Dreaming', mood: 'good' },
    });
    expect(asset.kind).toBe('Hologram');
    expect(asset.metadata).toMatchObject({ status: 'Dreaming', mood: 'good' });
  });
});

describe('a session that the service sends', () => {
  test('with nothing but its ID is running, and counts nothing', () => {
    const session = ingestionSessionSchema.parse({ assetIngestionSessionId: 's', status: {} });
    expect(session.status).toMatchObject({
      conditions: [],
      events: [],
      progressCount: { total: 0, succeeded: 0, errored: 0 },
    });
    expect(sessionState(session)).toBe('running');
  });

  test('with unknown conditions, modes, codes and events keeps what can be kept', () => {
    const session = ingestionSessionSchema.parse({
      ...sessionJson,
      spec: { kind: 'Upload', failureMode: 'FailNever', onAssetOverwritten: 'Archive' },
      status: {
        conditions: [{ condition: 'Blessed', status: 'Pending' }, 'nonsense', { status: 'Reached' }],
        events: [
          { kind: 'Poem', text: '…' },
          { kind: 'Error', files: { 'a.png': 'ENEWCODE', 'b.png': 5 } },
        ],
        progressCount: { total: 2, succeeded: 'x' },
      },
    });
    expect(session.spec).toMatchObject({ failureMode: 'FailNever', onAssetOverwritten: 'Archive' });
    expect(session.status.conditions).toMatchObject([{ condition: 'Blessed', status: 'Pending' }]);
    expect(session.status.events).toMatchObject([
      { kind: 'Error', files: { 'a.png': 'ENEWCODE', 'b.png': 'EUNKNOWN' } },
    ]);
    expect(session.status.progressCount).toMatchObject({ total: 2, succeeded: 0, errored: 0 });
  });

  test('has one spelling of keeping annotations, whichever it was sent with', () => {
    for (const onAssetOverwritten of ['KeepLinkedResource', 'KeepLinkedResources']) {
      const session = ingestionSessionSchema.parse({
        ...sessionJson,
        spec: { ...sessionJson.spec, onAssetOverwritten },
      });
      expect(session.spec.onAssetOverwritten).toBe('KeepLinkedResource');
      expect(session.spec.failureMode).toBe(FailureMode.FAIL_AFTER_ONE);
    }
  });

  test('is finished or failed by its conditions', () => {
    const state = (...conditions: [string, string][]) =>
      sessionState({
        status: { conditions: conditions.map(([condition, status]) => ({ condition, status })) },
      });
    expect(state()).toBe('running');
    expect(state(['Started', 'Reached'], ['Finished', 'Waiting'])).toBe('running');
    expect(state(['Started', 'Reached'], ['Finished', 'Reached'])).toBe('finished');
    expect(state(['Started', 'FailedReach'], ['Finished', 'Waiting'])).toBe('failed');
    expect(state(['Finished', 'FailedReach'])).toBe('failed');
  });
});

test('a dataset and an organization need nothing but their IDs', () => {
  expect(datasetSchema.parse({ datasetId: 'o_d', workspaceId: 'o' })).toMatchObject({
    datasetId: 'd',
    statistic: {},
  });
  expect(organizationSchema.parse({ workspaceId: 'o' })).toMatchObject({ organizationId: 'o', name: '' });
  expect(datasetSchema.parse({ datasetId: 'd', type: 'new-kind', statistic: 4, access: [] }).type).toBe(
    'new-kind',
  );
});

test('the status of a dataset is taken as it comes, as text or number', () => {
  const statusOf = (status: unknown) => datasetSchema.parse({ datasetId: 'd', status }).status;
  expect([statusOf(0), statusOf('Ready'), statusOf({}), statusOf(null)]).toEqual([
    0,
    'Ready',
    undefined,
    undefined,
  ]);
});

describe('a dataset ID', () => {
  test('goes over the wire with the organization before it, once', () => {
    expect(wireDatasetId('ds', 'org')).toBe('org_ds');
    expect(wireDatasetId('org_ds', 'org')).toBe('org_ds');
    expect(wireDatasetId('a_b', 'org')).toBe('org_a_b');
  });

  test('comes back as users see it, whatever underscores it has', () => {
    expect(shortDatasetId('org_ds', 'org')).toBe('ds');
    expect(shortDatasetId('org_a_b', 'org')).toBe('a_b');
    expect(shortDatasetId('my_org_ds', 'my_org')).toBe('ds');
    expect(shortDatasetId('other_ds', 'org')).toBe('ds');
    expect(shortDatasetId('ds', 'org')).toBe('ds');
  });
});
