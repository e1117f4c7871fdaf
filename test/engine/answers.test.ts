import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Answer, Hold, MirrorSettingsChange } from '../../app/contract.ts';
import { viRemote } from '../../app/engine/vi-remote.ts';
import type { EngineOptions } from '../../app/engine.ts';
import { picture } from './pictures.ts';
import { fill, type Mirror, pictures, World, type WorldFolder } from './world.ts';

const original = (name: string) => pictures(name)[name] ?? Buffer.alloc(0);
const mine = picture(60, 700);
const theirs = picture(61, 800);

interface Scene {
  readonly world: World;
  readonly folder: WorldFolder;
  readonly mirror: Mirror;
}

/** A mirror with these files and their assets in sync. */
async function inSync(
  files: Record<string, Buffer> = pictures('a.png'),
  settings: MirrorSettingsChange = {},
): Promise<Scene> {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, files);
  const mirror = await world.mirror(folder, 'data', {}, { settings });
  await mirror.sync();
  return { world, folder, mirror };
}

/** Both sides of a.png changed while nobody looked. */
async function conflict(
  annotations = 0,
  options: (world: World) => Partial<EngineOptions> = () => ({}),
): Promise<Scene> {
  const scene = await inSync();
  await scene.mirror.engine.close();
  await scene.world.putAsset('a.png', theirs);
  if (annotations > 0) scene.world.sandbox.annotate(scene.world.datasetId, 'a.png', { cat: annotations });
  await scene.folder.write('a.png', mine);
  const mirror = await scene.world.mirror(scene.folder, 'data', options(scene.world));
  await mirror.sync();
  return { ...scene, mirror };
}

async function holdsOf({ mirror }: Scene, includeOptional = false): Promise<Hold[]> {
  const { engine, mirrorId } = mirror;
  return (await engine.call('holds', { mirrorId, includeOptional })).items;
}

/** Answers the only hold as it is now, and waits until that is done. */
async function answer(scene: Scene, given: Answer, includeOptional = false): Promise<void> {
  const { engine, mirrorId } = scene.mirror;
  const [hold, ...more] = await holdsOf(scene, includeOptional);
  if (hold === undefined || more.length > 0) throw new Error(`${more.length} holds more than one`);
  const { item, fingerprint } = hold;
  await engine.call('answer', { mirrorId, item, fingerprint, answer: given });
  await scene.mirror.sync();
}

async function assetsOf({ world }: Scene) {
  return Object.fromEntries(
    [...(await world.assets())].map(([name, { content, annotations }]) => [name, { content, annotations }]),
  );
}

async function trashOf({ mirror }: Scene): Promise<Buffer[]> {
  const { items } = await mirror.engine.call('trash', {});
  return Promise.all(items.map(({ trashPath }) => fs.readFile(trashPath)));
}

describe('an answer to changes on both sides', () => {
  test('keep mine: the asset has the file’s content', async () => {
    const scene = await conflict();
    expect(await holdsOf(scene)).toMatchObject([
      {
        reason: 'both-changed',
        isOptional: false,
        answers: ['keep-mine', 'keep-theirs', 'keep-both', 'skip'],
        local: { name: 'a.png', size: mine.length },
        remote: { name: 'a.png', size: theirs.length, annotations: 0 },
      },
    ]);
    await answer(scene, { kind: 'keep-mine' });
    expect(await assetsOf(scene)).toEqual({ 'a.png': { content: mine, annotations: 0 } });
    expect(await holdsOf(scene)).toEqual([]);
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'in-sync' });
  });

  test('keep theirs: the file has the asset’s content, its own is in the trash and can be had back', async () => {
    const scene = await conflict();
    await answer(scene, { kind: 'keep-theirs' });
    expect(await scene.folder.read('a.png')).toEqual(theirs);
    expect(await trashOf(scene)).toEqual([mine]);
    const { engine } = scene.mirror;
    const [trashed] = (await engine.call('trash', {})).items;
    const { restored } = await engine.call('restore', { ids: [trashed?.id ?? 0] });
    expect(restored).toMatchObject([{ path: 'a-2.png' }]);
    expect(await scene.folder.read('a-2.png')).toEqual(mine);
    expect(await scene.folder.read('a.png')).toEqual(theirs);
    expect(await trashOf(scene)).toEqual([]);
  });

  test('keep both: the file goes up under another name, the asset comes down under its own', async () => {
    const scene = await conflict(3);
    await answer(scene, { kind: 'keep-both' });
    expect(await scene.folder.read('a.png')).toEqual(theirs);
    expect(await scene.folder.read('a-mine.png')).toEqual(mine);
    expect(await assetsOf(scene)).toEqual({
      'a.png': { content: theirs, annotations: 3 },
      'a-mine.png': { content: mine, annotations: 0 },
    });
    expect(await trashOf(scene)).toEqual([]);
  });

  test('skip: all stays as it is, until one side changes', async () => {
    const scene = await conflict();
    await answer(scene, { kind: 'skip' });
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'differs: left-skipped' });
    expect((await scene.mirror.status()).phase).toBe('in-sync');
    expect(await scene.folder.read('a.png')).toEqual(mine);
    // It can still be decided otherwise.
    expect(await holdsOf(scene, true)).toMatchObject([{ reason: 'both-changed', isOptional: true }]);
    await scene.folder.write('a.png', picture(62, 700));
    await scene.mirror.sync();
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'held: both-changed' });
  });

  test('annotations need a word of their own, and are kept or removed as it says', async () => {
    const kept = await conflict(5);
    await expect(answer(kept, { kind: 'keep-mine' })).rejects.toMatchObject({
      problem: { code: 'annotations-undecided' },
    });
    await answer(kept, { kind: 'keep-mine', annotations: 'KeepLinkedResource' });
    expect(await assetsOf(kept)).toEqual({ 'a.png': { content: mine, annotations: 5 } });
    const removed = await conflict(5);
    await answer(removed, { kind: 'keep-mine', annotations: 'RemoveLinkedResource' });
    expect(await assetsOf(removed)).toEqual({ 'a.png': { content: mine, annotations: 0 } });
  });
});

