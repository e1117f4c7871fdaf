import { describe, expect, test } from 'vitest';
import { at, listAt, textAt } from './wire-json.ts';
import { fixture, picture, signedCrc32c } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { sessionShape } from './wire-tables.ts';
import {
  codesOf,
  conditionStatus,
  type Offer,
  PATIENT,
  progressOf,
  sharedWorld,
  WireDataset,
  WireWorld,
} from './wire-world.ts';

const world = sharedWorld();

/** A good file, and one that fails with ECORRUPT. */
const good = (filename: string, seed = 1): Offer => ({ filename, content: picture(seed) });
const corrupt = (filename: string, seed = 1): Offer => {
  const content = picture(seed);
  return { filename, content, crc32c: signedCrc32c(content) ^ 1 };
};

describe('checksums', () => {
  test('the pin of these tests: CRC-32C of its check text', () => {
    expect(signedCrc32c(Buffer.from('123456789'))).toBe(0xe3069283 - 2 ** 32);
    expect(signedCrc32c(Buffer.alloc(0))).toBe(0);
  });

  // Content whose checksum is above 2^31 when it is read as unsigned, and one below.
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const negative = seeds.find((seed) => signedCrc32c(picture(seed)) < 0) ?? -1;
  const positive = seeds.find((seed) => signedCrc32c(picture(seed)) > 0) ?? -1;

  test.each([
    ['negative', negative],
    ['positive', positive],
  ])('a %s one is right as a signed integer', async (_sign, seed) => {
    const session = await world()
      .dataset()
      .ingest([good('a.bmp', seed)]);
    expect(progressOf(session)).toEqual([1, 1, 0]);
  });

  test('an unsigned one is wrong', async () => {
    const dataset = world().dataset();
    const content = picture(negative);
    const answer = await dataset.offer([
      { filename: 'a.bmp', content, crc32c: signedCrc32c(content) + 2 ** 32 },
    ]);
    if (answer.status !== 400) {
      expect(answer.status).toBeLessThan(300);
      await dataset.upload(answer.json ?? null, 0, content);
      const session = await world().ended(textAt(answer.json, 'selfLink'));
      expect(codesOf(session)).toEqual({ 'a.bmp': 'ECORRUPT' });
    }
    expect(await dataset.names()).toEqual([]);
  });
});

describe('codes', () => {
  const cases: readonly (readonly [string, string, () => Offer | Promise<Offer>])[] = [
    ['ECORRUPT', 'another checksum', () => corrupt('x.bmp')],
    ['EBADSIZE', 'more bytes than said', () => ({ ...good('x.bmp'), size: picture(1).length - 1 })],
    ['EBADSIZE', 'fewer bytes than said', () => ({ ...good('x.bmp'), size: picture(1).length + 1 })],
    [
      'EBADMIME',
      'text',
      async () => ({
        filename: 'x.jpg',
        mime: 'image/jpeg',
        content: await fixture('hostile/text-named.jpg'),
      }),
    ],
    [
      'EBADMIME',
      'a film',
      async () => ({
        filename: 'x.jpg',
        mime: 'image/jpeg',
        content: await fixture('hostile/film-named.jpg'),
      }),
    ],
    [
      'EBADMIME',
      'a PDF',
      async () => ({
        filename: 'x.png',
        mime: 'image/png',
        content: await fixture('hostile/pdf-named.png'),
      }),
    ],
  ];

  test.each(cases)('%s: %s', async (code, _what, offer) => {
    const dataset = world().dataset();
    const bad = await offer();
    world().clock.now += 1_000;
    const session = await dataset.ingest([good('good.bmp'), bad]);
    expect(misfits(session, sessionShape)).toEqual([]);
    expect(codesOf(session)).toEqual({ [bad.filename]: code });
    expect(progressOf(session)).toEqual([2, 1, 1]);
    expect(await dataset.names()).toEqual(['good.bmp']);
    const errors = listAt(session, 'status', 'events').filter((event) => at(event, 'kind') === 'Error');
    expect(errors.map((event) => at(event, 'time'))).toEqual([world().clock.now]);
  });

  test('content of another image format than it is called is taken: the major type is the same', async () => {
    const dataset = world().dataset();
    const content = await fixture('hostile/png-named.jpg');
    const session = await dataset.ingest([{ filename: 'x.jpg', mime: 'image/jpeg', content }]);
    expect(progressOf(session)).toEqual([1, 1, 0]);
  });

  test('EALREADY: the same bytes under the same name', async () => {
    const dataset = world().dataset();
    await dataset.ingest([good('a.bmp')]);
    const before = await dataset.asset('a.bmp');
    world().clock.now += 1_000;
    const session = await dataset.ingest([good('a.bmp'), good('b.bmp')]);
    expect(codesOf(session)).toEqual({ 'a.bmp': 'EALREADY' });
    expect(progressOf(session)).toEqual([2, 1, 1]);
    expect(at(await dataset.asset('a.bmp'), 'metadata')).toEqual(at(before, 'metadata'));
  });

  test('ETIMEOUT: a file that never comes', async () => {
    await world().switched({ urlLifetimeMs: 150 }, async () => {
      const dataset = world().dataset();
      const session = await dataset.session([good('a.bmp'), good('late.bmp', 2)]);
      await dataset.upload(session, 0, picture(1));
      world().clock.now += 1_000;
      const done = await world().ended(textAt(session, 'selfLink'));
      expect(misfits(done, sessionShape)).toEqual([]);
      expect(codesOf(done)).toEqual({ 'late.bmp': 'ETIMEOUT' });
      expect(progressOf(done)).toEqual([2, 1, 1]);
      expect(await dataset.names()).toEqual(['a.bmp']);
    });
  });
});

