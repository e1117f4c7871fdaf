import { expect, test } from 'vitest';
import { pullDataset } from '../../app/pull/index.ts';
import { picture } from '../engine/pictures.ts';
import { World, type WorldFolder } from '../engine/world.ts';
import { handled } from '../vi/wire-server.ts';
import { itemsOf, type Json, partOf, TamperingProxy } from './tampering-proxy.ts';

const names = Array.from({ length: 12 }, (_, index) => `p-${String(index).padStart(2, '0')}.png`);
const contentOf = (name: string) => picture(names.indexOf(name) + 100, 600);

/** A folder and a dataset that are in sync. */
async function inSync() {
  const world = await World.make();
  const folder = await world.folder();
  for (const name of names) await world.putAsset(name, contentOf(name));
  const proxy = await TamperingProxy.start(world);
  const mirror = await proxy.mirror(world, folder);
  await mirror.sync();
  await expectAll(folder);
  const verify = async () => {
    await mirror.engine.call('verify', { mirrorId: mirror.mirrorId });
  };
  /** Changes each page of a listing. */
  const relist = (change: (listing: Json, items: Json[]) => void) => {
    proxy.tamper = async ({ purpose, forward }) => {
      const json = await forward();
      if (purpose === 'listing') change(json, itemsOf(json));
      return json;
    };
  };
  return { world, folder, proxy, mirror, verify, relist };
}

async function expectAll(folder: WorldFolder, expected = names): Promise<void> {
  expect(await folder.list()).toEqual(expected);
  for (const name of expected) expect(await folder.has(name, contentOf(name)), name).toBe(true);
}

test.for<[string, (page: number) => { nextPage: string; items?: Json[] }]>([
  ['with one token', () => ({ nextPage: 'again' })],
  ['with tokens without end', (page) => ({ nextPage: `t-${page}` })],
  ['of empty pages', (page) => ({ nextPage: `t-${page}`, items: [] })],
])('a list without end, %s: said in words, and nothing is lost', async ([, next]) => {
  const { folder, proxy, mirror } = await inSync();
  let first: Json = {};
  let page = 0;
  proxy.tamper = async ({ purpose, request, forward }) => {
    if (purpose !== 'listing') return forward();
    // The sandbox knows no such tokens: the first page is all that there is.
    if (request.query.get('p') === null) first = await forward();
    return { ...first, ...next(++page) };
  };
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.engine.call('verify', { mirrorId: mirror.mirrorId });
  await mirror.until(({ problem }) => problem?.code === 'EndlessListing', 'a word about it');
  const { problem, phase } = await mirror.status();
  expect(phase).toBe('attention');
  expect(problem?.detail).toContain('does not end');
  await expectAll(folder);
  proxy.tamper = null;
  await mirror.sync();
  expect(await mirror.status()).toMatchObject({ phase: 'in-sync', problem: null });
  await expectAll(folder);
});

test('a list that shows ever new assets ends a pull, and nothing is written', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await world.putAsset('a.png', contentOf('p-00.png'));
  const proxy = await TamperingProxy.start(world);
  let first: Json = {};
  let page = 0;
  proxy.tamper = async ({ purpose, request, forward }) => {
    if (purpose !== 'listing') return forward();
    if (request.query.get('p') === null) first = await forward();
    const [asset] = itemsOf(first);
    page += 1;
    const items = Array.from({ length: 1000 }, (_, index) => ({
      ...asset,
      assetId: `asset_${page}_${index}`,
    }));
    return { ...first, items, nextPage: `t-${page}` };
  };
  const pulled = pullDataset({
    client: proxy.client(world),
    datasetId: world.datasetId,
    folder: folder.root,
  });
  await expect(pulled).rejects.toMatchObject({ code: 'EndlessListing' });
  expect(page).toBeLessThan(60);
  expect(await folder.list()).toEqual([]);
});

test('a page of a million things is not looked at', async () => {
  const { folder, proxy, mirror, relist } = await inSync();
  relist((listing) => Object.assign(listing, { items: Array.from({ length: 1_000_000 }, () => 0) }));
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.until(({ problem }) => problem?.code === 'InvalidResponse', 'a word about it');
  proxy.tamper = null;
  await mirror.sync();
  await expectAll(folder);
});

