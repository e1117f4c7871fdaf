import { describe, test } from 'vitest';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { ViServerError } from '../../app/vi/index.ts';
import { picture } from './pictures.ts';
import { fill, type Mirror, World } from './world.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Mirrors of one engine, each of a folder with one picture and a dataset of its own. */
async function severalMirrors(world: World, count: number): Promise<Mirror[]> {
  const engine = await world.engine();
  const mirrors: Mirror[] = [];
  for (let index = 0; index < count; index++) {
    const folder = await world.folder();
    await fill(folder, { 'a.png': picture(index + 1, 700) });
    const { datasetId } = world.sandbox.createDataset({ name: `Dataset ${index}` });
    mirrors.push(await world.mirrorOn(engine, folder, { datasetId }));
  }
  return mirrors;
}

async function all(mirrors: readonly Mirror[], phase: string): Promise<void> {
  for (const mirror of mirrors) await mirror.until((status) => status.phase === phase, phase);
}

function asked(world: World): number {
  return Object.values(world.sandbox.requests).reduce((sum, count) => sum + count, 0);
}

describe.concurrent('a service that several mirrors use', () => {
  test('and that is gone is asked by one of them at a time, and all go on when it is back', async ({
    expect,
    onTestFinished,
  }) => {
    const world = await World.make({}, onTestFinished);
    const mirrors = await severalMirrors(world, 8);
    await all(mirrors, 'in-sync');
    world.sandbox.faults = [{ kind: 'status', status: 503 }];
    await all(mirrors, 'offline');
    for (const mirror of mirrors) {
      expect(await mirror.status()).toMatchObject({ problem: { title: 'The service has a problem' } });
    }
    // Those that had begun to ask before the first one knew have their say.
    await sleep(500);
    const before = asked(world);
    await sleep(3000);
    // One at a time: after 1, 2, 4 seconds at the latest, each with the client's own second try.
    expect(asked(world) - before).toBeLessThanOrEqual(8);
    world.sandbox.faults = [];
    await mirrors[0]?.engine.call('syncNow', { mirrorId: mirrors[0].mirrorId });
    await all(mirrors, 'in-sync');
  });

  test('and that takes the key no more is not asked by each with it', async ({ expect, onTestFinished }) => {
    const world = await World.make({}, onTestFinished);
    const mirrors = await severalMirrors(world, 6);
    await all(mirrors, 'in-sync');
    world.sandbox.faults = [{ kind: 'status', status: 401 }];
    await all(mirrors, 'attention');
    for (const mirror of mirrors) {
      expect(await mirror.status()).toMatchObject({ problem: { title: 'Not allowed' } });
    }
    await sleep(500);
    const before = asked(world);
    await sleep(2000);
    expect(asked(world) - before).toBeLessThanOrEqual(3);
    world.sandbox.faults = [];
    await mirrors[2]?.engine.call('syncNow', { mirrorId: mirrors[2].mirrorId });
    await all(mirrors, 'in-sync');
  });

  test('and that has lost the dataset of one of them goes on with the others', async ({
    expect,
    onTestFinished,
  }) => {
    const world = await World.make({}, onTestFinished);
    const engine = await world.engine();
    const [folder, lost] = [await world.folder(), await world.folder()];
    await fill(folder, { 'a.png': picture(1, 700) });
    const without = await world.mirrorOn(engine, lost, { datasetId: 'no-such-dataset' });
    const mirror = await world.mirrorOn(engine, folder);
    await all([without], 'attention');
    await all([mirror], 'in-sync');
    expect(await without.status()).toMatchObject({ problem: { title: 'Not found' } });
    for (let round = 0; round < 5; round++) {
      expect((await mirror.status()).problem).toBeNull();
      await sleep(200);
    }
  });

  test('and that fails for the dataset of one of them alone stops the others for a moment at most', async ({
    expect,
    onTestFinished,
  }) => {
    const world = await World.make({}, onTestFinished);
    const { datasetId: ill } = world.sandbox.createDataset({ name: 'Ill' });
    const engine = await world.engine('data', {
      connect: ({ datasetId }) => {
        const remote = viRemote(world.client(), datasetId);
        const fail = () => Promise.reject(new ViServerError('This dataset can’t be read.'));
        return datasetId === ill ? { ...remote, dataset: fail } : remote;
      },
    });
    const [folder, other] = [await world.folder(), await world.folder()];
    await fill(folder, { 'a.png': picture(1, 700) });
    const mirror = await world.mirrorOn(engine, folder);
    await all([mirror], 'in-sync');
    const failing = await world.mirrorOn(engine, other, { datasetId: ill });
    await all([failing], 'offline');
    // It fails once more, and from then on it is known to be alone with that.
    await sleep(3000);
    const phases: string[] = [];
    engine.on('mirrorChanged', ({ mirrorId, phase }) => {
      if (mirrorId === mirror.mirrorId) phases.push(phase);
    });
    await folder.write('b.png', picture(2, 700));
    await mirror.until(({ counts }) => counts['in-sync'] === 2, 'the second file');
    await sleep(2000);
    expect(phases).not.toContain('offline');
    expect((await failing.status()).phase).toBe('offline');
  });
});
