import { beforeAll, describe, expect, test } from 'vitest';
import { at, type Json, listAt, numberAt, textAt } from './wire-json.ts';
import { picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { assetShape, errorShape } from './wire-tables.ts';
import { namesOf, sharedWorld, type WireDataset } from './wire-world.ts';

const world = sharedWorld();

/** `image-07.bmp`: names that every collation orders alike. */
const nameOf = (index: number) => `image-${String(index).padStart(2, '0')}.bmp`;

/** Assets whose name, size and time of contents order them in three ways, no two alike in any. */
async function fill(dataset: WireDataset, count: number, from = 0): Promise<void> {
  const steps = Array.from({ length: count }, (_, index) => from + index);
  for (const index of steps) {
    world().clock.now += 1_000;
    await dataset.put(nameOf((index * 31) % 97), picture(index, 4 + ((index * 17) % 89), 3));
  }
}

const criteria: readonly (readonly [string, (asset: Json) => string | number])[] = [
  ['assetId', (asset) => textAt(asset, 'assetId')],
  ['filename', (asset) => textAt(asset, 'filename')],
  ['lastModified.contents', (asset) => numberAt(asset, 'metadata', 'contentsLastUpdated')],
  ['metadata.fileSize', (asset) => numberAt(asset, 'metadata', 'fileSize')],
];
const sortings = ['default', ...criteria.map(([name]) => name)];

describe('pages', () => {
  let dataset: WireDataset;
  beforeAll(async () => {
    dataset = world().dataset();
    await fill(dataset, 57);
  }, 30_000);

  test('ten assets unless told otherwise, each with every field', async () => {
    const page = await dataset.page();
    expect(listAt(page, 'items')).toHaveLength(10);
    for (const item of listAt(page, 'items')) expect(misfits(item, assetShape)).toEqual([]);
  });

  test.each(['1', '7', '57', '58', '1000'])('of %s', async (s) => {
    const page = await dataset.page({ s });
    expect(listAt(page, 'items')).toHaveLength(Math.min(57, Number(s)));
    expect(typeof at(page, 'nextPage')).toBe(Number(s) < 57 ? 'string' : 'undefined');
  });

  test.each(['0', '-1', '1001', '99999999999', 'ten', '1.5', ''])('of “%s”: refused', async (s) => {
    const answer = await world().call('GET', dataset.listPlace({ s }));
    expect(answer.status).toBe(400);
    expect(misfits(answer.json, errorShape)).toEqual([]);
  });

  test('a token that was never given: refused', async () => {
    for (const p of ['nonsense', '2', 'eyJhIjoxfQ==', 'x'.repeat(3_000)]) {
      expect((await world().call('GET', dataset.listPlace({ p }))).status, p).toBe(400);
    }
  });

  test.each(sortings.flatMap((sortBy) => [[sortBy, 'asc'] as const, [sortBy, 'd'] as const]))(
    'there and back by %s, %s: each asset once, in one order',
    async (sortBy, o) => {
      const query = { sortBy, o };
      const pages = await dataset.walk(query);
      expect(pages.map((page) => listAt(page, 'items').length)).toEqual([10, 10, 10, 10, 10, 7]);
      expect(at(pages[0], 'prevPage')).toBeUndefined();
      expect(at(pages.at(-1), 'nextPage')).toBeUndefined();
      const there = namesOf(pages);
      expect(new Set(there).size).toBe(57);
      expect(namesOf([await dataset.page({ ...query, s: '1000' })])).toEqual(there);

      const back = [pages.at(-1) ?? null];
      for (let token = at(back[0], 'prevPage'); token !== undefined; token = at(back[0], 'prevPage')) {
        back.unshift(await dataset.page({ ...query, p: textAt(token) }));
        if (back.length > 20) throw new Error('The way back does not end.');
      }
      expect(namesOf(back)).toEqual(there);
    },
  );

  test('prevPage of the second page leads to the first, and on again', async () => {
    const first = await dataset.page();
    const second = await dataset.page({ p: textAt(first, 'nextPage') });
    const again = await dataset.page({ p: textAt(second, 'prevPage') });
    expect(namesOf([again])).toEqual(namesOf([first]));
    const onward = await dataset.page({ p: textAt(again, 'nextPage') });
    expect(namesOf([onward])).toEqual(namesOf([second]));
  });

  test('contents on every page', async () => {
    const pages = await dataset.walk({ contents: 'y', s: '20' });
    const items = pages.flatMap((page) => listAt(page, 'items'));
    expect(items).toHaveLength(57);
    for (const item of items) expect(textAt(item, 'contents', 'asset', 'url')).toMatch(/^http/);
  });

  test('pageAfter=y and strictQuery=y list everything too', async () => {
    const all = [...(await dataset.names())].sort();
    expect([...namesOf(await dataset.walk({ pageAfter: 'y' }))].sort()).toEqual(all);
    expect([...namesOf(await dataset.walk({ strictQuery: 'y' }))].sort()).toEqual(all);
  });

  test('none: an empty list without tokens; ten: one page without a next one', async () => {
    const empty = world().dataset();
    expect(await empty.page()).toEqual({ items: [] });
    const ten = world().dataset();
    await fill(ten, 10);
    const page = await ten.page();
    expect(listAt(page, 'items')).toHaveLength(10);
    expect(at(page, 'nextPage')).toBeUndefined();
  });
});

describe('order', () => {
  let dataset: WireDataset;
  beforeAll(async () => {
    dataset = world().dataset();
    await fill(dataset, 24);
  }, 30_000);

  test.each(criteria)('by %s: ascending unless descending is asked for', async (sortBy, keyOf) => {
    const items = async (query: Record<string, string>) =>
      listAt(await dataset.page({ s: '1000', sortBy, ...query }), 'items').map(keyOf);
    const ascending = await items({});
    expect(ascending).toHaveLength(24);
    for (const [index, key] of ascending.entries()) {
      const previous = ascending[index - 1];
      if (previous !== undefined) expect(key > previous, `${previous} < ${key}`).toBe(true);
    }
    expect(await items({ o: 'asc' })).toEqual(ascending);
    const descending = ascending.toReversed();
    expect(await items({ o: 'desc' })).toEqual(descending);
    expect(await items({ o: 'd' })).toEqual(descending);
  });

  test('default: the same order every time, and with no sortBy at all', async () => {
    const plain = await dataset.names();
    expect(await dataset.names({ sortBy: 'default' })).toEqual(plain);
    expect(await dataset.names({ sortBy: 'default', o: 'd' })).toEqual(plain.toReversed());
  });

  test('equal keys: still each asset once', async () => {
    const same = world().dataset();
    for (let index = 0; index < 23; index++) await same.put(nameOf(index), picture(index));
    for (const sortBy of ['metadata.fileSize', 'lastModified.contents', 'default']) {
      for (const o of ['asc', 'desc']) {
        const names = namesOf(await same.walk({ sortBy, o, s: '4' }));
        expect([...names].sort()).toEqual(Array.from({ length: 23 }, (_, index) => nameOf(index)));
      }
    }
  });

  test.each(['size', 'metadata', 'metadata.filesize', 'assetID', 'constructor', ''])(
    'by “%s”, which is no criterion: refused',
    async (sortBy) => {
      const answer = await world().call('GET', dataset.listPlace({ sortBy }));
      expect(answer.status).toBe(400);
      expect(misfits(answer.json, errorShape)).toEqual([]);
    },
  );
});

describe('changes during a walk', () => {
  // Which assets stay, which go and which come is the same for each order: every order has all three ahead and behind.
  test.each(sortings.flatMap((sortBy) => [[sortBy, 'asc'] as const, [sortBy, 'desc'] as const]))(
    'by %s, %s: what is there throughout is given once',
    async (sortBy, o) => {
      const dataset = world().dataset();
      await fill(dataset, 30);
      const before = listAt(await dataset.page({ s: '1000', sortBy, o }), 'items');
      const doomed = [0, 3, 7, 8, 12, 20, 29].map((index) => before[index] ?? null);
      const stays = before.filter((item) => !doomed.includes(item)).map((item) => textAt(item, 'filename'));
      let added = 30;
      const pages = await dataset.walk({ sortBy, o, s: '5' }, async () => {
        const victim = doomed.pop();
        if (victim !== undefined) await world().call('DELETE', textAt(victim, 'selfLink'));
        await fill(dataset, 2, added);
        added += 2;
      });
      const given = namesOf(pages);
      expect(new Set(given).size).toBe(given.length);
      expect(given.filter((name) => stays.includes(name))).toEqual(stays);
    },
  );

  test('a token outlives the asset that it was made at', async () => {
    const dataset = world().dataset();
    await fill(dataset, 20);
    const all = await dataset.names({ sortBy: 'filename' });
    const first = await dataset.page({ sortBy: 'filename', s: '5' });
    for (const item of listAt(first, 'items')) await world().call('DELETE', textAt(item, 'selfLink'));
    const second = await dataset.page({ sortBy: 'filename', s: '5', p: textAt(first, 'nextPage') });
    expect(namesOf([second])).toEqual(all.slice(5, 10));
  });
});
