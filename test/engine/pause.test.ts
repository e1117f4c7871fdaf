import { describe, type ExpectStatic, test } from 'vitest';
import { realClock } from '../../app/engine/real-clock.ts';
import { picture } from './pictures.ts';
import { StorageTraffic } from './storage-traffic.ts';
import { fill, type Mirror, World } from './world.ts';

const MB = 1_000_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for what a busy machine may take long to come to. */
async function until(mirror: Mirror, ...[question, what]: Parameters<Mirror['until']>): Promise<void> {
  await mirror.until(question, what, 80_000);
}

/** No byte moves once the mirror rests and the sockets are empty, though it goes on looking at both sides. */
async function expectSilence(
  world: World,
  mirror: Mirror,
  traffic: StorageTraffic,
  expect: ExpectStatic,
): Promise<void> {
  const now = () => ({ received: traffic.received, sent: traffic.sent, requests: traffic.requests.length });
  const nextPoll = async () => {
    const polls = world.sandbox.requests['datasets.get'];
    await until(mirror, () => world.sandbox.requests['datasets.get'] > polls, 'another poll');
  };
  await mirror.engine.settled(mirror.mirrorId);
  await nextPoll();
  const before = now();
  await nextPoll();
  await nextPoll();
  expect(now()).toEqual(before);
}

async function expectNoFailure(mirror: Mirror, expect: ExpectStatic): Promise<void> {
  const { items } = await mirror.engine.call('activity', { limit: 500 });
  expect(items.filter(({ kind }) => kind === 'error' || kind === 'problem')).toEqual([]);
}