describe('an answer is bound to what was shown', () => {
  test('one annotation more, and it is refused; the next question has the new number', async () => {
    const scene = await conflict(5);
    const [hold] = await holdsOf(scene);
    const { engine, mirrorId } = scene.mirror;
    const given = {
      mirrorId,
      item: hold?.item ?? '',
      fingerprint: hold?.fingerprint ?? '',
      answer: { kind: 'keep-mine', annotations: 'RemoveLinkedResource' },
    } as const;
    scene.world.sandbox.annotate(scene.world.datasetId, 'a.png', { cat: 6 });
    await expect(engine.call('answer', given)).rejects.toMatchObject({
      problem: { code: 'changed-meanwhile' },
    });
    await scene.mirror.sync();
    expect(await assetsOf(scene)).toEqual({ 'a.png': { content: theirs, annotations: 6 } });
    const fresh = await engine.call('hold', { mirrorId, item: given.item });
    expect(fresh).toMatchObject({ hold: { remote: { annotations: 6 } }, annotationsByTag: { cat: 6 } });
    await answer(scene, { kind: 'keep-mine', annotations: 'RemoveLinkedResource' });
    expect(await assetsOf(scene)).toEqual({ 'a.png': { content: mine, annotations: 0 } });
  });

  test('annotations that are made between the answer and the deed stop it', async () => {
    let isAnnotated = false;
    const scene = await conflict(5, (world) => ({
      // The deed asks once more: while its session is being made, somebody annotates.
      connect: ({ datasetId }) => {
        const remote = viRemote(world.client(), datasetId);
        return {
          ...remote,
          async openSession(...args) {
            const opened = await remote.openSession(...args);
            if (!isAnnotated) world.sandbox.annotate(datasetId, 'a.png', { cat: 9 });
            isAnnotated = true;
            return opened;
          },
        };
      },
    }));
    await answer(scene, { kind: 'keep-mine', annotations: 'RemoveLinkedResource' });
    expect(isAnnotated).toBe(true);
    expect(await assetsOf(scene)).toEqual({ 'a.png': { content: theirs, annotations: 9 } });
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'held: both-changed' });
  });

  test('a file that was saved again meanwhile is not what was shown', async () => {
    const scene = await conflict();
    const [hold] = await holdsOf(scene);
    const { engine, mirrorId } = scene.mirror;
    await scene.folder.write('a.png', picture(63, 700));
    await scene.mirror.sync();
    await expect(
      engine.call('answer', {
        mirrorId,
        item: hold?.item ?? '',
        fingerprint: hold?.fingerprint ?? '',
        answer: { kind: 'keep-theirs' },
      }),
    ).rejects.toMatchObject({ problem: { code: 'changed-meanwhile' } });
  });

  test('an answer is not lost by a restart', async () => {
    const scene = await conflict();
    const { engine, mirrorId } = scene.mirror;
    const [hold] = await holdsOf(scene);
    scene.world.sandbox.faults = [{ kind: 'status', route: 'sessions.create', status: 503, when: 'before' }];
    const given = { item: hold?.item ?? '', fingerprint: hold?.fingerprint ?? '' };
    await engine.call('answer', { mirrorId, ...given, answer: { kind: 'keep-mine' } });
    await engine.close();
    scene.world.sandbox.faults = [];
    const again = { ...scene, mirror: await scene.world.mirror(scene.folder) };
    await again.mirror.sync();
    expect(await assetsOf(again)).toEqual({ 'a.png': { content: mine, annotations: 0 } });
  });
});

