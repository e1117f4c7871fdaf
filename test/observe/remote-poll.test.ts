import { expect, test } from 'vitest';
import type { Clock, Remote } from '../../app/engine/environment.ts';
import type { RemoteAsset } from '../../app/manifest/observations.ts';
import { RemotePoll } from '../../app/observe/remote-poll.ts';
import { memoryManifest } from '../manifest/temp-manifest.ts';

const signal = new AbortController().signal;

function asset(
  assetId: string,
  contentsLastUpdated: number,
  changes: Partial<RemoteAsset> = {},
): RemoteAsset {
  return {
    assetId,
    filename: `${assetId}.png`,
    size: 10,
    hash: null,
    etag: `${contentsLastUpdated}`,
    annotations: 0,
    contentsLastUpdated,
    mime: 'image/png',
    width: 1,
    height: 1,
    customMetadata: {},
    ...changes,
  };
}

/** A dataset as the service might tell of it, page by page, and what it was asked. */
function setup(initial: RemoteAsset[]) {
  const { manifest, mirror } = memoryManifest();
  const service = {
    assets: initial,
    /** Assets that the dataset counts and does not list. */
    uncounted: 0,
    asked: [] as string[],
    listed: 0,
    breakAfter: Number.POSITIVE_INFINITY,
    /** Assets on a page after which a listing says that nothing follows. */
    cutAfter: Number.POSITIVE_INFINITY,
    duringListing: (): void => undefined,
  };
  const clock: Clock & { at: number } = {
    at: 1_000_000,
    now: () => clock.at,
    monotonic: () => clock.at,
    sleep: async () => undefined,
  };
  const unused = () => {
    throw new Error('not asked for by a poll');
  };
  const remote: Remote = {
    organizationId: 'o',
    datasetId: 'd',
    endpoint: '',
    async dataset() {
      service.asked.push('dataset');
      return { name: 'Dataset', assetTotal: service.assets.length + service.uncounted };
    },
    async list(order, { size, token }) {
      service.asked.push('list');
      const sorted = [...service.assets].sort((a, b) =>
        order === 'stable'
          ? a.assetId.localeCompare(b.assetId)
          : (b.contentsLastUpdated ?? 0) - (a.contentsLastUpdated ?? 0),
      );
      const from = Number(token ?? 0);
      const limited = Math.min(size, 3);
      const assets = sorted.slice(from, from + limited);
      service.listed += assets.length;
      if (service.listed > service.breakAfter) throw new Error('the connection broke');
      service.duringListing();
      if (assets.length > service.cutAfter) {
        return { assets: assets.slice(0, service.cutAfter), nextPageToken: null };
      }
      return { assets, nextPageToken: from + limited < sorted.length ? `${from + limited}` : null };
    },
    async get(assetId) {
      service.asked.push('get');
      const asset = service.assets.find((each) => each.assetId === assetId);
      return asset === undefined ? null : { ...asset, annotationsByTag: {} };
    },
    locate: unused,
    openSession: unused,
    delete: unused,
    session: unused,
    send: unused,
    fetch: unused,
  };
  const poll = new RemotePoll({ remote, clock, manifest, mirror: mirror.id });
  return {
    service,
    clock,
    manifest,
    mirror: mirror.id,
    async run(patience: 'none' | 'some' | 'endless' = 'none') {
      service.asked = [];
      service.listed = 0;
      return poll.run(patience, signal);
    },
    ids: () => [...manifest.remote.ids(mirror.id)],
  };
}

const seven = Array.from({ length: 7 }, (_, index) => asset(`a${index}`, 100_000 * (index + 1)));

test('everything at first, then what has changed; an unchanged dataset costs two small requests', async () => {
  const { service, run, ids, manifest, mirror } = setup(seven);
  expect(await run()).toEqual({ isFull: true, isComplete: true, listed: 7 });
  expect(ids()).toEqual(seven.map(({ assetId }) => assetId));
  expect(manifest.mirrors.get(mirror)).toMatchObject({
    datasetName: 'Dataset',
    watermark: 700_000,
    unlisted: 0,
  });
  expect(await run()).toEqual({ isFull: false, isComplete: true, listed: 1 });
  expect(service.asked).toEqual(['dataset', 'list']);

  service.assets = service.assets.map((each) => (each.assetId === 'a2' ? asset('a2', 800_000) : each));
  // What is not much older than the watermark is read again.
  expect(await run()).toMatchObject({ isFull: false, listed: 2 });
  expect(manifest.remote.get(mirror, 'a2')).toMatchObject({ contentsLastUpdated: 800_000 });
  expect(manifest.mirrors.get(mirror).watermark).toBe(800_000);
});

test('an upload that is listed late, below the watermark, is not missed', async () => {
  const { service, run, ids } = setup(seven);
  await run();
  service.assets = [...service.assets, asset('late', 690_000)];
  expect(await run('endless')).toMatchObject({ isFull: false, isComplete: true });
  expect(ids()).toContain('late');
});

test('a deletion shows in the count, and is believed after a listing of everything', async () => {
  const { service, run, ids } = setup(seven);
  await run();
  service.assets = service.assets.filter(({ assetId }) => assetId !== 'a3');
  expect(await run()).toEqual({ isFull: true, isComplete: true, listed: 6 });
  expect(service.asked).toContain('get');
  expect(ids()).not.toContain('a3');
});

