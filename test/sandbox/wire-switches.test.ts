import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { at, type Json, numberAt, textAt } from './wire-json.ts';
import { picture, signedCrc32c } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { assetShape, errorShape, sessionShape } from './wire-tables.ts';
import {
  codesOf,
  condition,
  conditionStatus,
  PATIENT,
  progressOf,
  START,
  sharedWorld,
} from './wire-world.ts';

const world = sharedWorld();

const one = (seed: number) => [{ filename: 'a.bmp', content: picture(seed) }];

describe('uploading an existing filename', () => {
  test('by itself the sandbox overwrites, and keeps the assetId', async () => {
    const dataset = world().dataset();
    await dataset.ingest(one(1));
    const before = await dataset.asset('a.bmp');
    const session = await dataset.ingest(one(2));
    expect(progressOf(session)).toEqual([1, 1, 0]);
    const after = await dataset.asset('a.bmp');
    expect(at(after, 'assetId')).toBe(at(before, 'assetId'));
    expect(at(after, 'metadata', 'hash')).not.toEqual(at(before, 'metadata', 'hash'));
    expect(await dataset.names()).toEqual(['a.bmp']);
  });

  test('EALREADY: the asset stays as it was', async () => {
    await world().switched({ existingFilename: 'EALREADY' }, async () => {
      const dataset = world().dataset();
      await dataset.ingest(one(1));
      dataset.annotate('a.bmp', { cat: 2 });
      const before = await dataset.asset('a.bmp');
      const session = await dataset.ingest(one(2));
      expect(misfits(session, sessionShape)).toEqual([]);
      expect(codesOf(session)).toEqual({ 'a.bmp': 'EALREADY' });
      expect(progressOf(session)).toEqual([1, 0, 1]);
      expect(at(await dataset.asset('a.bmp'), 'metadata')).toEqual(at(before, 'metadata'));
    });
  });

  test('a new assetId: the old one is gone, and there is still one asset', async () => {
    await world().switched({ overwrittenAssetId: 'new' }, async () => {
      const dataset = world().dataset();
      await dataset.ingest(one(1));
      const before = await dataset.asset('a.bmp');
      await dataset.ingest(one(2));
      const after = await dataset.asset('a.bmp');
      expect(misfits(after, assetShape)).toEqual([]);
      expect(at(after, 'assetId')).not.toBe(at(before, 'assetId'));
      expect((await world().call('GET', textAt(before, 'selfLink'))).status).toBe(404);
      expect(await world().get(textAt(after, 'selfLink'))).toMatchObject({ filename: 'a.bmp' });
      expect(await dataset.names()).toEqual(['a.bmp']);
      expect(at(await dataset.statistic(), 'assetTotal')).toBe(1);
    });
  });

  test('a new assetId can keep the annotations too', async () => {
    await world().switched({ overwrittenAssetId: 'new' }, async () => {
      const dataset = world().dataset();
      await dataset.ingest(one(1));
      dataset.annotate('a.bmp', { cat: 2 });
      await dataset.ingest(one(2), { onAssetOverwritten: 'KeepLinkedResource' });
      const annotations = at(await dataset.asset('a.bmp'), 'metadata', 'annotations');
      expect(annotations).toEqual({ withTag: { cat: 2 }, total: 2 });
      expect(at(await dataset.statistic(), 'annotationTotal')).toBe(2);
    });
  });
});

describe('identical bytes', () => {
  test('EALREADY by itself, in both retention modes: the annotations stay', async () => {
    for (const onAssetOverwritten of ['RemoveLinkedResource', 'KeepLinkedResource']) {
      const dataset = world().dataset();
      await dataset.ingest(one(1));
      dataset.annotate('a.bmp', { cat: 2 });
      const session = await dataset.ingest(one(1), { onAssetOverwritten });
      expect(codesOf(session)).toEqual({ 'a.bmp': 'EALREADY' });
      expect(at(await dataset.statistic(), 'annotationTotal')).toBe(2);
    }
  });

  test('under another name they are another asset', async () => {
    const dataset = world().dataset();
    const session = await dataset.ingest([...one(1), { filename: 'b.bmp', content: picture(1) }]);
    expect(codesOf(session)).toEqual({});
    expect(await dataset.names({ sortBy: 'filename' })).toEqual(['a.bmp', 'b.bmp']);
  });

  test('overwrite: the upload succeeds, and the annotations go as with other bytes', async () => {
    await world().switched({ identicalBytes: 'overwrite' }, async () => {
      const dataset = world().dataset();
      await dataset.ingest(one(1));
      dataset.annotate('a.bmp', { cat: 2 });
      world().clock.now += 1_000;
      const kept = await dataset.ingest(one(1), { onAssetOverwritten: 'KeepLinkedResource' });
      expect(progressOf(kept)).toEqual([1, 1, 0]);
      expect(at(await dataset.asset('a.bmp'), 'metadata', 'contentsLastUpdated')).toBe(world().clock.now);
      expect(at(await dataset.statistic(), 'annotationTotal')).toBe(2);
      const removed = await dataset.ingest(one(1), { onAssetOverwritten: 'RemoveLinkedResource' });
      expect(progressOf(removed)).toEqual([1, 1, 0]);
      expect(at(await dataset.statistic(), 'annotationTotal')).toBe(0);
    });
  });
});