describe('ENOQUOTA', () => {
  test('five data rows for an image; deleting gives them back; another version needs none', async () => {
    const small = await WireWorld.start({ limits: { dataRows: 12 } });
    try {
      const { datasetId } = small.sandbox.createDataset({ name: 'Small' });
      const dataset = new WireDataset(small, datasetId);
      const session = await dataset.ingest([good('a.bmp', 1), good('b.bmp', 2), good('c.bmp', 3)]);
      expect(misfits(session, sessionShape)).toEqual([]);
      expect(progressOf(session)).toEqual([3, 2, 1]);
      expect(Object.values(codesOf(session))).toEqual(['ENOQUOTA']);
      expect(small.sandbox.dataRows()).toEqual({ used: 10, limit: 12 });

      const [kept, other] = await dataset.names({ sortBy: 'filename' });
      if (kept === undefined || other === undefined) throw new Error('Two files fit.');
      const again = await dataset.ingest([good(kept, 9)]);
      expect(codesOf(again)).toEqual({});
      dataset.annotate(kept, { cat: 2 });
      expect(small.sandbox.dataRows()).toEqual({ used: 12, limit: 12 });

      await small.call('DELETE', textAt(await dataset.asset(kept), 'selfLink'));
      expect(small.sandbox.dataRows()).toEqual({ used: 5, limit: 12 });
      expect(codesOf(await dataset.ingest([good('d.bmp', 4)]))).toEqual({});
      expect(small.sandbox.dataRows()).toEqual({ used: 10, limit: 12 });
    } finally {
      await small.close();
    }
  });
});

describe('failure modes', () => {
  test('FailAfterAll goes on, and tells of every file', async () => {
    const dataset = world().dataset();
    const text = await fixture('hostile/text-named.jpg');
    const session = await dataset.ingest([
      corrupt('bad-1.bmp'),
      good('good-1.bmp', 2),
      { ...good('bad-2.bmp', 3), size: 1 },
      { filename: 'bad-3.jpg', mime: 'image/jpeg', content: text },
      good('good-2.bmp', 4),
    ]);
    expect(misfits(session, sessionShape)).toEqual([]);
    expect(codesOf(session)).toEqual({
      'bad-1.bmp': 'ECORRUPT',
      'bad-2.bmp': 'EBADSIZE',
      'bad-3.jpg': 'EBADMIME',
    });
    expect(progressOf(session)).toEqual([5, 2, 3]);
    expect(await dataset.names({ sortBy: 'filename' })).toEqual(['good-1.bmp', 'good-2.bmp']);
  });

  test.each(['Reached', 'FailedReach'] as const)('FailAfterAll with errors ends %s', async (end) => {
    await world().switched({ failAfterAllWithErrors: end }, async () => {
      const session = await world()
        .dataset()
        .ingest([corrupt('bad.bmp'), good('good.bmp')]);
      expect(conditionStatus(session, 'Finished')).toBe(end);
      expect(progressOf(session)).toEqual([2, 1, 1]);
    });
  });

  test('FailAfterOne ends at the first error, without waiting for the others', async () => {
    const dataset = world().dataset();
    const offers = [good('a.bmp', 1), corrupt('b.bmp', 2), good('c.bmp', 3)];
    const session = await dataset.session(offers, { failureMode: 'FailAfterOne' });
    const selfLink = textAt(session, 'selfLink');
    await dataset.upload(session, 0, picture(1));
    await expect.poll(async () => progressOf(await world().get(selfLink)), PATIENT).toEqual([3, 1, 0]);
    await dataset.upload(session, 1, picture(2));
    const failed = await world().ended(selfLink);
    expect(misfits(failed, sessionShape)).toEqual([]);
    expect(conditionStatus(failed, 'Finished')).toBe('FailedReach');
    expect(at(codesOf(failed), 'b.bmp')).toBe('ECORRUPT');
    const [total, succeeded, errored] = progressOf(failed);
    expect(total).toBe(3);
    expect(errored).toBeGreaterThanOrEqual(1);
    expect(await dataset.names()).toHaveLength(succeeded ?? -1);

    // Too late: whatever the PUT answers, the file does not come in.
    await dataset.upload(session, 2, picture(3));
    expect(await dataset.names()).not.toContain('c.bmp');
    expect(conditionStatus(await world().get(selfLink), 'Finished')).toBe('FailedReach');
  });

  test('FailAfterOne without an error ends as any other', async () => {
    const session = await world()
      .dataset()
      .ingest([good('a.bmp', 1), good('b.bmp', 2)], { failureMode: 'FailAfterOne' });
    expect(conditionStatus(session, 'Finished')).toBe('Reached');
    expect(progressOf(session)).toEqual([2, 2, 0]);
  });
});