describe.concurrent('a pause in the middle of', { timeout: 90_000 }, () => {
  test('an upload stops it at once; it is uploaded once when resumed', async ({ expect, onTestFinished }) => {
    const world = await World.make({}, onTestFinished);
    const folder = await world.folder();
    const content = picture(1, 4 * MB);
    await fill(folder, { 'a.png': content });
    const traffic = new StorageTraffic(world.sandbox, onTestFinished);
    const engine = await world.engine();
    // So slow that the rest would take long.
    await engine.call('changeSettings', { uploadLimit: MB / 5 });
    const mirror = await world.mirrorOn(engine, folder);
    await until(mirror, () => traffic.received > MB / 10, 'a part of it');
    await engine.call('pause', { mirrorId: mirror.mirrorId });
    await expectSilence(world, mirror, traffic, expect);
    expect(traffic.received).toBeLessThan(4 * MB);
    expect((await mirror.status()).phase).toBe('paused');
    expect(await mirror.states()).toEqual({ 'a.png': 'waiting' });
    expect((await world.assets()).size).toBe(0);

    await engine.call('changeSettings', { uploadLimit: null });
    await engine.call('resume', { mirrorId: mirror.mirrorId });
    await until(mirror, (status) => status.phase === 'in-sync', 'all of it');
    const assets = await world.assets();
    expect([...assets.keys()]).toEqual(['a.png']);
    expect(assets.get('a.png')?.content.equals(content)).toBe(true);
    expect(world.sandbox.dataRows().used).toBe(5);
    expect(world.sandbox.requests).toMatchObject({ 'sessions.create': 1, upload: 2 });
    await expectNoFailure(mirror, expect);
  });

  test('an upload to a storage that is slow, with full sockets, is no other', async ({
    expect,
    onTestFinished,
  }) => {
    const world = await World.make({}, onTestFinished);
    const folder = await world.folder();
    const content = picture(1, 16 * MB);
    await fill(folder, { 'a.png': content });
    world.sandbox.faults = [{ kind: 'slow', route: 'upload', bytesPerSecond: MB }];
    const traffic = new StorageTraffic(world.sandbox, onTestFinished);
    const mirror = await world.mirror(folder);
    await until(mirror, () => traffic.received > MB / 2, 'a part of it');
    await mirror.engine.call('pause', { mirrorId: null });
    await mirror.engine.settled(mirror.mirrorId);
    expect(await mirror.states()).toEqual({ 'a.png': 'waiting' });
    world.sandbox.faults = [];
    await mirror.engine.call('resume', { mirrorId: null });
    await until(mirror, (status) => status.phase === 'in-sync', 'all of it');
    expect((await world.assets()).get('a.png')?.content.equals(content)).toBe(true);
    expect(world.sandbox.dataRows().used).toBe(5);
    expect(world.sandbox.requests).toMatchObject({ 'sessions.create': 1, upload: 2 });
    await expectNoFailure(mirror, expect);
  });

  test('a download stops it at once; only what is missing is fetched when resumed', async ({
    expect,
    onTestFinished,
  }) => {
    const world = await World.make({}, onTestFinished);
    const folder = await world.folder();
    const content = picture(2, 4 * MB);
    await world.putAsset('a.png', content);
    const traffic = new StorageTraffic(world.sandbox, onTestFinished);
    const engine = await world.engine();
    await engine.call('changeSettings', { downloadLimit: MB / 5 });
    const mirror = await world.mirrorOn(engine, folder);
    await until(mirror, ({ download }) => download.bytesDone > MB / 10, 'a part of it');
    await engine.call('pause', { mirrorId: null });
    await expectSilence(world, mirror, traffic, expect);
    const { bytesDone } = (await mirror.status()).download;
    expect(bytesDone).toBeLessThan(4 * MB);
    expect(await mirror.states()).toEqual({ 'a.png': 'waiting' });
    expect(await folder.list()).toEqual([]);

    await engine.call('changeSettings', { downloadLimit: null });
    await engine.call('resume', { mirrorId: null });
    await until(mirror, (status) => status.phase === 'in-sync', 'all of it');
    expect((await folder.read('a.png')).equals(content)).toBe(true);
    expect(traffic.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${bytesDone}-`]);
    expect(world.sandbox.requests.upload).toBe(0);
    await expectNoFailure(mirror, expect);
  });
});

describe.concurrent('while a mirror is paused', { timeout: 90_000 }, () => {
  test('both sides are observed, nothing is begun, and it says so', async ({ expect, onTestFinished }) => {
    const world = await World.make({}, onTestFinished);
    const folder = await world.folder();
    await fill(folder, { 'a.png': picture(1, 600) });
    const engine = await world.engine();
    const mirror = await world.mirrorOn(engine, folder);
    await mirror.sync();
    await engine.call('pause', { mirrorId: mirror.mirrorId });
    const before = { ...world.sandbox.requests };
    await folder.write('b.png', picture(2, 600));
    await folder.write('a.png', picture(3, 600));
    await world.putAsset('c.png', picture(4, 600));
    await until(mirror, ({ fileTotal }) => fileTotal === 3, 'the news');
    const status = await mirror.sync();
    expect(status).toMatchObject({ phase: 'paused', problem: null });
    expect(await mirror.states()).toEqual({ 'a.png': 'waiting', 'b.png': 'waiting', 'c.png': 'waiting' });
    expect(world.sandbox.requests).toMatchObject({
      'sessions.create': before['sessions.create'],
      upload: before.upload,
      download: before.download,
    });
    await engine.call('resume', { mirrorId: mirror.mirrorId });
    expect((await mirror.sync()).counts['in-sync']).toBe(3);
  });

  test('the others go on, and have its slots', async ({ expect, onTestFinished }) => {
    const world = await World.make({}, onTestFinished);
    const [one, two] = [await world.folder(), await world.folder()];
    const other = world.sandbox.createDataset({ name: 'Other' }).datasetId;
    await fill(one, { 'a.png': picture(1, 4 * MB) });
    const engine = await world.engine();
    await engine.call('changeSettings', { uploadLimit: MB / 4, uploadsAtOnce: 1 });
    const traffic = new StorageTraffic(world.sandbox, onTestFinished);
    const paused = await world.mirrorOn(engine, one);
    await until(paused, () => traffic.received > 50_000, 'the first bytes');
    await engine.call('pause', { mirrorId: paused.mirrorId });
    await fill(two, { 'b.png': picture(2, 100_000) });
    const mirror = await world.mirrorOn(engine, two, { datasetId: other });
    expect((await mirror.sync()).phase).toBe('in-sync');
    expect((await paused.status()).phase).toBe('paused');
    await engine.call('changeSettings', { uploadLimit: null });
    await engine.call('resume', { mirrorId: paused.mirrorId });
    await until(paused, (status) => status.phase === 'in-sync', 'its turn');
  });

  test('its signed URLs die: the files go up in another session, and nothing has failed', async ({
    expect,
    onTestFinished,
  }) => {
    const world = await World.make({}, onTestFinished);
    const folder = await world.folder();
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`${index}.png`, picture(100 + index, 100_000)]),
    );
    await fill(folder, files);
    const traffic = new StorageTraffic(world.sandbox, onTestFinished);
    const engine = await world.engine();
    await engine.call('changeSettings', { uploadLimit: MB / 2, uploadsAtOnce: 4 });
    const mirror = await world.mirrorOn(engine, folder);
    await until(mirror, () => traffic.received > 500_000, 'some of them');
    await engine.call('pause', { mirrorId: mirror.mirrorId });
    await engine.settled(mirror.mirrorId);
    const { switches } = world.sandbox;
    switches.clockOffsetMs += 2 * switches.urlLifetimeMs;
    await engine.call('changeSettings', { uploadLimit: null });
    await engine.call('resume', { mirrorId: mirror.mirrorId });
    await until(mirror, (status) => status.phase === 'in-sync', 'all');
    expect((await world.assets()).size).toBe(30);
    expect(world.sandbox.requests['sessions.create']).toBe(2);
    expect(world.sandbox.dataRows().used).toBe(150);
    await expectNoFailure(mirror, expect);
  });

  test('the engine ends: the next one picks up what was on its way', async ({ expect, onTestFinished }) => {
    const world = await World.make({}, onTestFinished);
    const folder = await world.folder();
    await fill(folder, { 'a.png': picture(1, 4 * MB), 'b.png': picture(2, 4 * MB) });
    const traffic = new StorageTraffic(world.sandbox, onTestFinished);
    const engine = await world.engine();
    await engine.call('changeSettings', { uploadLimit: MB / 2 });
    const mirror = await world.mirrorOn(engine, folder);
    await until(mirror, () => traffic.received > MB / 5, 'a part of it');
    await engine.call('pause', { mirrorId: null });
    await mirror.engine.settled(mirror.mirrorId);
    await engine.close();
    const again = await world.engine();
    const resumed = await world.mirrorOn(again, folder);
    expect((await again.settled(resumed.mirrorId)).phase).toBe('paused');
    const { requests } = traffic;
    const before = requests.length;
    await again.call('resume', { mirrorId: null });
    await until(resumed, (status) => status.phase === 'in-sync', 'both');
    expect(requests.length).toBe(before + 2);
    expect(world.sandbox.requests['sessions.create']).toBe(1);
    expect((await world.assets()).size).toBe(2);
  });
});

test('many small files that are paused again and again: each is one asset in the end, and nothing has failed', {
  timeout: 90_000,
}, async ({ expect, onTestFinished }) => {
  const world = await World.make({ switches: { fileProcessingMs: 5 } }, onTestFinished);
  const folder = await world.folder();
  const count = 40;
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${index}.png`, picture(100 + index, 20_000)]),
  );
  await fill(folder, files);
  for (let index = 0; index < 20; index++)
    await world.putAsset(`r${index}.png`, picture(900 + index, 20_000));
  const engine = await world.engine();
  await engine.call('changeSettings', { uploadLimit: MB, downloadLimit: MB / 2 });
  const mirror = await world.mirrorOn(engine, folder);
  await until(mirror, ({ upload }) => upload.bytesDone > 0, 'the first');
  for (let round = 0; round < 6; round++) {
    await engine.call('pause', { mirrorId: mirror.mirrorId });
    await sleep(20 + 15 * (round % 3));
    await engine.call('resume', { mirrorId: mirror.mirrorId });
    await sleep(30 + 40 * (round % 4));
  }
  await until(mirror, (status) => status.phase === 'in-sync', 'all');
  expect((await mirror.status()).counts['in-sync']).toBe(count + 20);
  const assets = await world.assets();
  expect(assets.size).toBe(count + 20);
  for (const [name, content] of Object.entries(files)) {
    expect(assets.get(name)?.content.equals(content), name).toBe(true);
  }
  expect(world.sandbox.dataRows().used).toBe((count + 20) * 5);
  await expectNoFailure(mirror, expect);
});

test('a paused mirror rests, whatever is to be tried again meanwhile', async ({ expect, onTestFinished }) => {
  const world = await World.make({}, onTestFinished);
  const folder = await world.folder();
  await world.putAsset('a.png', picture(1, 600));
  world.sandbox.faults = [{ kind: 'expired-url' }];
  let looks = 0;
  const clock = {
    ...realClock,
    monotonic: () => {
      looks += 1;
      return realClock.monotonic();
    },
  };
  const mirror = await world.mirror(folder, 'data', { environment: { clock } });
  await until(mirror, ({ counts }) => counts.problem === 1, 'the failure');
  await mirror.engine.call('pause', { mirrorId: null });
  // Its next try would be after a second.
  await sleep(1500);
  looks = 0;
  await sleep(1000);
  expect(looks).toBeLessThan(1000);
  world.sandbox.faults = [];
  await mirror.engine.call('resume', { mirrorId: null });
  await until(mirror, (status) => status.phase === 'in-sync', 'the asset');
});