describe('metadata.hash', () => {
  const bytes = picture(7);
  const crc = Buffer.alloc(4);
  crc.writeInt32BE(signedCrc32c(bytes));
  const digests = {
    sha256: createHash('sha256').update(bytes).digest(),
    md5: createHash('md5').update(bytes).digest(),
    sha1: createHash('sha1').update(bytes).digest(),
    crc32c: crc,
  } as const;

  async function hashOf(algorithm: keyof typeof digests | 'none', encoding: 'hex' | 'base64') {
    return world().switched({ hashAlgorithm: algorithm, hashEncoding: encoding }, async () => {
      const dataset = world().dataset();
      await dataset.ingest(one(7));
      const asset = await dataset.asset('a.bmp');
      expect(misfits(asset, assetShape)).toEqual([]);
      expect(await world().get(textAt(asset, 'selfLink'))).toMatchObject({
        metadata: { hash: at(asset, 'metadata', 'hash') },
      });
      return at(asset, 'metadata', 'hash');
    });
  }

  for (const algorithm of ['sha256', 'md5', 'sha1', 'crc32c'] as const) {
    for (const encoding of ['hex', 'base64'] as const) {
      test(`${algorithm} in ${encoding}`, async () => {
        const contents = digests[algorithm].toString(encoding);
        expect(await hashOf(algorithm, encoding)).toEqual({ algorithm, contents });
      });
    }
  }

  test('none: the field is there, and tells nothing', async () => {
    expect(await hashOf('none', 'hex')).toMatchObject({ contents: '' });
  });
});

describe('delayed listing', () => {
  test('a finished upload shows in listings only after its time', async () => {
    await world().switched({ listingDelayMs: 30_000 }, async () => {
      const dataset = world().dataset();
      const session = await dataset.ingest(one(1));
      expect(conditionStatus(session, 'Finished')).toBe('Reached');
      expect(progressOf(session)).toEqual([1, 1, 0]);
      expect(await dataset.names()).toEqual([]);
      world().clock.now += 29_000;
      expect(await dataset.names()).toEqual([]);
      world().clock.now += 2_000;
      expect(await dataset.names()).toEqual(['a.bmp']);
    });
  });

  test('a new version: the old one until then, bytes and all', async () => {
    const dataset = world().dataset();
    await dataset.ingest(one(1));
    const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
    const listed = async () => {
      const asset = await dataset.asset('a.bmp');
      const url = textAt(asset, 'contents', 'asset', 'url');
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect(at(asset, 'metadata', 'hash', 'contents')).toBe(hash(bytes));
      return hash(bytes);
    };
    await world().switched({ listingDelayMs: 30_000 }, async () => {
      await dataset.ingest(one(2));
      expect(await listed()).toBe(hash(picture(1)));
      world().clock.now += 31_000;
      expect(await listed()).toBe(hash(picture(2)));
    });
  });
});

