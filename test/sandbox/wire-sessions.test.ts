import { describe, expect, test } from 'vitest';
import { at, fieldsAt, headersAt, type Json, listAt, numberAt, textAt } from './wire-json.ts';
import { fixture, picture, signedCrc32c } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { errorShape, sessionShape } from './wire-tables.ts';
import {
  codesOf,
  condition,
  conditionStatus,
  type Offer,
  ORGANIZATION,
  PATIENT,
  progressOf,
  sessionRequest,
  sharedWorld,
} from './wire-world.ts';

const world = sharedWorld();
const QUARTER_HOUR = 15 * 60_000;

const offersOf = (...names: readonly string[]): Offer[] =>
  names.map((filename, index) => ({ filename, content: picture(index) }));

const refusals = [400, 403, 404];

describe('a new session', () => {
  test('the request as it is described, the answer with every field', async () => {
    const dataset = world().dataset();
    const content = await fixture('good/scene.jpg');
    const crc32c = signedCrc32c(content);
    const answer = await world().call('POST', dataset.sessionsPath, {
      spec: {
        kind: 'Upload',
        failureMode: 'FailAfterOne',
        onAssetOverwritten: 'RemoveLinkedResource',
        assets: [
          {
            kind: 'Image',
            filename: 'scene.jpg',
            mime: 'image/jpeg',
            size: content.length,
            crc32c,
            customMetadata: { place: 'yard', lens: 35, gain: 0.5, night: false },
          },
          { kind: 'Image', filename: 'b.bmp', mime: 'image/bmp', size: 90, crc32c: 1 },
        ],
      },
    });
    expect([200, 201]).toContain(answer.status);
    const session = answer.json;
    expect(misfits(session, sessionShape)).toEqual([]);
    const id = textAt(session, 'assetIngestionSessionId');
    expect(session).toMatchObject({
      workspaceId: ORGANIZATION,
      datasetId: `${ORGANIZATION}_${dataset.shortId}`,
      assetSourceClass: 'managed',
      assetSourceProvider: 'datature',
      assetSourceId: 'transient',
      selfLink: `${dataset.sessionsPath}/${id}`,
      metadata: { timeCreated: world().clock.now, lastUpdated: world().clock.now },
      spec: { kind: 'Upload', failureMode: 'FailAfterOne', onAssetOverwritten: 'RemoveLinkedResource' },
      status: { progressCount: { total: 2, succeeded: 0, errored: 0 } },
    });
    expect(conditionStatus(session ?? null, 'Finished')).toBe('Waiting');
    const uploads = listAt(session, 'status', 'assets');
    expect(uploads.map((each) => at(each, 'metadata', 'filename'))).toEqual(['scene.jpg', 'b.bmp']);
    expect(at(uploads[0], 'metadata')).toEqual({
      kind: 'Image',
      filename: 'scene.jpg',
      mime: 'image/jpeg',
      size: content.length,
      crc32c,
      customMetadata: { place: 'yard', lens: 35, gain: 0.5, night: false },
    });
    for (const each of uploads) {
      expect(textAt(each, 'upload', 'url')).toMatch(/^https?:\/\//);
      expect(numberAt(each, 'upload', 'expiry')).toBe(world().clock.now + QUARTER_HOUR);
      expect([undefined, null, 'PUT']).toContain(at(each, 'upload', 'method'));
      const names = Object.keys(headersAt(each, 'upload', 'headers')).map((name) => name.toLowerCase());
      expect(names).not.toContain('authorization');
      expect(names).not.toContain('organization-id');
    }
  });

  test('what the official client has not, it sends as null', async () => {
    const dataset = world().dataset();
    const [offer] = offersOf('a.bmp');
    const session = await dataset.ingest(
      [{ ...offer, filename: 'a.bmp', content: picture(0), crc32c: null, customMetadata: null }],
      { failureMode: 'FailAfterOne' },
    );
    expect(misfits(session, sessionShape)).toEqual([]);
    expect(conditionStatus(session, 'Finished')).toBe('Reached');
    expect(at(await dataset.asset('a.bmp'), 'metadata', 'customMetadata')).toEqual({});
  });

  test('KeepLinkedResource is sent, KeepLinkedResources comes back, now and later', async () => {
    const dataset = world().dataset();
    const session = await dataset.session(offersOf('a.bmp'), { onAssetOverwritten: 'KeepLinkedResource' });
    expect(at(session, 'spec', 'onAssetOverwritten')).toBe('KeepLinkedResources');
    const later = await world().get(textAt(session, 'selfLink'));
    expect(at(later, 'spec', 'onAssetOverwritten')).toBe('KeepLinkedResources');
  });

  const valid = () => sessionRequest(offersOf('a.bmp'));
  const withSpec = (change: Record<string, Json>): Json => ({
    spec: { ...fieldsAt(valid(), 'spec'), ...change },
  });
  const withAsset = (change: Record<string, Json>): Json =>
    withSpec({ assets: [{ ...fieldsAt(valid(), 'spec', 'assets', 0), ...change }] });
  test.each<[string, () => Json]>([
    ['no spec', () => ({})],
    ['a list', () => []],
    ['no files', () => withSpec({ assets: [] })],
    ['files that are none', () => withSpec({ assets: 'a.bmp' })],
    ['another kind', () => withSpec({ kind: 'Download' })],
    ['an unknown failure mode', () => withSpec({ failureMode: 'FailNever' })],
    ['an unknown retention mode', () => withSpec({ onAssetOverwritten: 'Keep' })],
    ['an empty filename', () => withAsset({ filename: '' })],
    ['a filename that is a path', () => withAsset({ filename: 'train/a.bmp' })],
    ['a negative size', () => withAsset({ size: -1 })],
    ['a size with a fraction', () => withAsset({ size: 1.5 })],
    ['a size as text', () => withAsset({ size: '90' })],
    ['a checksum as text', () => withAsset({ crc32c: 'AAAAAA==' })],
    ['an object as custom metadata', () => withAsset({ customMetadata: { a: { b: 1 } } })],
    ['a list as custom metadata', () => withAsset({ customMetadata: { a: [1] } })],
    ['nothing as custom metadata', () => withAsset({ customMetadata: { a: null } })],
  ])('%s: refused', async (_what, body) => {
    const dataset = world().dataset();
    const answer = await world().call('POST', dataset.sessionsPath, body());
    expect(answer.status).toBe(400);
    expect(misfits(answer.json, errorShape)).toEqual([]);
  });

  test('in a dataset that is not there: 404', async () => {
    const place = world()
      .dataset()
      .sessionsPath.replace(/_[^_/]+\/assetSources/, '_nothing/assetSources');
    expect((await world().call('POST', place, valid())).status).toBe(404);
  });

  test('5,000 files are taken, 5,001 refused', async () => {
    const dataset = world().dataset();
    const content = picture(1);
    const crc32c = signedCrc32c(content);
    const offers = Array.from({ length: 5_001 }, (_, index) => ({
      filename: `${index}.bmp`,
      content,
      crc32c,
    }));
    const refused = await dataset.offer(offers);
    expect([400, 413]).toContain(refused.status);
    expect(misfits(refused.json, errorShape)).toEqual([]);
    const session = await dataset.session(offers.slice(1));
    const urls = listAt(session, 'status', 'assets').map((each) => textAt(each, 'upload', 'url'));
    expect(new Set(urls).size).toBe(5_000);
    expect(progressOf(session)).toEqual([5_000, 0, 0]);
  });
});

describe('uploading', () => {
  test('raw bytes with the given headers alone; counts and conditions on the way to Finished', async () => {
    const dataset = world().dataset();
    const offers = offersOf('a.bmp', 'b.bmp');
    const session = await dataset.session(offers);
    const selfLink = textAt(session, 'selfLink');
    world().clock.now += 5_000;
    const put = await dataset.upload(session, 0, picture(0));
    expect([200, 201, 204]).toContain(put.status);
    await expect.poll(async () => progressOf(await world().get(selfLink)), PATIENT).toEqual([2, 1, 0]);
    const halfway = await world().get(selfLink);
    expect(misfits(halfway, sessionShape)).toEqual([]);
    expect(conditionStatus(halfway, 'Started')).toBe('Reached');
    expect(conditionStatus(halfway, 'Finished')).toBe('Waiting');
    expect(await dataset.names()).toEqual(['a.bmp']);

    world().clock.now += 5_000;
    await dataset.upload(session, 1, picture(1));
    const done = await world().ended(selfLink);
    expect(misfits(done, sessionShape)).toEqual([]);
    expect(conditionStatus(done, 'Finished')).toBe('Reached');
    expect(conditionStatus(done, 'Started')).toBe('Reached');
    expect(at(condition(done, 'Finished'), 'lastTransitionTime')).toBe(world().clock.now);
    expect(at(done, 'metadata', 'timeCreated')).toBe(at(session, 'metadata', 'timeCreated'));
    expect(progressOf(done)).toEqual([2, 2, 0]);
    expect(codesOf(done)).toEqual({});
    const statuses = listAt(done, 'status', 'conditions').map((each) => at(each, 'status'));
    // A client that waits for all conditions ends too.
    expect(new Set(statuses)).toEqual(new Set(['Reached']));
    for (const key of ['assetIngestionSessionId', 'selfLink', 'datasetId', 'workspaceId']) {
      expect(at(done, key)).toBe(at(session, key));
    }
    expect(await dataset.names({ sortBy: 'filename' })).toEqual(['a.bmp', 'b.bmp']);
  });

  test('the files may come in any order', async () => {
    const dataset = world().dataset();
    const session = await dataset.session(offersOf('a.bmp', 'b.bmp', 'c.bmp'));
    for (const index of [2, 0, 1]) await dataset.upload(session, index, picture(index));
    expect(progressOf(await world().ended(textAt(session, 'selfLink')))).toEqual([3, 3, 0]);
  });

  test.each([
    ['while the file waits for its turn', false],
    ['after the file is in the dataset', true],
  ])(
    'a PUT that comes again, as after a lost answer, %s: one asset, with its bytes',
    async (_when, later) => {
      const dataset = world().dataset();
      const session = await dataset.session(offersOf('a.bmp', 'b.bmp'));
      const selfLink = textAt(session, 'selfLink');
      await dataset.upload(session, 0, picture(0));
      if (later)
        await expect.poll(async () => progressOf(await world().get(selfLink)), PATIENT).toEqual([2, 1, 0]);
      await dataset.upload(session, 0, picture(0));
      await dataset.upload(session, 1, picture(1));
      const done = await world().ended(selfLink);
      expect(progressOf(done)).toEqual([2, 2, 0]);
      expect(codesOf(done)).toEqual({});
      expect(await dataset.names({ sortBy: 'filename' })).toEqual(['a.bmp', 'b.bmp']);
      const url = textAt(await dataset.asset('a.bmp'), 'contents', 'asset', 'url');
      expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(picture(0))).toBe(true);
    },
  );

  test('the secret key, in any form, is refused, and nothing is stored', async () => {
    const dataset = world().dataset();
    const session = await dataset.session(offersOf('a.bmp'));
    const upload = at(session, 'status', 'assets', 0, 'upload');
    for (const value of [`Bearer ${world().sandbox.secretKey}`, 'Bearer x', 'Basic eDp5']) {
      const { status } = await world().raw('PUT', textAt(upload, 'url'), {
        headers: { ...headersAt(upload, 'headers'), Authorization: value },
        body: picture(0),
      });
      expect([400, 401, 403]).toContain(status);
    }
    expect(progressOf(await world().get(textAt(session, 'selfLink')))).toEqual([1, 0, 0]);
    await dataset.upload(session, 0, picture(0));
    expect(progressOf(await world().ended(textAt(session, 'selfLink')))).toEqual([1, 1, 0]);
  });

  test('a forged URL is refused', async () => {
    const dataset = world().dataset();
    const session = await dataset.session(offersOf('a.bmp', 'b.bmp'));
    const urls = [0, 1].map((index) => textAt(session, 'status', 'assets', index, 'upload', 'url'));
    const [url, other] = urls.map((text) => new URL(text));
    if (url === undefined || other === undefined) throw new Error('There are two URLs.');
    const headers = headersAt(session, 'status', 'assets', 0, 'upload', 'headers');
    const forgeries = [new URL(url.pathname, url)];
    const otherPath = new URL(url);
    otherPath.pathname = other.pathname;
    if (otherPath.href !== url.href) forgeries.push(otherPath);
    for (const [name, value] of url.searchParams) {
      const changed = new URL(url);
      changed.searchParams.set(name, /^\d+$/.test(value) ? `${Number(value) + 60_000}` : `${value}0`);
      forgeries.push(changed);
    }
    for (const forgery of forgeries) {
      const { status } = await world().raw('PUT', forgery.href, { headers, body: picture(0) });
      expect(refusals, forgery.href).toContain(status);
    }
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status } = await world().raw(method, url.href);
      expect(status).toBeGreaterThanOrEqual(400);
    }
    expect(progressOf(await world().get(textAt(session, 'selfLink')))).toEqual([2, 0, 0]);
    expect(await dataset.names()).toEqual([]);
  });

  test('an expired URL is refused', async () => {
    const dataset = world().dataset();
    const session = await dataset.session(offersOf('a.bmp'));
    world().clock.now = numberAt(session, 'status', 'assets', 0, 'upload', 'expiry') + 1_000;
    expect([400, 403]).toContain((await dataset.upload(session, 0, picture(0))).status);
    expect(await dataset.names()).toEqual([]);
  });
});

