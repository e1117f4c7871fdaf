import { describe, expect, test } from 'vitest';
import { at, type Json, listAt, textAt } from './wire-json.ts';
import { picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { bulkDeleteShape, datasetShape, errorShape } from './wire-tables.ts';
import { conditionStatus, ORGANIZATION, PATIENT, sharedWorld, type WireDataset } from './wire-world.ts';

const world = sharedWorld();

const placeOf = (dataset: WireDataset) => `${dataset.path}/deleteManyAssetsSessions`;

/** Six assets, `a.bmp` to `f.bmp`, of quality low, high, low, …; `n` counts from 1. `a.bmp` to `c.bmp` have annotations. */
async function sixAssets(): Promise<WireDataset> {
  const dataset = world().dataset();
  for (const [index, letter] of [...'abcdef'].entries()) {
    const metadata = { quality: index % 2 === 0 ? 'low' : 'high', n: index + 1 };
    await dataset.put(`${letter}.bmp`, picture(index), metadata);
  }
  dataset.annotate('a.bmp', { cat: 3 });
  dataset.annotate('b.bmp', { cat: 1, dog: 1 });
  dataset.annotate('c.bmp', { bird: 2 });
  return dataset;
}

async function deleteMany(dataset: WireDataset, spec: Json): Promise<Json> {
  const session = await world().json('POST', placeOf(dataset), { spec });
  expect(misfits(session, bulkDeleteShape)).toEqual([]);
  return world().ended(textAt(session, 'selfLink'));
}

describe('bulk deletion', () => {
  test('a session with every field, that is asked for until it is Finished', async () => {
    const dataset = await sixAssets();
    const spec = {
      filter: null,
      metadataQuery: 'quality == "low"',
      ruleQuery: null,
      strictQuery: null,
    };
    const answer = await world().call('POST', placeOf(dataset), { spec });
    expect([200, 201, 202]).toContain(answer.status);
    const session = answer.json ?? null;
    expect(misfits(session, bulkDeleteShape)).toEqual([]);
    const id = textAt(session, 'deleteManyAssetsSessionId');
    expect(session).toMatchObject({
      workspaceId: ORGANIZATION,
      datasetId: `${ORGANIZATION}_${dataset.shortId}`,
      selfLink: `${placeOf(dataset)}/${id}`,
      spec: { metadataQuery: 'quality == "low"' },
    });
    const done = await world().ended(`${placeOf(dataset)}/${id}`);
    expect(misfits(done, bulkDeleteShape)).toEqual([]);
    expect(conditionStatus(done, 'Finished')).toBe('Reached');
    const statuses = listAt(done, 'status', 'conditions').map((each) => at(each, 'status'));
    expect(new Set(statuses)).toEqual(new Set(['Reached']));
    expect(await dataset.names({ sortBy: 'filename' })).toEqual(['b.bmp', 'd.bmp', 'f.bmp']);
  });

  test.each<[string, Json, string]>([
    ['a filter as text', { filter: 'filename == "b.bmp"' }, 'acdef'],
    ['a filter as JSON', { filter: { filename: 'b.bmp' } }, 'acdef'],
    ['a filter and a query, both must hold', { filter: { kind: 'Image' }, metadataQuery: 'n > 4' }, 'abcd'],
    ['the colon form', { metadataQuery: 'quality:high' }, 'ace'],
    ['the colon form, strictly', { metadataQuery: 'quality:high', strictQuery: true }, 'ace'],
    ['two conditions', { metadataQuery: 'quality == "low" and n >= 3' }, 'abdf'],
    ['a rule', { ruleQuery: 'filename == "c.bmp"' }, 'abdef'],
    ['what matches nothing', { metadataQuery: 'quality == "middling"' }, 'abcdef'],
  ])('%s', async (_what, spec, left) => {
    const dataset = await sixAssets();
    const done = await deleteMany(dataset, spec);
    expect(conditionStatus(done, 'Finished')).toBe('Reached');
    expect(await dataset.names({ sortBy: 'filename' })).toEqual([...left].map((letter) => `${letter}.bmp`));
  });

  test('more assets than a page has, all that match and no other', async () => {
    const dataset = world().dataset();
    const names = Array.from({ length: 60 }, (_, index) => `${String(index).padStart(3, '0')}.bmp`);
    await Promise.all(names.map((name, index) => dataset.put(name, picture(index), { third: index % 3 })));
    await deleteMany(dataset, { metadataQuery: 'third == 1' });
    expect(await dataset.names({ sortBy: 'filename' })).toEqual(names.filter((_, index) => index % 3 !== 1));
  });

  test.each<[string, Json]>([
    ['a query that can not be read', { spec: { metadataQuery: 'quality ==' } }],
    ['a filter that can not be read', { spec: { filter: '{"filename":' } }],
    ['a list as filter', { spec: { filter: [1] } }],
    ['a number as query', { spec: { metadataQuery: 5 } }],
    ['no spec', {}],
  ])('%s: refused, and nothing is deleted', async (_what, body) => {
    const dataset = await sixAssets();
    const answer = await world().call('POST', placeOf(dataset), body);
    expect(answer.status).toBe(400);
    expect(misfits(answer.json, errorShape)).toEqual([]);
    expect(await dataset.names()).toHaveLength(6);
  });

  test('a session that is not there, or of another dataset: 404', async () => {
    const dataset = await sixAssets();
    const session = await deleteMany(dataset, { filter: { filename: 'a.bmp' } });
    const other = world().dataset();
    const id = textAt(session, 'deleteManyAssetsSessionId');
    for (const place of [`${placeOf(dataset)}/nothing`, `${placeOf(other)}/${id}`]) {
      const answer = await world().call('GET', place);
      expect(answer.status).toBe(404);
      expect(misfits(answer.json, errorShape)).toEqual([]);
    }
  });
});

describe('statistics and data rows', () => {
  test('five data rows for an image, one for an annotation, all given back', async () => {
    const start = world().sandbox.dataRows().used;
    const rows = () => world().sandbox.dataRows().used - start;
    const dataset = await sixAssets();
    expect(rows()).toBe(6 * 5 + 7);
    expect(await dataset.statistic()).toEqual({
      assetTotal: 6,
      annotationTotal: 7,
      tagsCount: { cat: 4, dog: 1, bird: 2 },
      assetAnnotated: 3,
    });

    dataset.annotate('a.bmp', { dog: 1 });
    expect(rows()).toBe(6 * 5 + 5);
    expect(await dataset.statistic()).toEqual({
      assetTotal: 6,
      annotationTotal: 5,
      tagsCount: { cat: 1, dog: 2, bird: 2 },
      assetAnnotated: 3,
    });

    await world().call('DELETE', textAt(await dataset.asset('b.bmp'), 'selfLink'));
    expect(rows()).toBe(5 * 5 + 3);
    expect(await dataset.statistic()).toEqual({
      assetTotal: 5,
      annotationTotal: 3,
      tagsCount: { dog: 1, bird: 2 },
      assetAnnotated: 2,
    });

    await deleteMany(dataset, { metadataQuery: 'quality == "low"' });
    expect(rows()).toBe(2 * 5);
    expect(await dataset.statistic()).toEqual({
      assetTotal: 2,
      annotationTotal: 0,
      tagsCount: {},
      assetAnnotated: 0,
    });
  });

  test('the dataset tells the same in its list', async () => {
    const dataset = await sixAssets();
    const list = await world().get(`/workspaces/${ORGANIZATION}/datasets?s=1000`);
    const id = `${ORGANIZATION}_${dataset.shortId}`;
    const listed = listAt(list, 'items').find((each) => at(each, 'datasetId') === id);
    expect(misfits(listed, datasetShape)).toEqual([]);
    expect(at(listed, 'statistic')).toEqual(await dataset.statistic());
    expect(at(listed, 'statistic', 'assetTotal')).toBe(6);
  });

  test('a session counts as each file comes in', async () => {
    const dataset = world().dataset();
    const offers = [1, 2, 3].map((seed) => ({ filename: `${seed}.bmp`, content: picture(seed) }));
    const session = await dataset.session(offers);
    expect(at(await dataset.statistic(), 'assetTotal')).toBe(0);
    await dataset.upload(session, 0, picture(1));
    await expect.poll(async () => at(await dataset.statistic(), 'assetTotal'), PATIENT).toBe(1);
    await dataset.upload(session, 1, picture(2));
    await dataset.upload(session, 2, picture(3));
    await world().ended(textAt(session, 'selfLink'));
    expect(at(await dataset.statistic(), 'assetTotal')).toBe(3);
  });
});
