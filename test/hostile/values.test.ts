import { expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { type Mirror, World, type WorldFolder } from '../engine/world.ts';
import { itemsOf, type Json, partOf, TamperingProxy } from './tampering-proxy.ts';

const names = ['a.png', 'b.png', 'c.png', 'd.png'];
const contentOf = (name: string) => picture(names.indexOf(name) + 10, 700);

/** A dataset whose asset b.png is told of as somebody else wants it. */
async function scene(change: (asset: Json) => void) {
  const world = await World.make();
  const folder = await world.folder();
  for (const name of names) await world.putAsset(name, contentOf(name));
  const proxy = await TamperingProxy.start(world);
  const tamper = (asset: Json) => {
    if (asset.filename === 'b.png') change(asset);
  };
  proxy.tamper = async ({ purpose, forward }) => {
    const json = await forward();
    if (purpose === 'listing') for (const asset of itemsOf(json)) tamper(asset);
    if (purpose === 'asset') tamper(json);
    return json;
  };
  const start = () => proxy.mirror(world, folder);
  return { world, folder, proxy, start };
}

async function expectContents(folder: WorldFolder, expected: readonly string[]): Promise<void> {
  expect(await folder.list()).toEqual(expected);
  for (const name of expected) expect(await folder.has(name, contentOf(name)), name).toBe(true);
}

async function expectNoCrash(mirror: Mirror): Promise<void> {
  const { problem } = await mirror.status();
  expect(problem?.code).not.toBe('internal-error');
}

const absurd = [1.5, -1, 1e300, -1e300, 2 ** 60, 2 ** 53, '7', null, [], {}, true, 1e14];

test.for(absurd)('%j as every number of an asset: it is here all the same, and stays', async (value) => {
  const { world, folder, proxy, start } = await scene((asset) => {
    const metadata = partOf(asset, 'metadata');
    for (const name of ['fileSize', 'width', 'height', 'frames', 'contentsLastUpdated', 'timeCreated']) {
      metadata[name] = value;
    }
    metadata.annotations = { total: value, withTag: { cat: value, dog: 3 } };
  });
  let mirror = await start();
  expect(await mirror.sync()).toMatchObject({ phase: 'in-sync', problem: null });
  await expectContents(folder, names);
  await mirror.engine.close();
  mirror = await start();
  expect(await mirror.sync()).toMatchObject({ phase: 'in-sync', problem: null });
  await expectContents(folder, names);
  expect(world.sandbox.requests['sessions.create']).toBe(0);
  // Where nothing says that it has no annotations, nothing is overwritten without a question.
  await folder.write('b.png', picture(99, 720));
  await folder.write('c.png', picture(98, 720));
  await mirror.sync();
  await expectNoCrash(mirror);
  expect((await mirror.file('c.png')).state).toBe('in-sync');
  expect((await mirror.file('b.png')).state).toBe('held');
  const { items } = await mirror.engine.call('holds', { mirrorId: mirror.mirrorId, limit: 10 });
  const { item } = items[0] ?? { item: '' };
  const { hold } = await mirror.engine.call('hold', { mirrorId: mirror.mirrorId, item });
  expect(hold?.item).toBe(item);
  proxy.tamper = null;
});

test('a size and a dataset’s count in numbers that are none', async () => {
  const { folder, proxy, start } = await scene(() => undefined);
  for (const value of [...absurd, -0.5]) {
    proxy.tamper = async ({ purpose, forward }) => {
      const json = await forward();
      if (purpose === 'dataset') {
        partOf(json, 'statistic').assetTotal = value;
        json.name = 'x'.repeat(100_000);
      }
      return json;
    };
    const mirror = await start();
    await mirror.until(({ counts }) => counts['in-sync'] === names.length, 'all of them');
    await expectNoCrash(mirror);
    await mirror.engine.close();
  }
  await expectContents(folder, names);
});

test.for<[string, unknown]>([
  ['a smaller size', 10],
  ['a larger size', 5000],
])('%s than it has: said in words, nothing of it is here, and the others are', async ([, size]) => {
  const { folder, proxy, start } = await scene((asset) => {
    partOf(asset, 'metadata').fileSize = size;
  });
  const mirror = await start();
  await mirror.until(({ counts }) => counts['in-sync'] === 3 && counts.problem === 1, 'the others');
  expect(await mirror.file('b.png')).toMatchObject({ problem: { code: 'ContentMismatch' } });
  await expectContents(folder, ['a.png', 'c.png', 'd.png']);
  proxy.tamper = null;
  await mirror.sync();
  await expectContents(folder, names);
});

test.for<[string, unknown, boolean]>([
  ['of other content', { algorithm: 'sha256', contents: 'ab'.repeat(32) }, false],
  ['that is no hash', { algorithm: 'sha256', contents: 'not a hash, but long enough to be one' }, true],
  ['of an algorithm that nobody knows', { algorithm: '__proto__', contents: '1234' }, true],
  ['with half a character', { algorithm: 'x', contents: `\ud800${'y'.repeat(3000)}` }, true],
  ['that is a number', { algorithm: 7, contents: 8 }, true],
  ['without end', { algorithm: 'z'.repeat(50_000), contents: 'z'.repeat(50_000) }, true],
])('a hash %s', async ([, hash, isUsable]) => {
  const { folder, proxy, start } = await scene((asset) => {
    partOf(asset, 'metadata').hash = hash;
  });
  let mirror = await start();
  if (isUsable) {
    expect(await mirror.sync()).toMatchObject({ phase: 'in-sync' });
    await mirror.engine.close();
    mirror = await start();
    expect(await mirror.sync()).toMatchObject({ phase: 'in-sync' });
  } else {
    await mirror.until(({ counts }) => counts['in-sync'] === 3 && counts.problem === 1, 'the others');
    expect(await mirror.file('b.png')).toMatchObject({ problem: { code: 'ContentMismatch' } });
    expect(await folder.list()).toEqual(['a.png', 'c.png', 'd.png']);
    proxy.tamper = null;
    await mirror.sync();
  }
  await expectContents(folder, names);
});

test.for(['a/b', '..', '../../../etc', 'x'.repeat(300), 'a b', '\ud800'])(
  'an asset with the ID %j is shown as a problem, and stops nothing',
  async (id) => {
    const { world, folder, proxy, start } = await scene((asset) => {
      asset.assetId = id;
    });
    const mirror = await start();
    await mirror.sync();
    expect(await mirror.status()).toMatchObject({ phase: 'attention', problem: null });
    expect(await mirror.files('problem')).toMatchObject([{ problem: { code: 'asset-id-invalid' } }]);
    await expectContents(folder, ['a.png', 'c.png', 'd.png']);
    // What is deleted there goes, and what is new comes, as ever.
    await world.deleteAsset('c.png');
    await world.putAsset('e.png', picture(40, 500));
    await mirror.sync();
    expect(await folder.list()).toEqual(['a.png', 'd.png', 'e.png']);
    proxy.tamper = null;
    await mirror.sync();
    expect(await folder.list()).toEqual(['a.png', 'b.png', 'd.png', 'e.png']);
    expect((await mirror.status()).phase).toBe('in-sync');
  },
);

test.for<[string, unknown]>([
  ['without an ID', undefined],
  ['with an empty ID', ''],
  ['with a number for an ID', 5],
  ['with an ID of a megabyte', 'x'.repeat(1_000_000)],
])('an asset %s is shown as a problem, its name stays taken, and it stops nothing', async ([, assetId]) => {
  const { world, folder, proxy, start } = await scene((asset) => {
    asset.assetId = assetId;
  });
  await folder.write('b.png', picture(90, 650));
  const mirror = await start();
  await mirror.sync();
  expect(await mirror.status()).toMatchObject({ phase: 'attention', problem: null });
  expect((await mirror.file('b.png')).state).toMatch(/held|problem/);
  expect(await folder.list()).toEqual(names);
  expect(world.sandbox.requests['sessions.create']).toBe(0);
  await world.deleteAsset('c.png');
  await mirror.sync();
  expect(await folder.list()).toEqual(['a.png', 'b.png', 'd.png']);
  expect((await world.assets()).get('b.png')?.content.equals(contentOf('b.png'))).toBe(true);
  proxy.tamper = null;
  await folder.write('b.png', contentOf('b.png'));
  await mirror.sync();
  await expectContents(folder, ['a.png', 'b.png', 'd.png']);
  expect(await mirror.status()).toMatchObject({ phase: 'in-sync', problem: null });
  expect(world.sandbox.requests['sessions.create']).toBe(0);
});

test('an asset without a name leaves it open which names are taken: said in words, and nothing is uploaded', async () => {
  const { world, folder, proxy, start } = await scene((asset) => delete asset.filename);
  await folder.write('b.png', picture(90, 650));
  const mirror = await start();
  await mirror.until(({ problem }) => problem?.code === 'InvalidResponse', 'a word about it');
  expect((await mirror.status()).phase).toBe('attention');
  expect(world.sandbox.requests['sessions.create']).toBe(0);
  proxy.tamper = null;
  await mirror.sync();
  expect((await mirror.file('b.png')).state).toBe('held');
});

test('an asset that is here, and whose description turns into garbage, is not deleted', async () => {
  const { folder, proxy, start } = await scene(() => undefined);
  const mirror = await start();
  await mirror.sync();
  proxy.tamper = async ({ purpose, request, forward }) => {
    const json = await forward();
    if (purpose === 'listing') {
      for (const asset of itemsOf(json)) if (asset.filename === 'b.png') asset.assetId = 'other';
    }
    return purpose === 'asset' && json.filename === 'b.png' && request.method === 'GET'
      ? { nonsense: 1 }
      : json;
  };
  await mirror.engine.call('verify', { mirrorId: mirror.mirrorId });
  await expectContents(folder, names);
});