describe('custom metadata', () => {
  test('texts, integers, fractions and flags stay what they are', async () => {
    const dataset = world().dataset();
    const customMetadata = {
      text: 'ünï “x”',
      empty: '',
      digits: '007',
      zero: 0,
      below: -12,
      large: 9_007_199_254_740_991,
      fraction: 0.1,
      tiny: 1e-9,
      yes: true,
      no: false,
      'a key with spaces.and:marks': 'kept',
      __proto: 'x',
    };
    await dataset.ingest([{ filename: 'a.bmp', content: picture(1), customMetadata }]);
    const metadata = at(await dataset.asset('a.bmp'), 'metadata');
    expect(at(metadata, 'customMetadata')).toEqual(customMetadata);
    expect(at(metadata, 'customMetadataCount')).toBe(Object.keys(customMetadata).length);
  });
});

describe('a session that is asked for', () => {
  test('and is not there, or in another dataset: 404', async () => {
    const [one, two] = [world().dataset(), world().dataset()];
    const session = await one.session(offersOf('a.bmp'));
    const id = textAt(session, 'assetIngestionSessionId');
    for (const place of [`${one.sessionsPath}/no-such-session`, `${two.sessionsPath}/${id}`]) {
      const answer = await world().call('GET', place);
      expect(answer.status).toBe(404);
      expect(misfits(answer.json, errorShape)).toEqual([]);
    }
  });
});
