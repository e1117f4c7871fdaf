import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { goodFixtures } from '../fixtures/index.ts';
import { at, fieldsAt, headersAt, listAt, numberAt, textAt } from './wire-json.ts';
import { fixture, picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { assetShape, contentsShape, errorShape } from './wire-tables.ts';
import { ORGANIZATION, sharedWorld } from './wire-world.ts';

const world = sharedWorld();
const QUARTER_HOUR = 15 * 60_000;

describe('an asset', () => {
  test.each(goodFixtures.map((each) => [each.file, each] as const))(
    '%s: every field',
    async (file, facts) => {
      const dataset = world().dataset();
      const filename = file.replace('good/', '');
      const bytes = await fixture(file);
      await dataset.ingest([{ filename, content: bytes, mime: facts.mime ?? '' }]);
      const [fromList] = listAt(await dataset.page(), 'items');
      const assetId = textAt(fromList, 'assetId');
      const asset = await world().get(`${dataset.assetsPath}/${assetId}`);
      expect(fromList).toEqual(asset);
      expect(misfits(asset, assetShape)).toEqual([]);
      expect(at(asset, 'workspaceId')).toBe(ORGANIZATION);
      expect(at(asset, 'datasetId')).toBe(`${ORGANIZATION}_${dataset.shortId}`);
      expect(at(asset, 'filename')).toBe(filename);
      expect(at(asset, 'kind')).toBe('Image');
      expect(at(asset, 'selfLink')).toBe(`${dataset.assetsPath}/${assetId}`);
      expect(at(asset, 'contents')).toBeUndefined();
      const metadata = fieldsAt(asset, 'metadata');
      const size = { height: facts.height, width: facts.width };
      expect(metadata).toMatchObject({
        annotations: { withTag: {}, total: 0 },
        frames: facts.frames,
        fileSize: bytes.length,
        ...size,
        dimensions: size,
        mimeType: facts.mime,
        customMetadata: {},
        customMetadataCount: 0,
        comments: 0,
        hash: { algorithm: 'sha256', contents: createHash('sha256').update(bytes).digest('hex') },
        timeCreated: world().clock.now,
        lastUpdated: world().clock.now,
        contentsLastUpdated: world().clock.now,
      });
    },
  );

  test('annotations are counted by tag', async () => {
    const dataset = world().dataset();
    await dataset.put('a.bmp', picture(1));
    dataset.annotate('a.bmp', { cat: 3, dog: 1 });
    const asset = await dataset.asset('a.bmp');
    expect(misfits(asset, assetShape)).toEqual([]);
    expect(at(asset, 'metadata', 'annotations')).toEqual({ withTag: { cat: 3, dog: 1 }, total: 4 });
  });

  test('one that is not there: 404', async () => {
    const answer = await world().call('GET', `${world().dataset().assetsPath}/no-such-asset`);
    expect(answer.status).toBe(404);
    expect(misfits(answer.json, errorShape)).toEqual([]);
  });

  test('filenames of any script come back as they were sent', async () => {
    const dataset = world().dataset();
    const names = [
      'ünïcödé.bmp',
      '写真 1.bmp',
      'a+b&c=d%20#?.bmp',
      "it's “quoted”.bmp",
      '🌲.bmp',
      '.hidden.bmp',
    ];
    await dataset.ingest(names.map((filename, index) => ({ filename, content: picture(index) })));
    expect([...(await dataset.names())].sort()).toEqual([...names].sort());
    for (const [index, filename] of names.entries()) {
      const contents = at(await dataset.asset(filename), 'contents', 'asset');
      const bytes = await fetch(textAt(contents, 'url'), { headers: headersAt(contents, 'headers') });
      expect(Buffer.from(await bytes.arrayBuffer()).equals(picture(index))).toBe(true);
    }
  });
});

describe('contents', () => {
  test('are there with contents=y alone, in list and get', async () => {
    const dataset = world().dataset();
    const assetId = await dataset.put('a.bmp', picture(1));
    const place = `${dataset.assetsPath}/${assetId}`;
    expect(at(await world().get(place), 'contents')).toBeUndefined();
    expect(at(await dataset.page(), 'items', 0, 'contents')).toBeUndefined();
    for (const asset of [
      await world().get(`${place}?contents=y`),
      at(await dataset.page({ contents: 'y' }), 'items', 0),
    ]) {
      expect(misfits(asset, assetShape)).toEqual([]);
      for (const which of ['asset', 'thumbnail']) {
        const contents = at(asset, 'contents', which);
        expect(misfits(contents, contentsShape)).toEqual([]);
        expect(textAt(contents, 'url')).toMatch(/^https?:\/\//);
        expect(numberAt(contents, 'expiry')).toBe(world().clock.now + QUARTER_HOUR);
        expect([undefined, null, 'GET']).toContain(at(contents, 'method'));
      }
    }
  });

  test('the URL gives the bytes without the key; the thumbnail is a picture', async () => {
    const dataset = world().dataset();
    const bytes = await fixture('good/scene.png');
    await dataset.put('scene.png', bytes);
    const asset = await dataset.asset('scene.png');
    const whole = at(asset, 'contents', 'asset');
    const response = await fetch(textAt(whole, 'url'), { headers: headersAt(whole, 'headers') });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    const small = at(asset, 'contents', 'thumbnail');
    const thumbnail = await fetch(textAt(small, 'url'), { headers: headersAt(small, 'headers') });
    expect(thumbnail.status).toBe(200);
    expect(thumbnail.headers.get('content-type')).toMatch(/^image\//);
    expect((await thumbnail.arrayBuffer()).byteLength).toBeGreaterThan(20);
  });

  test('the URL refuses the secret key, in any form', async () => {
    const dataset = world().dataset();
    await dataset.put('a.bmp', picture(1));
    const url = textAt(await dataset.asset('a.bmp'), 'contents', 'asset', 'url');
    expect((await world().raw('GET', url)).status).toBe(200);
    for (const value of [`Bearer ${world().sandbox.secretKey}`, 'Bearer x', 'Basic eDp5']) {
      const { status } = await world().raw('GET', url, { headers: { Authorization: value } });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });

  test('the URL can not be forged', async () => {
    const dataset = world().dataset();
    await dataset.put('a.bmp', picture(1));
    await dataset.put('b.bmp', picture(2));
    const url = new URL(textAt(await dataset.asset('a.bmp'), 'contents', 'asset', 'url'));
    const other = new URL(textAt(await dataset.asset('b.bmp'), 'contents', 'asset', 'url'));
    const forgeries: URL[] = [new URL(url.pathname, url)];
    const otherPath = new URL(url);
    otherPath.pathname = other.pathname;
    forgeries.push(otherPath);
    for (const [name, value] of url.searchParams) {
      const without = new URL(url);
      without.searchParams.delete(name);
      const changed = new URL(url);
      changed.searchParams.set(name, /^\d+$/.test(value) ? String(Number(value) + 1) : flipped(value));
      forgeries.push(without, changed);
    }
    expect(forgeries.length).toBeGreaterThan(2);
    for (const forgery of forgeries) {
      const { status, text } = await world().raw('GET', forgery.href);
      expect([400, 403, 404], forgery.href).toContain(status);
      expect(text).not.toContain('BM');
    }
    expect((await world().raw('GET', url.href)).status).toBe(200);
    expect((await world().raw('PUT', url.href, { body: 'x' })).status).toBeGreaterThanOrEqual(400);
  });

  test('the URL lives until its expiry and no longer', async () => {
    const dataset = world().dataset();
    await dataset.put('a.bmp', picture(1));
    const contents = at(await dataset.asset('a.bmp'), 'contents', 'asset');
    const url = textAt(contents, 'url');
    world().clock.now = numberAt(contents, 'expiry') - 1_000;
    expect((await world().raw('GET', url)).status).toBe(200);
    world().clock.now = numberAt(contents, 'expiry') + 1_000;
    expect([400, 403]).toContain((await world().raw('GET', url)).status);
    const fresh = textAt(await dataset.asset('a.bmp'), 'contents', 'asset', 'url');
    expect((await world().raw('GET', fresh)).status).toBe(200);
  });
});

describe('deletion', () => {
  test('2xx with an empty body, and the asset is gone with its annotations', async () => {
    const dataset = world().dataset();
    const assetId = await dataset.put('a.bmp', picture(1));
    await dataset.put('b.bmp', picture(2));
    dataset.annotate('a.bmp', { cat: 5 });
    const place = `${dataset.assetsPath}/${assetId}`;
    const gone = await world().call('DELETE', place);
    expect(gone.status).toBeGreaterThanOrEqual(200);
    expect(gone.status).toBeLessThan(300);
    expect(gone.text).toBe('');
    expect(await dataset.names()).toEqual(['b.bmp']);
    expect((await world().call('GET', place)).status).toBe(404);
    expect(await dataset.statistic()).toEqual({
      assetTotal: 1,
      annotationTotal: 0,
      tagsCount: {},
      assetAnnotated: 0,
    });
  });

  test('with a JSON content type and no body, as the official client sends it', async () => {
    const dataset = world().dataset();
    const assetId = await dataset.put('a.bmp', picture(1));
    const answer = await world().raw('DELETE', `${dataset.assetsPath}/${assetId}`, {
      headers: { ...world().credentials, 'Content-Type': 'application/json', Accept: 'application/json' },
    });
    expect(answer.status).toBeLessThan(300);
    expect(answer.text).toBe('');
  });

  test('once more: 404, and nothing else is touched', async () => {
    const dataset = world().dataset();
    const assetId = await dataset.put('a.bmp', picture(1));
    await dataset.put('b.bmp', picture(2));
    await world().call('DELETE', `${dataset.assetsPath}/${assetId}`);
    const again = await world().call('DELETE', `${dataset.assetsPath}/${assetId}`);
    expect(again.status).toBe(404);
    expect(misfits(again.json, errorShape)).toEqual([]);
    expect(await dataset.names()).toEqual(['b.bmp']);
  });

  test('the name is free again, for an asset of its own', async () => {
    const dataset = world().dataset();
    const before = await dataset.put('a.bmp', picture(1));
    dataset.annotate('a.bmp', { cat: 2 });
    await world().call('DELETE', `${dataset.assetsPath}/${before}`);
    await dataset.ingest([{ filename: 'a.bmp', content: picture(1) }]);
    const asset = await dataset.asset('a.bmp');
    expect(at(asset, 'assetId')).not.toBe(before);
    expect(at(asset, 'metadata', 'annotations')).toEqual({ withTag: {}, total: 0 });
  });
});

/** The same length, another text. */
function flipped(value: string): string {
  const last = value.at(-1) === 'a' ? 'b' : 'a';
  return value.slice(0, -1) + last;
}
