import { describe, expect, test } from 'vitest';
import { at, listAt, numberAt, textAt } from './wire-json.ts';
import { picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { datasetShape, errorShape, organizationShape } from './wire-tables.ts';
import { type Answer, namesOf, ORGANIZATION, START, sharedWorld } from './wire-world.ts';

const world = sharedWorld();

function expectError(answer: Answer, ...statuses: readonly number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(misfits(answer.json, errorShape)).toEqual([]);
  expect(answer.headers.get('x-cloud-trace-context')).toMatch(/^[^/;\s]+\/[^/;\s]+/);
}

describe('authentication', () => {
  const good = () => world().sandbox.secretKey;
  const places = () => {
    const dataset = world().dataset();
    return [
      ['GET', '/workspaces'],
      ['GET', `/workspaces/${ORGANIZATION}`],
      ['GET', `/workspaces/${ORGANIZATION}/datasets`],
      ['GET', dataset.path],
      ['GET', dataset.assetsPath],
      ['GET', `${dataset.assetsPath}/x`],
      ['DELETE', `${dataset.assetsPath}/x`],
      ['POST', dataset.sessionsPath],
      ['GET', `${dataset.sessionsPath}/x`],
      ['POST', `${dataset.path}/deleteManyAssetsSessions`],
      ['GET', `${dataset.path}/deleteManyAssetsSessions/x`],
    ] as const;
  };

  test('the key of the sandbox has the form of a real one', () => {
    expect(good()).toMatch(/^dtvi_/);
    expect(good()).toHaveLength(103);
  });

  test.each<[string, () => Record<string, string>]>([
    ['no key', () => ({})],
    ['an empty key', () => ({ Authorization: 'Bearer ' })],
    ['another key of the right form', () => ({ Authorization: `Bearer dtvi_${'x'.repeat(98)}` })],
    ['the key but for its last character', () => ({ Authorization: `Bearer ${good().slice(0, -1)}` })],
    ['the key and one character', () => ({ Authorization: `Bearer ${good()}x` })],
    ['the key without “Bearer”', () => ({ Authorization: good() })],
    ['the key as a password', () => ({ Authorization: `Basic ${btoa(`x:${good()}`)}` })],
    ['the key in another header', () => ({ 'X-Api-Key': good() })],
  ])('%s: 401 at every endpoint', async (_what, authorization) => {
    for (const [method, place] of places()) {
      const answer = await world().raw(method, place, {
        headers: {
          ...authorization(),
          'Organization-Id': ORGANIZATION,
          ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      expectError(answer, 401);
      expect(answer.text).not.toContain(good().slice(5, 25));
    }
  });

  test('another organization in the header: refused', async () => {
    const answer = await world().raw('GET', '/workspaces', {
      headers: { Authorization: `Bearer ${good()}`, 'Organization-Id': 'somebody-else' },
    });
    expectError(answer, 401, 403);
  });

  test('no organization in the header: refused', async () => {
    const answer = await world().raw('GET', '/workspaces', {
      headers: { Authorization: `Bearer ${good()}` },
    });
    expectError(answer, 400, 401, 403);
  });

  test('another organization in the path: nothing of it is told', async () => {
    const { shortId } = world().dataset();
    expectError(await world().call('GET', '/workspaces/somebody-else'), 403, 404);
    expectError(await world().call('GET', '/workspaces/somebody-else/datasets'), 403, 404);
    const foreign = `/workspaces/somebody-else/datasets/somebody-else_${shortId}`;
    expectError(await world().call('GET', foreign), 403, 404);
    expectError(await world().call('GET', `${foreign}/assets`), 403, 404);
  });

  test('an unknown place and a wrong method are errors in JSON too', async () => {
    expectError(await world().call('GET', '/nothing/here'), 404);
    expectError(await world().call('GET', `/workspaces/${ORGANIZATION}/nothing`), 404);
    expectError(await world().call('PUT', '/workspaces', {}), 404, 405);
  });

  test('a body that is no JSON: 400', async () => {
    const answer = await world().raw('POST', world().dataset().sessionsPath, {
      headers: { ...world().credentials, 'Content-Type': 'application/json' },
      body: '{"spec":',
    });
    expectError(answer, 400);
  });
});

describe('organizations', () => {
  test('list and get tell of the same organization, with every field', async () => {
    const dataset = world().dataset();
    const list = await world().get('/workspaces');
    expect(listAt(list, 'items')).toHaveLength(1);
    expect(at(list, 'nextPage')).toBeUndefined();
    const one = await world().get(`/workspaces/${ORGANIZATION}`);
    for (const organization of [at(list, 'items', 0), one]) {
      expect(misfits(organization, organizationShape)).toEqual([]);
      expect(at(organization, 'workspaceId')).toBe(ORGANIZATION);
      expect(at(organization, 'selfLink')).toBe(`/workspaces/${ORGANIZATION}`);
      expect(at(organization, 'organizationId')).toBeUndefined();
      expect(listAt(organization, 'datasets')).toContain(`${ORGANIZATION}_${dataset.shortId}`);
      expect(at(organization, 'metadata', 'createDate')).toBe(START);
    }
  });
});

describe('datasets', () => {
  test('get: every field, and the names of the wire', async () => {
    const dataset = world().dataset();
    const json = await world().get(dataset.path);
    expect(misfits(json, datasetShape)).toEqual([]);
    expect(at(json, 'datasetId')).toBe(`${ORGANIZATION}_${dataset.shortId}`);
    expect(at(json, 'workspaceId')).toBe(ORGANIZATION);
    expect(at(json, 'selfLink')).toBe(dataset.path);
    expect(at(json, 'name')).toBe('Wire');
    expect(at(json, 'type')).toBe('phrase-grounding');
    expect(at(json, 'createDate')).toBe(START);
    expect(at(json, 'statistic')).toEqual({
      assetTotal: 0,
      annotationTotal: 0,
      tagsCount: {},
      assetAnnotated: 0,
    });
  });

  test('an ID that the sandbox makes up is what follows the last “_”', () => {
    for (let count = 0; count < 50; count++) {
      expect(world().sandbox.createDataset({ name: 'x' }).datasetId).toMatch(/^[a-zA-Z0-9-]{1,255}$/);
    }
  });

  test('a dataset for questions', async () => {
    const { datasetId } = world().sandbox.createDataset({ name: 'Questions', type: 'vqa' });
    const json = await world().get(`/workspaces/${ORGANIZATION}/datasets/${ORGANIZATION}_${datasetId}`);
    expect(misfits(json, datasetShape)).toEqual([]);
    expect(at(json, 'type')).toBe('vqa');
  });

  test('one that is not there, and the short ID in the place of the long one: 404', async () => {
    const { shortId } = world().dataset();
    const datasets = `/workspaces/${ORGANIZATION}/datasets`;
    expectError(await world().call('GET', `${datasets}/${ORGANIZATION}_nothing`), 404);
    expectError(await world().call('GET', `${datasets}/${shortId}`), 404);
    expectError(await world().call('GET', `${datasets}/${ORGANIZATION}_nothing/assets`), 404);
  });

  test('list: pages give each dataset once, ten at a time unless told otherwise', async () => {
    for (let count = 0; count < 12; count++) world().dataset();
    const place = `/workspaces/${ORGANIZATION}/datasets`;
    const first = await world().get(place);
    expect(listAt(first, 'items')).toHaveLength(10);
    const whole = await world().get(`${place}?s=1000`);
    expect(at(whole, 'nextPage')).toBeUndefined();
    const all = listAt(whole, 'items').map((item) => textAt(item, 'datasetId'));
    expect(all.length).toBeGreaterThan(12);
    for (const dataset of listAt(whole, 'items')) expect(misfits(dataset, datasetShape)).toEqual([]);
    const walked: string[] = [];
    let token: string | undefined;
    do {
      const query = new URLSearchParams({ s: '7', ...(token === undefined ? {} : { p: token }) });
      const page = await world().get(`${place}?${query}`);
      walked.push(...listAt(page, 'items').map((item) => textAt(item, 'datasetId')));
      const next = at(page, 'nextPage');
      token = next === undefined ? undefined : textAt(next);
    } while (token !== undefined);
    expect(walked).toEqual(all);
  });

  test('datasets keep their assets apart', async () => {
    const [one, two] = [world().dataset(), world().dataset()];
    await one.put('a.bmp', picture(1));
    await two.put('a.bmp', picture(2));
    await two.put('b.bmp', picture(3));
    expect(namesOf([await one.page()])).toEqual(['a.bmp']);
    expect([...namesOf([await two.page()])].sort()).toEqual(['a.bmp', 'b.bmp']);
    expect(numberAt(await one.statistic(), 'assetTotal')).toBe(1);
    expect(numberAt(await two.statistic(), 'assetTotal')).toBe(2);
    const mine = textAt(await one.asset('a.bmp'), 'assetId');
    expectError(await world().call('GET', `${two.assetsPath}/${mine}`), 404);
  });
});
