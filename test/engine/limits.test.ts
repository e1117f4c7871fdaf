import { describe, expect, test } from 'vitest';
import { picture } from './pictures.ts';
import { StorageTraffic } from './storage-traffic.ts';
import { fill, type Mirror, World } from './world.ts';

const MB = 1_000_000;
/**
 * By when 2 MB must have come at 1 MB/s. It is 2 seconds; a machine that is busy with other things makes more of them, never less. How
 * exact a limit is, the tests with a clock of their own tell.
 */
const latest = 4000;

/** When the last file was transferred, by the clock of the first request. Milliseconds. */
async function took(mirror: Mirror, traffic: StorageTraffic, kind: 'uploaded' | 'downloaded') {
  const { items } = await mirror.engine.call('activity', { limit: 100 });
  const times = items.filter((each) => each.kind === kind).map(({ at }) => at);
  return Math.max(...times) - (performance.timeOrigin + (traffic.requests[0]?.at ?? 0));
}

function large(count: number, bytes: number): Record<string, Buffer> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${index}.png`, picture(500 + index, bytes)]),
  );
}

describe('a limit of 1 MB/s, for 2 MB', () => {
  for (const count of [1, 8]) {
    test(`in ${count} at once, is kept for uploads`, async () => {
      const world = await World.make();
      const folder = await world.folder();
      const traffic = new StorageTraffic(world.sandbox);
      await fill(folder, large(count, (2 * MB) / count));
      const engine = await world.engine();
      await engine.call('changeSettings', { uploadLimit: MB });
      const mirror = await world.mirrorOn(engine, folder);
      await mirror.until(() => traffic.received > 0, 'the first byte');
      const samples: { at: number; received: number }[] = [];
      await mirror.until((status) => {
        samples.push({ at: performance.now(), received: traffic.received });
        return status.counts['in-sync'] === count;
      }, 'all files');
      const begin = traffic.requests[0]?.at ?? Number.NaN;
      const until = (bytes: number) =>
        (samples.find(({ received }) => received >= bytes)?.at ?? Number.NaN) - begin;
      expect(until(2 * MB)).toBeGreaterThan(1700);
      expect(until(2 * MB)).toBeLessThan(latest);
      // The half is there in half of the time: it flows, and does not come in heaps.
      expect(until(MB)).toBeGreaterThan(700);
      expect(until(MB)).toBeLessThan(0.7 * until(2 * MB));
      expect(traffic.received).toBeLessThan(2.1 * MB);
    });

    test(`in ${count} at once, is kept for downloads`, async () => {
      const world = await World.make();
      const folder = await world.folder();
      for (const [name, content] of Object.entries(large(count, (2 * MB) / count))) {
        await world.putAsset(name, content);
      }
      const traffic = new StorageTraffic(world.sandbox);
      const engine = await world.engine();
      await engine.call('changeSettings', { downloadLimit: MB });
      const mirror = await world.mirrorOn(engine, folder);
      await mirror.until((status) => status.counts['in-sync'] === count, 'all assets');
      const ms = await took(mirror, traffic, 'downloaded');
      expect(ms).toBeGreaterThan(1700);
      expect(ms).toBeLessThan(latest);
      expect(traffic.requests).toHaveLength(count);
    });
  }
});

test('limits of both directions hold at the same time, for all mirrors of an engine together', async () => {
  const world = await World.make();
  const [one, two] = [await world.folder(), await world.folder()];
  const other = world.sandbox.createDataset({ name: 'Other' }).datasetId;
  await fill(one, { 'a.png': picture(1, MB) });
  await fill(two, { 'b.png': picture(2, MB) });
  await world.putAsset('c.png', picture(3, MB));
  const traffic = new StorageTraffic(world.sandbox);
  const engine = await world.engine();
  await engine.call('changeSettings', { uploadLimit: MB, downloadLimit: MB });
  const mirrors = [
    await world.mirrorOn(engine, one),
    await world.mirrorOn(engine, two, { datasetId: other }),
  ];
  for (const mirror of mirrors) {
    await mirror.until(({ counts, fileTotal }) => fileTotal > 0 && counts['in-sync'] === fileTotal, 'all');
  }
  const ends = await Promise.all(mirrors.map((mirror) => took(mirror, traffic, 'uploaded')));
  expect(Math.max(...ends)).toBeGreaterThan(1700);
  expect(Math.max(...ends)).toBeLessThan(latest);
  expect(traffic.requests.map(({ method }) => method).sort()).toEqual(['GET', 'PUT', 'PUT']);
});

test('a limit that is lifted, or set, while a large file is on its way holds from the next moment on', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, { 'a.png': picture(4, 8 * MB) });
  const traffic = new StorageTraffic(world.sandbox);
  const engine = await world.engine();
  await engine.call('changeSettings', { uploadLimit: 50_000 });
  const mirror = await world.mirrorOn(engine, folder);
  await mirror.until(() => traffic.received > 20_000, 'the first bytes');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(traffic.received).toBeLessThan(150_000);
  await engine.call('changeSettings', { uploadLimit: 2 * MB });
  await mirror.until(() => traffic.received > 2 * MB, 'more');
  await engine.call('changeSettings', { uploadLimit: 1000 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = traffic.received;
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(traffic.received - before).toBeLessThan(20_000);
  await engine.call('changeSettings', { uploadLimit: null });
  await mirror.until((status) => status.counts['in-sync'] === 1, 'all of it');
  expect(traffic.received).toBeLessThan(8.2 * MB);
});

test('a file that somebody has just edited is up before the large ones that came first', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, { 'large.png': picture(5, 6 * MB), 'large 2.png': picture(6, 6 * MB) });
  const engine = await world.engine();
  await engine.call('changeSettings', { uploadLimit: MB, uploadsAtOnce: 1 });
  const traffic = new StorageTraffic(world.sandbox);
  const mirror = await world.mirrorOn(engine, folder);
  await mirror.until(() => traffic.received > 100_000, 'the first bytes');
  await folder.write('edit.png', picture(7, 5000));
  await mirror.until(async () => (await mirror.states())['edit.png'] === 'in-sync', 'the edit');
  expect((await mirror.status()).counts['in-sync']).toBe(1);
});
