import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { FileRow, Hold } from '../../app/contract.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import type { EngineOptions } from '../../app/engine.ts';
import { surroundings } from '../crash/evidence.ts';
import { picture } from '../engine/pictures.ts';
import { type Mirror, World, type WorldFolder } from '../engine/world.ts';
import { foldingDisk } from '../observe/folding-disk.ts';
import { hostileNames } from './hostile-names.ts';
import { itemsOf, type Json, TamperingProxy } from './tampering-proxy.ts';

const names = Object.values(hostileNames).flat();

test('the corpus has enough of them, all different', () => {
  expect(names.length).toBeGreaterThanOrEqual(300);
  expect(new Set(names).size).toBe(names.length);
});

const disks: Readonly<Record<string, (folder: WorldFolder) => Partial<EngineOptions>>> = {
  'a disk that tells names apart': () => ({}),
  'a disk that folds case and normal form': ({ root }) => ({
    environment: { disk: foldingDisk(root, realDisk()) },
  }),
};

/** What each asset is called in this test: by its content. */
interface Planted {
  readonly name: string;
  readonly content: Buffer;
}

interface Scene {
  readonly world: World;
  readonly folder: WorldFolder;
  readonly mirror: Mirror;
  readonly planted: readonly Planted[];
  readonly around: string;
  /** The same with another engine, after the first has ended. */
  restart(): Promise<Mirror>;
}

/** An empty folder in a world with something around it, and a dataset with an asset for each of the names. */
async function plant(
  disk: keyof typeof disks,
  put: (world: World, planted: Planted, index: number) => Promise<void>,
  tamper: ((asset: Json) => void) | null,
): Promise<Scene> {
  const world = await World.make();
  const folder = await world.folder('deep/inside/folder');
  for (const decoy of ['a.png', 'deep/a.png', 'deep/inside/a.png', 'deep/inside/folder2/a.png']) {
    await fs.mkdir(path.dirname(path.join(world.dir, decoy)), { recursive: true });
    await fs.writeFile(path.join(world.dir, decoy), 'not yours');
  }
  const planted = names.map((name, index) => ({ name, content: picture(1000 + index, 300) }));
  for (const [index, each] of planted.entries()) await put(world, each, index);
  const proxy = await TamperingProxy.start(world);
  proxy.tamper = async ({ purpose, forward }) => {
    const json = await forward();
    if (purpose === 'listing') for (const asset of itemsOf(json)) tamper?.(asset);
    if (purpose === 'asset') tamper?.(json);
    return json;
  };
  const start = () => proxy.mirror(world, folder, { engine: disks[disk]?.(folder) ?? {} });
  const around = await surroundings(world, folder);
  const mirror = await start();
  return { world, folder, mirror, planted, around, restart: start };
}

const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

async function allFiles({ engine, mirrorId }: Mirror): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for (;;) {
    const { items } = await engine.call('files', { mirrorId, offset: rows.length, limit: 500 });
    if (items.length === 0) return rows;
    rows.push(...items);
  }
}

async function allHolds({ engine, mirrorId }: Mirror): Promise<Hold[]> {
  return (await engine.call('holds', { mirrorId, limit: 500 })).items;
}

/** Everything in the folder is the content of one asset, and of no other file; nothing else is anywhere. */
async function expectContained(scene: Scene): Promise<Set<string>> {
  const { world, folder, planted, around } = scene;
  expect(await surroundings(world, folder)).toBe(around);
  for (const place of ['/tmp/vi-sync-escaped.png', '/a.png', path.join(world.dir, '../a.png')]) {
    await expect(fs.lstat(place), place).rejects.toMatchObject({ code: 'ENOENT' });
  }
  const known = new Set(planted.map(({ content }) => hashOf(content)));
  const found = new Map<string, string>();
  for (const relative of await folder.list()) {
    const hash = hashOf(await folder.read(relative));
    expect(known.has(hash), relative).toBe(true);
    expect(found.get(hash), relative).toBeUndefined();
    found.set(hash, relative);
  }
  const own = await fs.readdir(path.join(folder.root, '.vi-sync'), { recursive: true });
  expect(own.filter((name) => !/^(tmp|mirror.*\.json)$/.test(name))).toEqual([]);
  return new Set(found.keys());
}