describe('an answer to a deletion', () => {
  test('deleted here, left in the dataset: it can be deleted there, or come back', async () => {
    const gone = await inSync();
    await fs.rm(path.join(gone.folder.root, 'a.png'));
    await gone.mirror.sync();
    await answer(gone, { kind: 'keep-mine' }, true);
    expect(await assetsOf(gone)).toEqual({});
    expect(await gone.mirror.states()).toEqual({});
    const back = await inSync();
    await fs.rm(path.join(back.folder.root, 'a.png'));
    await back.mirror.sync();
    await answer(back, { kind: 'keep-theirs' }, true);
    expect(await back.folder.read('a.png')).toEqual(original('a.png'));
  });

  test('deletions are carried out if the mirror says so, but never that of an annotated asset', async () => {
    const scene = await inSync(pictures('a.png', 'b.png'), { deletePolicy: 'propagate' });
    scene.world.sandbox.annotate(scene.world.datasetId, 'a.png', { cat: 2 });
    for (const name of ['a.png', 'b.png']) await fs.rm(path.join(scene.folder.root, name));
    await scene.mirror.sync();
    expect(Object.keys(await assetsOf(scene))).toEqual(['a.png']);
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'held: deleted-here' });
    await answer(scene, { kind: 'keep-mine' });
    expect(await assetsOf(scene)).toEqual({});
  });

  test('annotations that are made between the decision and the deed stop it', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'b.png'));
    let isAnnotated = false;
    const connect: EngineOptions['connect'] = ({ datasetId }) => {
      const remote = viRemote(world.client(), datasetId);
      return {
        ...remote,
        get(...args) {
          // The deed looks once more: just before, somebody annotates.
          world.sandbox.annotate(datasetId, 'a.png', { cat: 4 });
          isAnnotated = true;
          return remote.get(...args);
        },
      };
    };
    const settings = { deletePolicy: 'propagate' } as const;
    const scene = { world, folder, mirror: await world.mirror(folder, 'data', { connect }, { settings }) };
    await scene.mirror.sync();
    expect(isAnnotated).toBe(false);
    await fs.rm(path.join(folder.root, 'a.png'));
    await scene.mirror.sync();
    expect(isAnnotated).toBe(true);
    expect((await assetsOf(scene))['a.png']).toEqual({ content: original('a.png'), annotations: 4 });
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'held: deleted-here', 'b.png': 'in-sync' });
  });

  test('changed here, deleted there: uploaded again, or to the trash', async () => {
    const scene = await inSync(pictures('a.png', 'b.png'));
    await scene.mirror.engine.close();
    for (const name of ['a.png', 'b.png']) await scene.world.deleteAsset(name);
    await scene.folder.write('a.png', mine);
    await scene.folder.write('b.png', theirs);
    const again = { ...scene, mirror: await scene.world.mirror(scene.folder) };
    await again.mirror.sync();
    const { engine, mirrorId } = again.mirror;
    for (const { item, path: name, fingerprint } of await holdsOf(again)) {
      const kind = name === 'a.png' ? 'keep-mine' : 'keep-theirs';
      await engine.call('answer', { mirrorId, item, fingerprint, answer: { kind } });
    }
    await again.mirror.sync();
    expect(await assetsOf(again)).toEqual({ 'a.png': { content: mine, annotations: 0 } });
    expect(await again.folder.list()).toEqual(['a.png']);
    expect(await trashOf(again)).toEqual([theirs]);
  });

  test('many at once are held on either side, and answered with one word that counts them', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${index}.png`);
    const scene = await inSync(pictures(...names));
    const { engine, mirrorId } = scene.mirror;
    for (const name of names.slice(0, 25)) await scene.world.deleteAsset(name);
    await scene.mirror.sync();
    expect((await scene.mirror.status()).counts.held).toBe(25);
    expect(await scene.folder.list()).toHaveLength(30);
    const { counts } = await engine.call('holdCounts', {});
    expect(counts).toEqual([
      { mirrorId, reason: 'many-deleted-there', isOptional: false, count: 25, annotations: 0, unknown: 0 },
    ]);
    const all = { mirrorId, reason: 'many-deleted-there', answer: { kind: 'keep-theirs' } } as const;
    await expect(
      engine.call('answerAll', { ...all, expected: { count: 24, annotations: 0, unknown: 0 } }),
    ).rejects.toMatchObject({ problem: { code: 'changed-meanwhile' } });
    const expected = { count: 25, annotations: 0, unknown: 0 };
    expect(await engine.call('answerAll', { ...all, expected })).toEqual({ answered: 25, left: 0 });
    await scene.mirror.sync();
    expect(await scene.folder.list()).toHaveLength(5);
    expect((await engine.call('trash', {})).total).toBe(25);
  });
});

describe('an answer about an asset whose file another one was moved over', () => {
  /** a.png is the file that was b.png, and is the asset b.png; the asset a.png has no file any more. */
  async function movedOver(): Promise<Scene> {
    const scene = await inSync(pictures('a.png', 'b.png'));
    await fs.rename(path.join(scene.folder.root, 'b.png'), path.join(scene.folder.root, 'a.png'));
    await scene.mirror.sync();
    expect(await holdsOf(scene, true)).toMatchObject([{ path: 'a.png', reason: 'deleted-here' }]);
    return scene;
  }
  const b = pictures('a.png', 'b.png')['b.png'];

  test('it comes back beside the one that has its place', async () => {
    const scene = await movedOver();
    await answer(scene, { kind: 'keep-theirs' }, true);
    expect(await scene.folder.read('a.png')).toEqual(b);
    expect(await scene.folder.read('a-2.png')).toEqual(original('a.png'));
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'in-sync', 'a-2.png': 'in-sync' });
    expect(await trashOf(scene)).toEqual([]);
  });

  test('it comes back to its place once that is free', async () => {
    const scene = await movedOver();
    await fs.rename(path.join(scene.folder.root, 'a.png'), path.join(scene.folder.root, 'c.png'));
    await scene.mirror.sync();
    await answer(scene, { kind: 'keep-theirs' }, true);
    expect(await scene.folder.read('a.png')).toEqual(original('a.png'));
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'in-sync', 'c.png': 'in-sync' });
    // It is a file like any other from now on.
    await scene.folder.write('a.png', mine);
    await scene.mirror.sync();
    expect((await assetsOf(scene))['a.png']?.content).toEqual(mine);
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'in-sync', 'c.png': 'in-sync' });
  });

  test('it is deleted, and its file’s heir stays', async () => {
    const scene = await movedOver();
    await answer(scene, { kind: 'keep-mine' }, true);
    expect(Object.keys(await assetsOf(scene))).toEqual(['b.png']);
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'in-sync' });
  });
});

describe('an answer to a name', () => {
  test('the second of two files of one name goes up as what was proposed', async () => {
    const scene = await inSync(pictures('train/a.png', 'val/a.png'));
    expect(await holdsOf(scene)).toMatchObject([{ reason: 'name-collision', path: 'val/a.png' }]);
    await answer(scene, { kind: 'keep-both' });
    expect(Object.keys(await assetsOf(scene)).sort()).toEqual(['a.png', 'val-a.png']);
    // From now on an edit of it goes to its own asset.
    await scene.folder.write('val/a.png', mine);
    await scene.mirror.sync();
    expect((await assetsOf(scene))['val-a.png']?.content).toEqual(mine);
    expect((await assetsOf(scene))['a.png']?.content).toEqual(original('train/a.png'));
  });

  test('an asset whose place is taken comes down beside it', async () => {
    const scene = await inSync();
    await fs.rename(path.join(scene.folder.root, 'a.png'), path.join(scene.folder.root, 'b.png'));
    await scene.mirror.sync();
    await scene.world.putAsset('b.png', theirs);
    await scene.mirror.sync();
    await answer(scene, { kind: 'keep-both' });
    expect(await scene.folder.read('b-2.png')).toEqual(theirs);
    expect(await scene.folder.read('b.png')).toEqual(original('a.png'));
  });

  test('a duplicate becomes an asset of its own', async () => {
    const scene = await inSync({ 'a.png': original('a.png'), 'copy.png': original('a.png') });
    expect(await scene.mirror.states()).toEqual({ 'a.png': 'in-sync', 'copy.png': 'local-only: duplicate' });
    await answer(scene, { kind: 'keep-both' }, true);
    expect(Object.keys(await assetsOf(scene)).sort()).toEqual(['a.png', 'copy.png']);
  });
});
