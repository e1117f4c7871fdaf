import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../app/sandbox/sandbox.ts';
import { makeBmp } from './bmp.ts';
import { type ApiCaller, withSandbox } from './with-sandbox.ts';

/** Five assets; each order sorts them in another way. */
async function withFive() {
  let now = 1_000;
  const { sandbox, api } = await withSandbox({ now: () => now });
  for (const [name, width] of [
    ['c.bmp', 3],
    ['a.bmp', 5],
    ['e.bmp', 1],
    ['b.bmp', 2],
    ['d.bmp', 4],
  ] as const) {
    await sandbox.addAsset('ds', { filename: name, content: { bytes: makeBmp(width, 1) } });
    now += 10;
  }
  // c is the first one made, and the last one whose content changed.
  await sandbox.addAsset('ds', { filename: 'c.bmp', content: { bytes: makeBmp(3, 1, 9) } });
  now += 10;
  return { sandbox, api };
}

async function names(api: ApiCaller, query: Record<string, string> = {}): Promise<string[]> {
  return (await api.list(query)).items.map(({ filename }) => filename[0] ?? '');
}

async function add(sandbox: Sandbox, filename: string, seed = 0): Promise<void> {
  await sandbox.addAsset('ds', { filename, content: { bytes: makeBmp(1, 1, seed) } });
}