describe('how long sessions take', () => {
  test('at least sessionMinimumMs', async () => {
    await world().switched({ sessionMinimumMs: 60_000 }, async () => {
      const dataset = world().dataset();
      const session = await dataset.session(one(1));
      const selfLink = textAt(session, 'selfLink');
      await dataset.upload(session, 0, picture(1));
      await expect.poll(async () => progressOf(await world().get(selfLink)), PATIENT).toEqual([1, 1, 0]);
      expect(conditionStatus(await world().get(selfLink), 'Finished')).toBe('Waiting');
      world().clock.now += 60_001;
      const done = await world().ended(selfLink);
      expect(conditionStatus(done, 'Finished')).toBe('Reached');
      const took =
        numberAt(condition(done, 'Finished'), 'lastTransitionTime') -
        numberAt(done, 'metadata', 'timeCreated');
      expect(took).toBeGreaterThanOrEqual(60_000);
    });
  });

  test('fileProcessingMs for each file', async () => {
    await world().switched({ fileProcessingMs: 40 }, async () => {
      const offers = [1, 2, 3].map((seed) => ({ filename: `${seed}.bmp`, content: picture(seed) }));
      const began = performance.now();
      const session = await world().dataset().ingest(offers);
      // Timers may be a little early.
      expect(performance.now() - began).toBeGreaterThan(3 * 40 - 5);
      expect(progressOf(session)).toEqual([3, 3, 0]);
    });
  });

  test.each([
    ['listed', ['a.bmp', 'b.bmp', 'c.bmp', 'd.bmp']],
    ['reversed', ['d.bmp', 'c.bmp', 'b.bmp', 'a.bmp']],
    ['arrival', ['c.bmp', 'a.bmp', 'd.bmp', 'b.bmp']],
  ] as const)('files finish in the order: %s', async (finishOrder, expected) => {
    const { clock } = world();
    clock.tick = 1;
    onTestFinished(() => {
      clock.tick = 0;
    });
    await world().switched({ finishOrder }, async () => {
      const dataset = world().dataset();
      const offers = [...'abcd'].map((letter, index) => ({
        filename: `${letter}.bmp`,
        content: picture(index),
      }));
      const session = await dataset.session(offers);
      for (const index of [2, 0, 3, 1]) await dataset.upload(session, index, picture(index));
      await world().ended(textAt(session, 'selfLink'));
      expect(await dataset.names({ sortBy: 'lastModified.contents' })).toEqual(expected);
    });
  });
});

describe('signed URLs', () => {
  test.each([400, 403] as const)('live as long as they are told to, and end with %s', async (status) => {
    await world().switched({ urlLifetimeMs: 20_000, expiredUrlStatus: status }, async () => {
      const dataset = world().dataset();
      await dataset.put('a.bmp', picture(1));
      const contents = at(await dataset.asset('a.bmp'), 'contents', 'asset');
      expect(numberAt(contents, 'expiry')).toBe(world().clock.now + 20_000);
      const url = textAt(contents, 'url');
      world().clock.now += 19_000;
      expect((await world().raw('GET', url)).status).toBe(200);
      world().clock.now += 2_000;
      expect((await world().raw('GET', url)).status).toBe(status);
    });
  });
});

describe('deleting what is gone', () => {
  test('2xx with an empty body where it is switched so; 404 by itself', async () => {
    const dataset = world().dataset();
    await dataset.put('a.bmp', picture(1));
    const place = textAt(await dataset.asset('a.bmp'), 'selfLink');
    await world().switched({ deleteMissing: 'ok' }, async () => {
      for (const missing of [place, place, `${dataset.assetsPath}/never-there`]) {
        const answer = await world().call('DELETE', missing);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(300);
        expect(answer.text).toBe('');
      }
    });
    const refused = await world().call('DELETE', place);
    expect(refused.status).toBe(404);
    expect(misfits(refused.json, errorShape)).toEqual([]);
  });
});

describe("the service's clock", () => {
  const HOUR = 3_600_000;
  test.each([
    ['ahead', 5 * HOUR],
    ['behind', -5 * HOUR],
  ])('%s: every time is the service’s, and its URLs live by it', async (_how, clockOffsetMs) => {
    await world().switched({ clockOffsetMs }, async () => {
      const service = world().clock.now + clockOffsetMs;
      const dataset = world().dataset();
      const session = await dataset.session(one(1));
      const upload: Json | undefined = at(session, 'status', 'assets', 0, 'upload');
      expect(numberAt(upload, 'expiry')).toBe(service + 15 * 60_000);
      expect((await dataset.upload(session, 0, picture(1))).status).toBeLessThan(300);
      const done = await world().ended(textAt(session, 'selfLink'));
      expect(at(done, 'metadata', 'timeCreated')).toBe(service);
      expect(at(condition(done, 'Finished'), 'lastTransitionTime')).toBe(service);
      const asset = await dataset.asset('a.bmp');
      expect(at(asset, 'metadata')).toMatchObject({ timeCreated: service, contentsLastUpdated: service });
      expect(numberAt(asset, 'contents', 'asset', 'expiry')).toBe(service + 15 * 60_000);
      const url = textAt(asset, 'contents', 'asset', 'url');
      expect((await world().raw('GET', url)).status).toBe(200);
      expect(at(await world().get(dataset.path), 'createDate')).toBe(service);
    });
  });

  test('stands where these tests put it', () => {
    expect(world().clock.now).toBeGreaterThanOrEqual(START);
  });
});