test('a time of change far ahead hides no later change of another asset', async () => {
  const { world, folder, mirror, relist } = await inSync();
  const far = Date.now() + 365 * 86_400_000;
  relist((_listing, items) => {
    for (const asset of items)
      if (asset.filename === names[3]) partOf(asset, 'metadata').contentsLastUpdated = far;
    items.sort(
      (a, b) =>
        Number(partOf(b, 'metadata').contentsLastUpdated) - Number(partOf(a, 'metadata').contentsLastUpdated),
    );
  });
  await mirror.sync();
  const changed = picture(77, 640);
  await world.putAsset('p-05.png', changed);
  await mirror.until(() => folder.has('p-05.png', changed), 'the change');
  expect((await mirror.sync()).phase).toBe('in-sync');
});

test('assets that are listed twice, and all in the wrong order, are there once', async () => {
  const { folder, mirror, relist, verify } = await inSync();
  relist((listing, items) => Object.assign(listing, { items: [...items, ...items.toReversed()] }));
  await verify();
  await expectAll(folder);
  expect((await mirror.status()).counts['in-sync']).toBe(names.length);
  expect((await mirror.sync()).phase).toBe('in-sync');
});

test('assets that a listing drops at random, as long as they can be asked for, stay here', async () => {
  const { folder, proxy, mirror, verify } = await inSync();
  let round = 0;
  for (const lies of [false, true]) {
    let dropped = 0;
    proxy.tamper = async ({ purpose, request, forward }) => {
      const json = await forward();
      if (purpose === 'listing' && request.query.get('sortBy') === 'assetId') {
        round += 1;
        const kept = itemsOf(json).filter((_, index) => (index * 7 + round) % 3 !== 0);
        dropped = itemsOf(json).length - kept.length;
        return { ...json, items: kept };
      }
      // The count agrees with the lie.
      if (lies && purpose === 'dataset') partOf(json, 'statistic').assetTotal = names.length - dropped;
      return json;
    };
    for (let time = 0; time < 4; time++) await verify();
    expect(dropped).toBeGreaterThan(0);
    await expectAll(folder);
    expect(await mirror.files('problem')).toEqual([]);
  }
});

test('two assets of one name are each shown, and neither takes the other’s file', async () => {
  const { world, folder, proxy, relist, verify } = await inSync();
  relist((_listing, items) => {
    for (const asset of items) if (asset.filename === 'p-02.png') asset.filename = 'p-01.png';
  });
  await verify();
  expect(await folder.has('p-01.png', contentOf('p-01.png'))).toBe(true);
  expect(await folder.has('p-02.png', contentOf('p-02.png'))).toBe(true);
  expect(world.sandbox.requests['assets.delete']).toBe(0);
  expect(world.sandbox.requests['sessions.create']).toBe(0);
  proxy.tamper = null;
  await verify();
  expect(await folder.has('p-01.png', contentOf('p-01.png'))).toBe(true);
  expect(await folder.has('p-02.png', contentOf('p-02.png'))).toBe(true);
});

test('a file goes to the trash only when its asset is gone at that moment', async () => {
  const { folder, proxy, mirror } = await inSync();
  let asked = 0;
  proxy.tamper = async ({ purpose, response, forward }) => {
    const json = await forward();
    if (purpose === 'listing')
      Object.assign(json, { items: itemsOf(json).filter(({ filename }) => filename !== 'p-04.png') });
    if (purpose === 'dataset') partOf(json, 'statistic').assetTotal = names.length - 1;
    if (purpose === 'asset' && json.filename === 'p-04.png') {
      asked += 1;
      // Away for the listing that asks, and there again for whoever is about to trash its file.
      if (asked === 1) {
        proxy.tamper = null;
        response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
        return handled;
      }
    }
    return json;
  };
  await mirror.engine.call('verify', { mirrorId: mirror.mirrorId });
  expect(asked).toBe(1);
  await mirror.sync();
  await expectAll(folder);
  const { items } = await mirror.engine.call('trash', { mirrorId: mirror.mirrorId, limit: 10 });
  expect(items).toEqual([]);
});

test('a count that is another one each time does not have everything listed each time', {
  timeout: 90_000,
}, async () => {
  const { folder, proxy, mirror } = await inSync();
  let lists = 0;
  let total = 100;
  proxy.tamper = async ({ purpose, request, forward }) => {
    const json = await forward();
    if (purpose === 'dataset') partOf(json, 'statistic').assetTotal = ++total;
    if (purpose === 'listing' && request.query.get('sortBy') === 'assetId') lists += 1;
    return json;
  };
  const before = total;
  await mirror.until(() => total > before + 40, 'many polls', 60_000);
  expect(lists).toBeLessThanOrEqual(2);
  await expectAll(folder);
  proxy.tamper = null;
  expect((await mirror.sync()).phase).toBe('in-sync');
});