describe('a listing', () => {
  test.each([
    ['default', 'caebd'],
    ['filename', 'abcde'],
    ['metadata.fileSize', 'ebcda'],
    ['lastModified.contents', 'aebdc'],
  ])('sorts by %s', async (sortBy, order) => {
    const { api } = await withFive();
    expect((await names(api, { sortBy })).join('')).toBe(order);
    expect((await names(api, { sortBy, o: 'asc' })).join('')).toBe(order);
    const reverse = order.split('').reverse().join('');
    expect((await names(api, { sortBy, o: 'd' })).join('')).toBe(reverse);
    expect((await names(api, { sortBy, o: 'desc' })).join('')).toBe(reverse);
  });

  test('sorts by assetId', async () => {
    const { api } = await withFive();
    const ids = (await api.list({ sortBy: 'assetId' })).items.map(({ assetId }) => assetId);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toHaveLength(5);
  });

  test.each(['default', 'assetId', 'filename', 'lastModified.contents', 'metadata.fileSize'])(
    'goes page by page forth and back, by %s, both ways',
    async (sortBy) => {
      const { api } = await withFive();
      for (const o of ['asc', 'd']) {
        const all = await names(api, { sortBy, o });
        const first = await api.list({ sortBy, o, s: '2' });
        expect(first.prevPage).toBeUndefined();
        const second = await api.list({ sortBy, o, s: '2', p: first.nextPage ?? '' });
        const third = await api.list({ sortBy, o, s: '2', p: second.nextPage ?? '' });
        expect(third.nextPage).toBeUndefined();
        const pages = [first, second, third].map(({ items }) => items.map(({ filename }) => filename[0]));
        expect(pages).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)]);

        const back = await api.list({ sortBy, o, s: '2', p: third.prevPage ?? '' });
        expect(back.items).toEqual(second.items);
        const start = await api.list({ sortBy, o, s: '2', p: back.prevPage ?? '' });
        expect(start.items).toEqual(first.items);
        expect(start.prevPage).toBeUndefined();
        const again = await api.list({ sortBy, o, s: '2', p: start.nextPage ?? '' });
        expect(again.items).toEqual(second.items);
      }
    },
  );

  test('has 10 items a page when nobody says how many, and at most 1,000', async () => {
    const { sandbox, api } = await withSandbox();
    for (let count = 0; count < 12; count++) await add(sandbox, `${count}.bmp`, count);
    expect((await api.list()).items).toHaveLength(10);
    expect((await api.list({ s: '1' })).items).toHaveLength(1);
    expect((await api.list({ s: '1000' })).items).toHaveLength(12);
    for (const s of ['0', '1001', '-1', 'x', '1.5']) {
      expect((await api.fetch(`${api.dataset}/assets?s=${s}`)).status, s).toBe(400);
    }
  });

  test('has no neighbours when everything is on one page', async () => {
    const { api } = await withFive();
    expect(await api.list({ s: '5' })).not.toHaveProperty('nextPage');
    const empty = await withSandbox();
    expect(await empty.api.list()).toEqual({ items: [] });
  });

  test('insertions between two pages neither repeat nor skip', async () => {
    const { sandbox, api } = await withFive();
    const first = await api.list({ sortBy: 'filename', s: '2' });
    await add(sandbox, 'aa.bmp');
    await add(sandbox, 'bb.bmp');
    const second = await api.list({ sortBy: 'filename', s: '2', p: first.nextPage ?? '' });
    expect(second.items.map(({ filename }) => filename)).toEqual(['bb.bmp', 'c.bmp']);
    const back = await api.list({ sortBy: 'filename', s: '2', p: second.prevPage ?? '' });
    expect(back.items.map(({ filename }) => filename)).toEqual(['aa.bmp', 'b.bmp']);
  });

  test('a token outlives the item that it names', async () => {
    const { api } = await withFive();
    const first = await api.list({ sortBy: 'filename', s: '2' });
    for (const { selfLink } of first.items) await api.fetch(selfLink, 'DELETE');
    const second = await api.list({ sortBy: 'filename', s: '2', p: first.nextPage ?? '' });
    expect(second.items.map(({ filename }) => filename)).toEqual(['c.bmp', 'd.bmp']);
    expect(second.prevPage).toBeUndefined();
  });

  test('a page after everything is gone still leads back', async () => {
    const { api } = await withFive();
    const first = await api.list({ sortBy: 'filename', s: '3' });
    const rest = await api.list({ sortBy: 'filename', s: '3', p: first.nextPage ?? '' });
    for (const { selfLink } of rest.items) await api.fetch(selfLink, 'DELETE');
    const empty = await api.list({ sortBy: 'filename', s: '3', p: first.nextPage ?? '' });
    expect(empty.items).toEqual([]);
    const back = await api.list({ sortBy: 'filename', s: '3', p: empty.prevPage ?? '' });
    expect(back.items).toEqual(first.items);
  });

  test('equal sort values are told apart', async () => {
    const { sandbox, api } = await withSandbox({ now: () => 5 });
    for (let count = 0; count < 7; count++) await add(sandbox, `${count}.bmp`, count);
    for (const sortBy of ['metadata.fileSize', 'lastModified.contents']) {
      const seen: string[] = [];
      let p: string | undefined;
      do {
        const page = await api.list({ sortBy, s: '2', ...(p === undefined ? {} : { p }) });
        seen.push(...page.items.map(({ filename }) => filename));
        p = page.nextPage;
      } while (p !== undefined);
      expect(seen).toEqual(['0.bmp', '1.bmp', '2.bmp', '3.bmp', '4.bmp', '5.bmp', '6.bmp']);
    }
  });

  test('refuses tokens that are none, and those of another order', async () => {
    const { api } = await withFive();
    const { nextPage = '' } = await api.list({ sortBy: 'filename', s: '2' });
    for (const query of [
      'p=nonsense',
      'p=%7B%7D',
      `p=${nextPage}`,
      `p=${nextPage}&sortBy=filename&o=d`,
      'sortBy=size',
      'o=up',
    ]) {
      const response = await api.fetch(`${api.dataset}/assets?${query}`);
      expect(response.status, query).toBe(400);
      expect(await response.json()).toMatchObject({ error: 'ValidationFailed' });
    }
  });

  test('pageAfter begins after an asset, in any order', async () => {
    const { api } = await withFive();
    const { assetId } = await api.asset('b.bmp');
    expect(await names(api, { sortBy: 'filename', pageAfter: 'y', p: assetId })).toEqual(['c', 'd', 'e']);
    expect(await names(api, { sortBy: 'filename', o: 'd', pageAfter: 'y', p: assetId })).toEqual(['a']);
    const { nextPage = '' } = await api.list({ sortBy: 'filename', s: '1', pageAfter: 'y', p: assetId });
    expect(await names(api, { sortBy: 'filename', pageAfter: 'y', p: nextPage })).toEqual(['d', 'e']);
    expect((await api.fetch(`${api.dataset}/assets?pageAfter=y&p=none`)).status).toBe(400);
  });

  test('unknown parameters are ignored', async () => {
    const { api } = await withFive();
    expect(await names(api, { colour: 'red', sortBy: 'filename' })).toHaveLength(5);
  });

  test('of datasets goes page by page forth and back', async () => {
    const { sandbox, api } = await withSandbox();
    for (const name of ['two', 'three', 'four', 'five']) sandbox.createDataset({ name, datasetId: name });
    const list = async (query: string) =>
      (await api.json(`/workspaces/${sandbox.organizationId}/datasets?${query}`)) as {
        items: { name: string }[];
        nextPage?: string;
        prevPage?: string;
      };
    const first = await list('s=2');
    const second = await list(`s=2&p=${first.nextPage}`);
    const third = await list(`s=2&p=${second.nextPage}`);
    expect([first, second, third].map(({ items }) => items.map(({ name }) => name))).toEqual([
      ['Dataset', 'two'],
      ['three', 'four'],
      ['five'],
    ]);
    expect(third.nextPage).toBeUndefined();
    expect(first.prevPage).toBeUndefined();
    expect((await list(`s=2&p=${third.prevPage}`)).items).toMatchObject([
      { name: 'three' },
      { name: 'four' },
    ]);
    expect((await list(`s=2&p=${second.prevPage}`)).prevPage).toBeUndefined();
    expect((await api.fetch(`/workspaces/${sandbox.organizationId}/datasets?p=none`)).status).toBe(400);
  });
});
