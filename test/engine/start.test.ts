import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MirrorSettingsChange } from '../../app/contract.ts';
import type { Engine } from '../../app/engine.ts';
import { picture } from './pictures.ts';
import { fill, Mirror, pictures, World, type WorldFolder } from './world.ts';

/** A mirror in sync, whose engine has ended. */
async function rested(
  files: Record<string, Buffer> = pictures('a.png'),
  settings: MirrorSettingsChange = {},
): Promise<{ world: World; folder: WorldFolder; mirrorId: string }> {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, files);
  const mirror = await world.mirror(folder, 'data', {}, { settings });
  await mirror.sync();
  await mirror.engine.close();
  return { world, folder, mirrorId: mirror.mirrorId };
}

async function contents(world: World): Promise<Record<string, Buffer>> {
  return Object.fromEntries([...(await world.assets())].map(([name, { content }]) => [name, content]));
}

async function look(engine: Engine, mirrorId: string) {
  await engine.call('start', { mirrorId, looksOnly: true });
  return new Mirror(engine, mirrorId).sync();
}

describe('a mirror that only looks', () => {
  test('says what a sync would do, and does none of it until it is told to work', async () => {
    const { world, folder, mirrorId } = await rested(pictures('a.png', 'b.png', 'c.png'));
    const before = await contents(world);
    await folder.write('a.png', picture(70, 900));
    await folder.write('new.png', picture(71, 900));
    await world.deleteAsset('b.png');
    await world.putAsset('theirs.png', picture(72, 500));
    const engine = await world.engine();
    expect(await look(engine, mirrorId)).toMatchObject({ phase: 'preview', isApproved: true });
    expect(await engine.call('preview', { mirrorId })).toMatchObject({
      isReady: true,
      upload: { files: 2 },
      overwrites: 1,
      download: { files: 1 },
      trash: 1,
      inSync: 1,
      dataRows: 5,
    });
    expect(await folder.list()).toEqual(['a.png', 'b.png', 'c.png', 'new.png']);
    const assets = await contents(world);
    expect(Object.keys(assets).sort()).toEqual(['a.png', 'c.png', 'theirs.png']);
    expect(assets['a.png']).toEqual(before['a.png']);
    expect(world.sandbox.requests['sessions.create']).toBe(1);

    await engine.call('start', { mirrorId });
    expect(await new Mirror(engine, mirrorId).sync()).toMatchObject({ phase: 'in-sync' });
    await engine.call('start', { mirrorId, looksOnly: true });
    expect(await new Mirror(engine, mirrorId).status()).toMatchObject({ phase: 'in-sync' });
    expect(await folder.list()).toEqual(['a.png', 'c.png', 'new.png', 'theirs.png']);
    expect((await contents(world))['a.png']).toEqual(picture(70, 900));
  });

  test('goes on with nothing that a kill has left, until it is told to work', async () => {
    const { world, folder, mirrorId } = await rested();
    world.sandbox.faults = [{ kind: 'delay', route: 'upload', ms: 60_000 }];
    await folder.write('b.png', picture(73, 900));
    const first = await world.engine();
    await first.call('start', { mirrorId });
    await new Mirror(first, mirrorId).until(
      ({ counts }) => counts.uploading + counts.processing > 0,
      'the upload',
    );
    await first.close();
    world.sandbox.faults = [];
    const { upload } = world.sandbox.requests;
    const engine = await world.engine();
    await look(engine, mirrorId);
    expect(world.sandbox.requests.upload).toBe(upload);
    await engine.call('start', { mirrorId });
    await new Mirror(engine, mirrorId).sync();
    expect(Object.keys(await contents(world)).sort()).toEqual(['a.png', 'b.png']);
  });

  test('that works already is not stopped by a look', async () => {
    const { world, folder, mirrorId } = await rested();
    const engine = await world.engine();
    await engine.call('start', { mirrorId });
    await look(engine, mirrorId);
    await folder.write('b.png', picture(74, 900));
    await new Mirror(engine, mirrorId).sync();
    expect(Object.keys(await contents(world)).sort()).toEqual(['a.png', 'b.png']);
  });
});

describe('what waits for an answer', () => {
  const mine = picture(75, 700);
  const theirs = picture(76, 800);

  /** Both sides of Train/a.png and b.png changed, and an engine that runs nothing. */
  async function held() {
    const scene = await rested(pictures('Train/a.png', 'b.png'));
    for (const name of ['Train/a.png', 'b.png']) await scene.folder.write(name, mine);
    for (const name of ['a.png', 'b.png']) await scene.world.putAsset(name, theirs);
    const first = await scene.world.engine();
    await first.call('start', { mirrorId: scene.mirrorId });
    await new Mirror(first, scene.mirrorId).sync();
    await first.close();
    return { ...scene, engine: await scene.world.engine() };
  }

  test('is found by its path, whatever its case', async () => {
    const { engine, mirrorId } = await held();
    expect(await engine.call('holds', { mirrorId })).toMatchObject({ total: 2 });
    for (const name of ['Train/a.png', 'train/A.PNG']) {
      expect(await engine.call('holds', { mirrorId, path: name })).toMatchObject({
        total: 1,
        items: [{ path: 'Train/a.png' }],
      });
    }
    for (const name of ['a.png', 'Train', '%', 'Train/a.pn_']) {
      expect(await engine.call('holds', { mirrorId, path: name })).toEqual({ total: 0, items: [] });
    }
    expect(await engine.call('holds', { mirrorId, path: 'b.png', reason: 'both-added' })).toEqual({
      total: 0,
      items: [],
    });
  });

  test('can be answered while the mirror does not run, and is carried out when it does', async () => {
    const { engine, mirrorId, folder, world } = await held();
    const [found] = (await engine.call('holds', { mirrorId, path: 'b.png' })).items;
    world.sandbox.annotate(world.datasetId, 'b.png', { cat: 3 });
    const item = found?.item ?? '';
    const { hold, annotationsByTag } = await engine.call('hold', { mirrorId, item });
    expect(hold?.remote?.annotations).toBe(3);
    expect(annotationsByTag).toEqual({ cat: 3 });
    const answer = { kind: 'keep-theirs' } as const;
    await expect(
      engine.call('answer', { mirrorId, item, fingerprint: found?.fingerprint ?? '', answer }),
    ).rejects.toMatchObject({ problem: { code: 'changed-meanwhile' } });
    await engine.call('answer', { mirrorId, item, fingerprint: hold?.fingerprint ?? '', answer });
    expect(await folder.read('b.png')).toEqual(mine);
    await engine.call('start', { mirrorId });
    await new Mirror(engine, mirrorId).sync();
    expect(await folder.read('b.png')).toEqual(theirs);
    expect(await fs.readFile(path.join(folder.root, 'Train/a.png'))).toEqual(mine);
  });

  test('ends with the engine when the service does not answer', async () => {
    const { engine, mirrorId, world } = await held();
    const [found] = (await engine.call('holds', { mirrorId, path: 'b.png' })).items;
    world.sandbox.faults = [{ kind: 'delay', route: 'assets.get', ms: 60_000 }];
    const before = world.sandbox.requests['assets.get'];
    const asked = expect(engine.call('hold', { mirrorId, item: found?.item ?? '' })).rejects.toThrow(
      /closed/u,
    );
    while (world.sandbox.requests['assets.get'] === before) await new Promise(setImmediate);
    await engine.close();
    await asked;
  });
});
