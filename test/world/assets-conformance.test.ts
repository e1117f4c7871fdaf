import { describe, expect, test } from 'vitest';
import { type Contents, ViError } from '../../app/vi/index.ts';
import { picture } from '../engine/pictures.ts';
import { hashOf } from './file-facts.ts';
import { type BenchOptions, errorFrom, onBench, remoteBenches, signal } from './remote-benches.ts';

describe.each(remoteBenches)('%s', (_name, make) => {
  const setup = (options: BenchOptions = {}) => onBench(make, options);

  test('lists the newest change first, and else in an order that changes do not change; page by page', async () => {
    const { put, all, wait } = await setup();
    for (const [index, name] of ['b.png', 'a.png', 'd.png', 'c.png', 'e.png'].entries()) {
      await put(name, picture(index, 300));
      await wait(5);
    }
    const names = async (order: 'stable' | 'newest-first', size?: number) =>
      (await all(order, size)).map(({ filename }) => filename);
    expect(await names('newest-first')).toEqual(['e.png', 'c.png', 'd.png', 'a.png', 'b.png']);
    expect(await names('newest-first', 2)).toEqual(await names('newest-first'));
    const stable = await names('stable', 2);
    expect(stable.toSorted()).toEqual(['a.png', 'b.png', 'c.png', 'd.png', 'e.png']);
    await put('a.png', picture(9, 300));
    expect(await names('stable')).toEqual(stable);
    expect((await names('newest-first'))[0]).toBe('a.png');
  });

  test('annotating changes no time of change', async () => {
    const { put, annotate, asset, wait } = await setup();
    await put('a.png', picture(1, 300));
    const before = await asset('a.png');
    await wait(5);
    await annotate('a.png', 2);
    const after = await asset('a.png');
    expect(after.contentsLastUpdated).toBe(before.contentsLastUpdated);
    expect(after.hash).toEqual(before.hash);
  });

  test('hashes in any algorithm, or none', async () => {
    const { put, switches, asset } = await setup();
    const content = picture(1, 300);
    await put('a.png', content);
    const { hash } = await import('node:crypto');
    const hashes: Record<string, unknown> = {};
    for (const algorithm of ['sha256', 'md5', 'sha1', 'crc32c', 'none'] as const) {
      switches.hashAlgorithm = algorithm;
      hashes[algorithm] = (await asset('a.png')).hash;
    }
    expect(hashes).toEqual({
      sha256: { algorithm: 'sha256', contents: hash('sha256', content) },
      md5: { algorithm: 'md5', contents: hash('md5', content) },
      sha1: { algorithm: 'sha1', contents: hash('sha1', content) },
      crc32c: {
        algorithm: 'crc32c',
        contents: (hashOf(content).crc32c >>> 0).toString(16).padStart(8, '0'),
      },
      none: null,
    });
  });

  test('an upload is listed, counted and found late where the switch says so, and the old version until then', async () => {
    const { upload, all, total, put, remote, outcome, wait, asset } = await setup();
    await put('a.png', picture(1, 300));
    const old = await asset('a.png');
    const delayed = await setup({ switches: { listingDelayMs: 1200 } });
    await delayed.upload({ 'n.png': picture(2, 300) });
    expect(await delayed.all()).toEqual([]);
    expect(await delayed.total()).toBe(0);
    await delayed.wait(1300);
    const [shown] = await delayed.all();
    expect(shown?.filename).toBe('n.png');
    await delayed.upload({ 'n.png': picture(3, 300) });
    expect((await delayed.asset('n.png')).hash).toEqual(shown?.hash);
    expect((await delayed.outcome(delayed.remote.get(shown?.assetId ?? '', signal)))?.hash).toEqual(
      shown?.hash,
    );
    expect(await delayed.total()).toBe(1);
    // The old version can be fetched as long as it is shown.
    await delayed.fetch(shown?.assetId ?? '', 'fetched.png');
    expect(await delayed.read('fetched.png')).toEqual(picture(2, 300));
    await delayed.wait(1300);
    expect((await delayed.asset('n.png')).hash?.contents).toBe(hashOf(picture(3, 300)).sha256);

    await upload({ 'a.png': picture(4, 300) });
    expect((await outcome(remote.get(old.assetId, signal)))?.hash?.contents).toBe(
      hashOf(picture(4, 300)).sha256,
    );
    await wait(1);
    expect((await all()).length).toBe(await total());
  });

  test('deletes an asset with its annotations; one that is gone is no error, whatever the service says', async () => {
    const { put, annotate, asset, remote, outcome, total, dataRows, switches } = await setup();
    await put('a.png', picture(1, 300));
    await annotate('a.png', 2);
    const { assetId } = await asset('a.png');
    await outcome(remote.delete(assetId, signal));
    expect(await total()).toBe(0);
    expect(dataRows()).toBe(0);
    await outcome(remote.delete(assetId, signal));
    switches.deleteMissing = 'ok';
    await outcome(remote.delete(assetId, signal));
    expect(await outcome(remote.get(assetId, signal))).toBeNull();
    expect(await outcome(remote.locate(assetId, signal))).toBeNull();
    expect(await outcome(remote.session('none', signal))).toBeNull();
  });

  test('a download is checked, and a wrong one leaves nothing that looks whole', async () => {
    const { put, asset, fetch, read, breakDownload } = await setup();
    await put('a.png', picture(1, 300));
    const { assetId } = await asset('a.png');
    expect(await fetch(assetId, 'good.png')).toMatchObject({ ...hashOf(picture(1, 300)) });
    expect(await read('good.png')).toEqual(picture(1, 300));
    breakDownload('corrupt');
    expect(await errorFrom(fetch(assetId, 'bad.png'))).toEqual({
      kind: 'ViDownloadError',
      code: 'ContentMismatch',
    });
    expect((await read('bad.png')).length).toBeLessThan(picture(1, 300).length);
  });

  test('assets are located by the page as they are one by one', async () => {
    const { put, remote, outcome, at, all } = await setup();
    for (const [index, name] of ['b.png', 'c.png', 'a.png'].entries()) await put(name, picture(index, 300));
    const first = await outcome(remote.locatePage({ size: 2, token: null }, signal));
    const second = await outcome(remote.locatePage({ size: 2, token: first.nextPageToken }, signal));
    expect([first.assets.length, second.assets.length, second.nextPageToken]).toEqual([2, 1, null]);
    const located = [...first.assets, ...second.assets];
    expect(located.map(({ asset }) => asset)).toEqual(await all('stable'));
    for (const { asset, contents } of located) {
      const alone = await outcome(remote.locate(asset.assetId, signal));
      expect(alone?.asset).toEqual(asset);
      if (contents === null) throw new Error('not to be located');
      const options = { onBytes: () => undefined, signal };
      const { sha256 } = await outcome(remote.fetch(contents, at('x.png'), asset, options));
      expect(sha256).toBe(asset.hash?.contents);
    }
  });

  test('a download of a version that is gone, and at an address that has expired', async () => {
    const { put, asset, remote, outcome, at, wait } = await setup({ switches: { urlLifetimeMs: 400 } });
    await put('a.png', picture(1, 300));
    const { assetId } = await asset('a.png');
    const located = await outcome(remote.locate(assetId, signal));
    const again = await outcome(remote.locate(assetId, signal));
    if (located?.contents == null || again?.contents == null) throw new Error('not to be located');
    await put('a.png', picture(2, 300));
    const fetch = (contents: Contents) =>
      outcome(
        remote.fetch(contents, at('x.png'), { size: null, hash: null }, { onBytes: () => undefined, signal }),
      );
    // Whether the old bytes are still there is the service's affair; what is there is never anything else.
    const early = await fetch(located.contents).catch((error: unknown) => error);
    if (early instanceof ViError) expect(early.code).toBe('DownloadFailed');
    else expect(early).toMatchObject({ sha256: hashOf(picture(1, 300)).sha256 });
    await wait(500);
    expect(await errorFrom(fetch(again.contents))).toEqual({
      kind: 'ViDownloadError',
      code: 'UrlExpired',
      isExpired: true,
    });
  });

  test('the service’s clock differs where the switch says so', async () => {
    const { put, asset, switches, remote, outcome } = await setup();
    await put('a.png', picture(1, 300));
    const { contentsLastUpdated } = await asset('a.png');
    switches.clockOffsetMs = 600_000;
    await put('b.png', picture(2, 300));
    const later = (await asset('b.png')).contentsLastUpdated ?? 0;
    expect(later - (contentsLastUpdated ?? 0)).toBeGreaterThanOrEqual(600_000);
    const located = await outcome(remote.locate((await asset('a.png')).assetId, signal));
    expect((located?.contents?.expiry ?? 0) - (contentsLastUpdated ?? 0)).toBeGreaterThan(600_000);
  });
});
