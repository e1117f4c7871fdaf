import { describe, expect, test } from 'vitest';
import type { Clock, Remote, RemotePage } from '../../app/engine/environment.ts';
import type { RemoteAsset } from '../../app/manifest/observations.ts';
import { RemotePoll } from '../../app/observe/remote-poll.ts';
import { ViNetworkError, ViResponseError, ViServerError } from '../../app/vi/index.ts';
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
    /** By its own clock; null: it does not say. */
    now: null as number | null,
    /** Says how many assets it has; null: it says what it lists. */
    total: null as number | null,
    /** Instead of the page that it should give. */
    page: null as ((number: number) => RemotePage) | null,
    /** Assets that can't be asked for. */
    broken: new Map<string, Error>(),
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
      const assetTotal = service.total ?? service.assets.length + service.uncounted;
      return { name: 'Dataset', assetTotal, serviceNow: service.now };
    },
    async list(order, { size, token }) {
      service.asked.push('list');
      const pages = service.asked.filter((each) => each === 'list').length;
      if (service.page !== null) return service.page(pages);
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
      const nextPageToken = from + limited < sorted.length ? `${from + limited}` : null;
      return { assets, nextPageToken };
    },
    async get(assetId) {
      service.asked.push('get');
      const error = service.broken.get(assetId);
      if (error !== undefined) throw error;
      const asset = service.assets.find((each) => each.assetId === assetId);
      return asset === undefined ? null : { ...asset, annotationsByTag: {} };
    },
    locate: unused,
    locatePage: unused,
    openSession: unused,
    delete: unused,
    session: unused,
    send: unused,
    fetch: unused,
  };
  const poll = new RemotePoll({ remote, clock, manifest, mirror: mirror.id });
  return {
    poll,
    service,
    clock,
    manifest,
    mirror: mirror.id,
    async run(patience: 'none' | 'some' | 'endless' = 'none') {
      service.asked = [];
      service.listed = 0;
      return poll.run(patience, signal);
    },
    // Between two listings, all that are known.
    ids: () => manifest.listed.missing(mirror.id, 1_000_000),
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

test('what came in just before is read again until nothing can be late any more; then a poll costs one small page', async () => {
  const many = Array.from({ length: 10 }, (_, index) => asset(`a${index}`, 700_000 + index));
  const { service, run, clock, manifest, mirror, ids } = setup(many);
  await run();
  expect(await run()).toMatchObject({ listed: 10 });
  clock.at += 31_000;
  service.assets = [...service.assets, asset('late', 690_000)];
  expect(await run()).toMatchObject({ listed: 11 });
  expect(ids()).toContain('late');
  // What the page shows besides is recorded all the same.
  service.assets = service.assets.map((each) => (each.assetId === 'a9' ? { ...each, annotations: 4 } : each));
  expect(await run()).toMatchObject({ isComplete: true, listed: 0 });
  expect(service.asked).toEqual(['dataset', 'list']);
  expect(manifest.remote.get(mirror, 'a9')).toMatchObject({ annotations: 4 });
  service.assets = [...service.assets, asset('new', 750_000)];
  expect(await run()).toMatchObject({ listed: 1 });
  service.assets = [...service.assets, asset('late too', 740_000)];
  expect(await run('endless')).toMatchObject({ listed: 2 });
  expect(ids()).toContain('late too');
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

test('an asset that is deleted after its page was read is found out by the next count', async () => {
  const { service, run, ids } = setup(seven);
  let pages = 0;
  service.duringListing = () => {
    pages += 1;
    // One page of changes, and three of everything.
    if (pages === 4) service.assets = service.assets.filter(({ assetId }) => assetId !== 'a0');
  };
  await run();
  expect(ids()).toContain('a0');
  await run();
  expect(ids()).not.toContain('a0');
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

describe('a service that makes no sense', () => {
  const anew = (number: number) => asset(`new-${number}`, 900_000 + number);

  test.for<[string, (number: number) => RemotePage]>([
    ['the same page again and again', () => ({ assets: seven, nextPageToken: 'again' })],
    ['pages in a circle', (number) => ({ assets: [anew(number)], nextPageToken: `${number % 7}` })],
    ['empty pages with tokens without end', (number) => ({ assets: [], nextPageToken: `${number}` })],
    ['the same assets with tokens without end', (number) => ({ assets: seven, nextPageToken: `${number}` })],
  ])('%s: the listing ends with an error, at first and later', async ([, page]) => {
    const { service, run, ids, manifest, mirror } = setup(seven);
    service.page = page;
    await expect(run()).rejects.toMatchObject({ code: 'EndlessListing' });
    expect(service.asked.length).toBeLessThan(200);
    expect(manifest.mirrors.get(mirror)).toMatchObject({ lastFullListingAt: null, watermark: null });
    service.page = null;
    service.total = 7;
    await run();
    service.page = page;
    await expect(run('some')).rejects.toMatchObject({ code: 'EndlessListing' });
    expect(service.asked.length).toBeLessThan(200);
    expect(manifest.mirrors.get(mirror).watermark).toBe(700_000);
    expect(manifest.listed.count(mirror)).toBe(0);
    expect(ids()).toEqual(expect.arrayContaining(seven.map(({ assetId }) => assetId)));
  });

  test('more and more assets: the listing ends with an error', async () => {
    const { service, run, manifest, mirror } = setup(seven);
    service.page = (number) => ({
      assets: Array.from({ length: 1000 }, (_, index) => anew(1000 * number + index)),
      nextPageToken: `${number}`,
    });
    await expect(run()).rejects.toMatchObject({ code: 'EndlessListing' });
    expect(service.asked.length).toBeLessThan(200);
    expect(manifest.mirrors.get(mirror)).toMatchObject({ lastFullListingAt: null, watermark: null });
  });

  test('a time of change far ahead hides nothing that changes later', async () => {
    const { service, run, manifest, mirror } = setup([...seven, asset('ahead', 9e12)]);
    await run();
    expect(manifest.mirrors.get(mirror).watermark).toBe(700_000);
    service.assets = service.assets.map((each) =>
      each.assetId === 'a2' ? asset('a2', 800_000) : each.assetId === 'a3' ? asset('a3', 8e12) : each,
    );
    expect(await run()).toMatchObject({ isFull: false, isComplete: true });
    expect(manifest.remote.get(mirror, 'a2')).toMatchObject({ contentsLastUpdated: 800_000 });
    expect(manifest.mirrors.get(mirror).watermark).toBe(800_000);
  });

  test('when no time of change can be believed, changes are those since the service’s own time', async () => {
    const ahead = Array.from({ length: 7 }, (_, index) => asset(`b${index}`, 9e12 + index));
    const { service, run, manifest, mirror } = setup(ahead);
    service.now = 5_000_000;
    await run();
    expect(manifest.mirrors.get(mirror).watermark).toBe(5_000_000);
  });

  test('a service whose clock is ahead of ours is believed', async () => {
    const { service, run, manifest, mirror } = setup(
      seven.map(({ assetId }, index) => asset(assetId, 1e8 + index)),
    );
    service.now = 1e8;
    await run();
    expect(manifest.mirrors.get(mirror).watermark).toBe(1e8 + 6);
    await run();
    expect(service.asked).toEqual(['dataset', 'list', 'list', 'list']);
  });

  test('a watermark that lies ahead is found again by a listing of everything', async () => {
    const { run, manifest, mirror } = setup(seven);
    await run();
    const lost = { at: 1, isFull: false, watermark: 9e12, unlisted: 0 };
    manifest.mirrors.setListed(mirror, lost);
    expect(await run('some')).toMatchObject({ isFull: true, isComplete: true });
    expect(manifest.mirrors.get(mirror).watermark).toBe(700_000);
    expect(await run('some')).toMatchObject({ isFull: false });
  });

  test('an old asset among new ones does not end the list of changes', async () => {
    const { service, run, manifest, mirror } = setup(seven);
    await run();
    const changed = [asset('a0', 900_000), asset('a1', 1), asset('a2', 890_000), ...seven.slice(3)];
    service.page = () => ({ assets: changed, nextPageToken: null });
    expect(await run()).toMatchObject({ isFull: false, isComplete: true });
    expect(manifest.remote.get(mirror, 'a2')).toMatchObject({ contentsLastUpdated: 890_000 });
  });

  test('one asset that can’t be asked for stops nothing, and is not gone', async () => {
    const { service, run, ids } = setup(seven);
    await run();
    service.assets = service.assets.filter(({ assetId }) => assetId !== 'a3' && assetId !== 'a4');
    service.broken.set('a3', new ViResponseError('garbage'));
    expect(await run()).toMatchObject({ isFull: true });
    expect(ids()).toContain('a3');
    expect(ids()).not.toContain('a4');
    service.broken.set('a3', new ViServerError('always'));
    service.assets = service.assets.filter(({ assetId }) => assetId !== 'a5');
    expect(await run()).toMatchObject({ isFull: true });
    expect(ids()).toContain('a3');
    expect(ids()).not.toContain('a5');
    service.broken.set('a3', new ViNetworkError('away'));
    service.assets = service.assets.filter(({ assetId }) => assetId !== 'a6');
    await expect(run()).rejects.toThrow('away');
    expect(ids()).toContain('a6');
  });

  test('nor does one that takes the name of another which can’t be asked for', async () => {
    const { service, run, ids } = setup(seven);
    await run();
    service.broken.set('a1', new ViResponseError('garbage'));
    service.assets = [...service.assets, asset('again', 900_000, { filename: 'a1.png' })];
    expect(await run()).toMatchObject({ isFull: false, isComplete: true });
    expect(ids()).toEqual(expect.arrayContaining(['a1', 'again']));
  });

  test.for(['..', 'a/b', '', 'x'.repeat(300)])(
    'an ID that is none (%#) is kept, and believed to be gone with the count',
    async (id) => {
      const { service, run, ids } = setup([...seven, asset(id, 5, { filename: 'odd.png' })]);
      await run();
      expect(ids()).toContain(id);
      service.assets = [...seven, asset('other', 900_000, { filename: 'odd.png' })];
      await run();
      await run();
      expect(ids()).toContain('other');
      service.assets = seven;
      await run();
      expect(ids()).toEqual(seven.map(({ assetId }) => assetId));
    },
  );

  test('a count that never fits lists everything more and more seldom, unless a person asks, until it has fitted once', async () => {
    const many = Array.from({ length: 40 }, (_, index) => asset(`m${index + 100}`, 100 * index));
    const { service, run, clock, poll } = setup(many);
    await run();
    let full = 0;
    const hour = async (changes: boolean) => {
      full = 0;
      for (let poll = 0; poll < 180; poll++) {
        clock.at += 20_000;
        if (changes) service.total = 100 + Math.floor(clock.at / 20_000);
        if ((await run('some')).isFull) full += 1;
      }
      return full;
    };
    expect(await hour(true)).toBeLessThan(45);
    // By its pages: 14 of them, at most one each 10 s.
    expect(await hour(true)).toBeLessThanOrEqual(26);
    expect(poll.advice).toMatchObject({ code: 'count-disagrees' });
    expect(await run('none')).toMatchObject({ isFull: true, isComplete: true });
    service.total = null;
    await run('none');
    expect(await run('some')).toMatchObject({ isFull: false, isComplete: true });
    expect(poll.advice).toBeNull();
    service.assets = many.slice(1);
    expect(await run('some')).toMatchObject({ isFull: false, isComplete: false });
    clock.at += 6000;
    expect(await run('some')).toMatchObject({ isFull: true, isComplete: true });
    expect(await hour(false)).toBe(0);
  });
});
