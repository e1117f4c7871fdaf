import { createHash } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import { describe, expect, test } from 'vitest';
import { makeSwitches } from '../../app/sandbox/switches.ts';
import { makeBmp } from './bmp.ts';
import { errorCodes, finished, type UploadedFile, withSandbox } from './with-sandbox.ts';

function picture(filename: string, seed = 0): UploadedFile {
  return { filename, content: makeBmp(4, 3, seed) };
}

describe('switches', () => {
  test('have the documented defaults', () => {
    expect(makeSwitches()).toEqual({
      existingFilename: 'overwrite',
      identicalBytes: 'EALREADY',
      overwrittenAssetId: 'kept',
      hashAlgorithm: 'sha256',
      hashEncoding: 'hex',
      retryAfter: 'seconds',
      sessionBudget: { sessions: 10, windowMs: 600_000 },
      listingDelayMs: 0,
      fileProcessingMs: 0,
      sessionMinimumMs: 0,
      finishOrder: 'arrival',
      failAfterAllWithErrors: 'Reached',
      urlLifetimeMs: 900_000,
      expiredUrlStatus: 403,
      deleteMissing: 'not-found',
      clockOffsetMs: 0,
    });
  });

  test.each([
    ['overwrite', 'EALREADY', {}, { 'a.bmp': 'EALREADY' }],
    ['overwrite', 'overwrite', {}, {}],
    ['EALREADY', 'EALREADY', { 'a.bmp': 'EALREADY' }, { 'a.bmp': 'EALREADY' }],
    ['EALREADY', 'overwrite', { 'a.bmp': 'EALREADY' }, {}],
  ] as const)(
    'existingFilename %s, identicalBytes %s',
    async (existingFilename, identicalBytes, other, same) => {
      const { api } = await withSandbox({ switches: { existingFilename, identicalBytes } });
      await api.upload([picture('a.bmp')]);
      expect(errorCodes(await api.upload([picture('a.bmp')]))).toEqual(same);
      expect(errorCodes(await api.upload([picture('a.bmp', 1)]))).toEqual(other);
      // The same bytes under another name are another asset.
      expect(errorCodes(await api.upload([picture('b.bmp')]))).toEqual({});
    },
  );

  test.each(['kept', 'new'] as const)('overwrittenAssetId %s', async (overwrittenAssetId) => {
    const { sandbox, api } = await withSandbox({ switches: { overwrittenAssetId } });
    await api.upload([picture('a.bmp')]);
    sandbox.annotate('ds', 'a.bmp', { cat: 1 });
    const before = await api.asset('a.bmp');
    await api.upload([picture('a.bmp', 1)], { onAssetOverwritten: 'KeepLinkedResource' });
    const after = await api.asset('a.bmp');
    expect(after.etag).not.toBe(before.etag);
    expect(after.metadata.annotations.total).toBe(1);
    expect(await api.statistic()).toMatchObject({ assetTotal: 1, annotationTotal: 1 });
    if (overwrittenAssetId === 'kept') {
      expect(after.assetId).toBe(before.assetId);
      expect(after.metadata.timeCreated).toBe(before.metadata.timeCreated);
    } else {
      expect(after.assetId).not.toBe(before.assetId);
      expect((await api.fetch(before.selfLink)).status).toBe(404);
    }
  });

  test('hashAlgorithm and hashEncoding', async () => {
    const { sandbox, api } = await withSandbox();
    const file = picture('a.bmp');
    await api.upload([file]);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32c(file.content));
    for (const hashEncoding of ['hex', 'base64'] as const) {
      sandbox.switches.hashEncoding = hashEncoding;
      for (const hashAlgorithm of ['sha256', 'md5', 'sha1'] as const) {
        sandbox.switches.hashAlgorithm = hashAlgorithm;
        expect((await api.asset('a.bmp')).metadata.hash).toEqual({
          algorithm: hashAlgorithm,
          contents: createHash(hashAlgorithm).update(file.content).digest(hashEncoding),
        });
      }
      sandbox.switches.hashAlgorithm = 'crc32c';
      expect((await api.asset('a.bmp')).metadata.hash).toEqual({
        algorithm: 'crc32c',
        contents: crc.toString(hashEncoding),
      });
    }
    sandbox.switches.hashAlgorithm = 'none';
    expect((await api.asset('a.bmp')).metadata.hash).toEqual({ algorithm: 'none', contents: '' });
  });

  test('sessionBudget: 429 when it is spent, room when the oldest has left the window', async () => {
    let now = 1_000_000;
    const { api } = await withSandbox({
      now: () => now,
      switches: { sessionBudget: { sessions: 3, windowMs: 60_000 } },
    });
    for (let count = 0; count < 3; count++) {
      expect((await api.createSession([picture('a.bmp')])).status).toBe(200);
      now += 10_000;
    }
    const refused = await api.createSession([picture('a.bmp')]);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('30');
    expect(await refused.json()).toMatchObject({ error: 'RateLimitExceeded' });
    now += 29_000;
    expect((await api.createSession([picture('a.bmp')])).status).toBe(429);
    now += 1_000;
    expect((await api.createSession([picture('a.bmp')])).status).toBe(200);
    expect((await api.createSession([picture('a.bmp')])).status).toBe(429);
  });

  test('sessionBudget: 10 in 10 minutes unless told otherwise, and bad requests cost nothing', async () => {
    const { api } = await withSandbox({ switches: makeSwitches() });
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) {
      await api.fetch(api.sessions, 'POST', {});
      statuses.push((await api.createSession([picture('a.bmp')])).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
  });

  test('retryAfter', async () => {
    const now = Date.UTC(2026, 0, 1, 12, 0, 0, 500);
    const { sandbox, api } = await withSandbox({
      now: () => now,
      switches: { sessionBudget: { sessions: 1, windowMs: 60_000 } },
    });
    await api.createSession([picture('a.bmp')]);
    const header = async () => (await api.createSession([picture('a.bmp')])).headers.get('retry-after');
    expect(await header()).toBe('60');
    sandbox.switches.retryAfter = 'date';
    expect(await header()).toBe('Thu, 01 Jan 2026 12:01:01 GMT');
    sandbox.switches.retryAfter = 'absent';
    expect(await header()).toBeNull();
  });

  test('listingDelayMs: a new asset shows later, and counts later', async () => {
    let now = 1_000_000;
    const { api } = await withSandbox({ now: () => now, switches: { listingDelayMs: 5_000 } });
    const session = await api.upload([picture('a.bmp')]);
    expect(session.status.progressCount.succeeded).toBe(1);
    expect((await api.list()).items).toEqual([]);
    expect(await api.statistic()).toMatchObject({ assetTotal: 0 });
    now += 4_999;
    expect((await api.list()).items).toEqual([]);
    now += 1;
    expect((await api.list()).items).toHaveLength(1);
    expect(await api.statistic()).toMatchObject({ assetTotal: 1 });
  });

  test('listingDelayMs: an overwritten asset shows its old version until then', async () => {
    let now = 1_000_000;
    const { sandbox, api } = await withSandbox({ now: () => now });
    await api.upload([picture('a.bmp')]);
    const old = await api.asset('a.bmp');
    sandbox.switches.listingDelayMs = 5_000;
    await api.upload([picture('a.bmp', 1)]);
    const during = await api.asset('a.bmp');
    expect(during.metadata).toEqual(old.metadata);
    const download = await fetch(during.contents?.asset.url ?? '');
    expect(Buffer.from(await download.arrayBuffer())).toEqual(makeBmp(4, 3));
    now += 5_000;
    const after = await api.asset('a.bmp');
    expect(after.metadata.hash).not.toEqual(old.metadata.hash);
    expect(after.assetId).toBe(old.assetId);
    expect(await api.statistic()).toMatchObject({ assetTotal: 1 });
  });

  test.each([
    ['listed', ['0.bmp', '1.bmp', '2.bmp', '3.bmp', '4.bmp']],
    ['reversed', ['4.bmp', '3.bmp', '2.bmp', '1.bmp', '0.bmp']],
  ] as const)('finishOrder %s', async (finishOrder, order) => {
    const { api } = await withSandbox({ switches: { finishOrder } });
    const files = Array.from({ length: 5 }, (_, index) => picture(`${index}.bmp`, index));
    await api.upload(files);
    expect((await api.list()).items.map(({ filename }) => filename)).toEqual(order);
  });

  test('finishOrder shuffled: neither order, and nothing before all have arrived', async () => {
    const { api } = await withSandbox({ switches: { finishOrder: 'shuffled' } });
    const files = Array.from({ length: 20 }, (_, index) => picture(`${index}.bmp`, index));
    const session = await api.begin(files, { skip: ['19.bmp'] });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await api.list()).items).toEqual([]);
    await api.put(session, 19, makeBmp(4, 3, 19));
    expect((await api.ended(session)).status.progressCount.succeeded).toBe(20);
    const order = (await api.list({ s: '20' })).items.map(({ filename }) => Number.parseInt(filename, 10));
    const sorted = [...order].sort((first, second) => first - second);
    expect(order).not.toEqual(sorted);
    expect(order).not.toEqual(sorted.toReversed());
    expect(sorted).toEqual(files.map((_, index) => index));
  });

  test('fileProcessingMs and sessionMinimumMs take their time', async () => {
    const { sandbox, api } = await withSandbox({ switches: { fileProcessingMs: 40 } });
    const began = performance.now();
    await api.upload([picture('a.bmp'), picture('b.bmp', 1), picture('c.bmp', 2)]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(3 * 40);
    sandbox.switches.fileProcessingMs = 0;
    sandbox.switches.sessionMinimumMs = 300;
    const session = await api.begin([picture('d.bmp', 3)]);
    const waited = performance.now();
    await expect
      .poll(async () => (await api.session(session.selfLink)).status.progressCount.succeeded)
      .toBe(1);
    expect(finished(await api.session(session.selfLink))).toBe('Waiting');
    expect(finished(await api.ended(session))).toBe('Reached');
    expect(performance.now() - waited).toBeGreaterThanOrEqual(200);
  });

  test('failAfterAllWithErrors FailedReach', async () => {
    const { api } = await withSandbox({ switches: { failAfterAllWithErrors: 'FailedReach' } });
    const session = await api.upload([picture('a.bmp'), { ...picture('b.bmp', 1), crc32c: 1 }]);
    expect(finished(session)).toBe('FailedReach');
    expect(session.status.progressCount).toEqual({ total: 2, succeeded: 1, errored: 1 });
    expect(finished(await api.upload([picture('c.bmp', 2)]))).toBe('Reached');
  });

  test('urlLifetimeMs and expiredUrlStatus', async () => {
    let now = 1_000_000;
    const { sandbox, api } = await withSandbox({ now: () => now, switches: { urlLifetimeMs: 1_000 } });
    await sandbox.addAsset('ds', { filename: 'a.bmp', content: { bytes: makeBmp(2, 2) } });
    const { contents } = await api.asset('a.bmp');
    expect(contents?.asset.expiry).toBe(1_001_000);
    const get = async () => (await fetch(contents?.asset.url ?? '')).status;
    now += 999;
    expect(await get()).toBe(200);
    now += 1;
    expect(await get()).toBe(403);
    sandbox.switches.expiredUrlStatus = 400;
    expect(await get()).toBe(400);
  });

  test('deleteMissing', async () => {
    const { sandbox, api } = await withSandbox();
    const missing = `${api.dataset}/assets/gone`;
    expect((await api.fetch(missing, 'DELETE')).status).toBe(404);
    sandbox.switches.deleteMissing = 'ok';
    const response = await api.fetch(missing, 'DELETE');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('clockOffsetMs', async () => {
    const hour = 3_600_000;
    const { sandbox, api } = await withSandbox({ switches: { clockOffsetMs: hour } });
    const real = Date.now();
    await api.upload([picture('a.bmp')]);
    const { metadata, contents } = await api.asset('a.bmp');
    expect(metadata.timeCreated).toBeGreaterThanOrEqual(real + hour);
    expect(metadata.timeCreated).toBeLessThan(real + hour + 60_000);
    expect(contents?.asset.expiry).toBeGreaterThan(real + hour);
    const response = await api.fetch('/workspaces');
    expect(Date.parse(response.headers.get('date') ?? '')).toBeGreaterThan(real + hour - 2_000);
    // The clock that signed the URL is the one that checks it.
    expect((await fetch(contents?.asset.url ?? '')).status).toBe(200);
    sandbox.switches.clockOffsetMs = -hour;
    await api.upload([picture('b.bmp', 1)]);
    expect((await api.asset('b.bmp')).metadata.timeCreated).toBeLessThan(real);
  });
});