test('a count that disagrees is given time, unless a person asks', async () => {
  const { service, run, clock } = setup(seven);
  await run();
  service.assets = service.assets.filter(({ assetId }) => assetId !== 'a3');
  expect(await run('some')).toMatchObject({ isFull: false, isComplete: false });
  clock.at += 6000;
  expect(await run('endless')).toMatchObject({ isFull: false, isComplete: false });
  expect(await run('some')).toMatchObject({ isFull: true, isComplete: true });
});

test('a listing that is cut short forgets nothing, and is begun anew', async () => {
  const { service, run, ids, manifest, mirror } = setup(seven);
  service.breakAfter = 5;
  await expect(run()).rejects.toThrow('the connection broke');
  expect(manifest.mirrors.get(mirror)).toMatchObject({ lastFullListingAt: null, watermark: null });
  service.breakAfter = Number.POSITIVE_INFINITY;
  await run();
  service.assets = service.assets.filter(({ assetId }) => assetId !== 'a6');
  service.breakAfter = 5;
  await expect(run()).rejects.toThrow('the connection broke');
  expect(ids()).toHaveLength(7);
});

test('a listing of changes that ends too early is not taken for all', async () => {
  const { service, run, manifest, mirror } = setup(seven);
  await run();
  const changes: Record<string, number> = { a0: 790_000, a1: 800_000 };
  service.assets = service.assets.map((each) =>
    asset(each.assetId, changes[each.assetId] ?? Number(each.etag)),
  );
  service.cutAfter = 1;
  expect(await run('some')).toMatchObject({ isFull: false, isComplete: false, listed: 1 });
  expect(manifest.mirrors.get(mirror).watermark).toBe(700_000);
  service.cutAfter = Number.POSITIVE_INFINITY;
  expect(await run('some')).toMatchObject({ isFull: false, isComplete: true });
  expect(manifest.remote.get(mirror, 'a0')).toMatchObject({ contentsLastUpdated: 790_000 });
});

test('what changes on a page that has been read, while others are, is seen by the next listing', async () => {
  const { service, run, manifest, mirror } = setup(seven);
  let pages = 0;
  service.duringListing = () => {
    pages += 1;
    const changes: Record<string, number> = { a0: 710_000, a6: 900_000 };
    if (pages === 3) {
      service.assets = service.assets.map((each) =>
        asset(each.assetId, changes[each.assetId] ?? Number(each.etag)),
      );
    }
  };
  await run();
  expect(manifest.remote.get(mirror, 'a6')).toMatchObject({ contentsLastUpdated: 900_000 });
  expect(await run()).toMatchObject({ isFull: false });
  expect(manifest.remote.get(mirror, 'a0')).toMatchObject({ contentsLastUpdated: 710_000 });
});

test('an asset that slipped from page to page while they were read is not gone', async () => {
  const { service, run, ids } = setup(seven);
  await run();
  service.uncounted = 1;
  let pages = 0;
  service.duringListing = () => {
    pages += 1;
    // The next page of the whole listing begins one asset too late: one before it has gone, and all have moved up.
    if (pages === 3) service.assets = service.assets.filter(({ assetId }) => assetId !== 'a0');
  };
  await run();
  expect(service.asked).toContain('get');
  expect(ids()).toContain('a3');
});

test('many that are missing at once are believed only if the count agrees', async () => {
  const many = Array.from({ length: 130 }, (_, index) => asset(`m${index + 100}`, 1000 + index));
  const { service, run, ids } = setup(many);
  await run();
  service.assets = many.slice(0, 20);
  service.uncounted = 110;
  // The service lists 20 of the 130 that it counts.
  expect(await run()).toMatchObject({ isFull: true, isComplete: false });
  service.uncounted = 100;
  expect(await run()).toMatchObject({ isFull: true, isComplete: false });
  expect(ids()).toHaveLength(130);
  service.uncounted = 0;
  expect(await run()).toMatchObject({ isFull: true, isComplete: true });
  expect(ids()).toHaveLength(20);
});

test('a dataset that counts more than it lists is not listed in full every time', async () => {
  const { service, run } = setup(seven);
  service.uncounted = 4;
  await run();
  expect(await run()).toMatchObject({ isFull: false, isComplete: true });
});

test('once a day everything is listed, whatever the count says', async () => {
  const { run, clock } = setup(seven);
  await run();
  clock.at += 23 * 3_600_000;
  expect(await run()).toMatchObject({ isFull: false });
  clock.at += 2 * 3_600_000;
  expect(await run()).toMatchObject({ isFull: true });
});

test('an asset that came back under another ID takes the place of the old one', async () => {
  const { service, run, ids } = setup(seven);
  await run();
  service.assets = [
    ...service.assets.filter(({ assetId }) => assetId !== 'a1'),
    asset('again', 900_000, { filename: 'a1.png' }),
  ];
  expect(await run()).toMatchObject({ isFull: false, isComplete: true });
  expect(ids()).toContain('again');
  expect(ids()).not.toContain('a1');
});