/** Each asset is in sync with a file, or it is said why not, in words that can be shown. */
async function expectExplained(mirror: Mirror, planted: readonly Planted[]): Promise<FileRow[]> {
  const rows = await allFiles(mirror);
  expect(rows).toHaveLength(planted.length);
  for (const row of rows) {
    if (row.state === 'in-sync') continue;
    expect(['held', 'problem'], row.path).toContain(row.state);
    const { title = '', detail = '', suggestion = '' } = row.problem ?? {};
    for (const words of [title, detail, suggestion]) {
      expect(words, row.path).not.toBe('');
      expect(words).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
    expect(detail.length).toBeLessThan(1000);
  }
  return rows;
}

async function expectDatasetUntouched({ world, planted }: Scene): Promise<void> {
  const { requests } = world.sandbox;
  expect(requests['sessions.create']).toBe(0);
  expect(requests['assets.delete']).toBe(0);
  const hashes = new Set([...(await world.assets()).values()].map(({ content }) => hashOf(content)));
  expect(planted.filter(({ content }) => !hashes.has(hashOf(content)))).toEqual([]);
}

/** The whole story: down, answers, a restart, an edit of some, and nothing anywhere that does not belong there. */
async function play(scene: Scene): Promise<Mirror> {
  const { folder, planted } = scene;
  let { mirror } = scene;
  await mirror.sync();
  await expectExplained(mirror, planted);
  await expectContained(scene);
  // Whatever has no place of its own gets one, when a person says so.
  for (let round = 0; (await allHolds(mirror)).length > 0 && round < 30; round++) {
    for (const { item, fingerprint, answers } of await allHolds(mirror)) {
      expect(answers).toContain('keep-both');
      const { mirrorId } = mirror;
      await mirror.engine.call('answer', { mirrorId, item, fingerprint, answer: { kind: 'keep-both' } });
    }
    await mirror.sync();
  }
  expect(await allHolds(mirror)).toEqual([]);
  const rows = await expectExplained(mirror, planted);
  const there = await expectContained(scene);
  expect(there.size).toBe(rows.filter(({ state }) => state === 'in-sync').length);
  await expectDatasetUntouched(scene);

  await mirror.engine.close();
  mirror = await scene.restart();
  await mirror.sync();
  expect((await expectExplained(mirror, planted)).map(({ state }) => state).sort()).toEqual(
    rows.map(({ state }) => state).sort(),
  );
  expect(await expectContained(scene)).toEqual(there);
  await expectDatasetUntouched(scene);
  expect(await folder.list()).toHaveLength(there.size);
  return mirror;
}

/**
 * Files that are edited here become new versions of their assets, under the names that those have, and of no others. A name that can be
 * listed and not uploaded stops no other: that file is explained, and its asset stays as it was.
 */
async function editSome({ world, folder }: Scene, mirror: Mirror): Promise<void> {
  const before = await world.assets();
  const nameOf = new Map([...before].map(([filename, { content }]) => [hashOf(content), filename]));
  const expected = new Map([...before].map(([filename, { content }]) => [filename, hashOf(content)]));
  const files = await folder.list();
  const unwanted: string[] = [];
  for (const [index, relative] of files.entries()) {
    const filename = nameOf.get(hashOf(await folder.read(relative))) ?? '';
    const isUnwanted = filename.includes('/');
    if (isUnwanted ? unwanted.length > 0 : index % 5 !== 0) continue;
    const edited = picture(50_000 + index, 320);
    await folder.write(relative, edited);
    if (isUnwanted) unwanted.push(relative);
    else expected.set(filename, hashOf(edited));
  }
  await mirror.sync();
  const after = new Map(
    [...(await world.assets())].map(([filename, { content }]) => [filename, hashOf(content)]),
  );
  expect(after).toEqual(expected);
  expect(await folder.list()).toEqual(files);
  const refused = (await allFiles(mirror)).filter(({ problem }) => problem?.code === 'ValidationFailed');
  expect(refused.map((row) => row.path)).toEqual(unwanted);
}

const isWhole = (name: string) => name.isWellFormed();

test.for(Object.keys(disks))('as names of assets, on %s', { timeout: 120_000 }, async (disk) => {
  // The sandbox keeps no halves of surrogate pairs: they come into play on the way.
  const standIn = (index: number) => `stand-in-${index}.png`;
  const scene = await plant(
    disk,
    (world, { name, content }, index) => world.putAsset(isWhole(name) ? name : standIn(index), content),
    (asset) => {
      const index = /^stand-in-(\d+)\.png$/.exec(String(asset.filename))?.[1];
      if (index !== undefined) asset.filename = names[Number(index)];
    },
  );
  await editSome(scene, await play(scene));
});

test.for(Object.keys(disks))(
  'as paths that another machine has left, on %s',
  { timeout: 120_000 },
  async (disk) => {
    const scene = await plant(
      disk,
      (world, { name, content }, index) => world.putAsset(`n-${index}.png`, content, { viSyncPath: name }),
      null,
    );
    await editSome(scene, await play(scene));
  },
);
