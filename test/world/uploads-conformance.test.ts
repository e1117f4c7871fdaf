import { describe, expect, test } from 'vitest';
import { ViError } from '../../app/vi/index.ts';
import { picture } from '../engine/pictures.ts';
import { hashOf } from './file-facts.ts';
import { type BenchOptions, errorFrom, onBench, remoteBenches, signal } from './remote-benches.ts';

describe.each(remoteBenches)('%s', (_name, make) => {
  const setup = (options: BenchOptions = {}) => onBench(make, options);

  test('an upload becomes an asset that says all about itself', async () => {
    const { upload, asset, total, dataRows, all } = await setup();
    expect(await upload({ 'a.png': picture(1, 300), 'b.png': picture(2, 400) })).toEqual({});
    expect(await total()).toBe(2);
    expect(dataRows()).toBe(10);
    expect(await asset('a.png')).toMatchObject({
      filename: 'a.png',
      size: picture(1, 300).length,
      hash: { algorithm: 'sha256', contents: hashOf(picture(1, 300)).sha256 },
      annotations: 0,
      mime: 'image/png',
      width: 2,
      height: 1,
      customMetadata: { viSyncPath: 'sub/a.png' },
    });
    expect(typeof (await asset('a.png')).contentsLastUpdated).toBe('number');
    expect((await all()).length).toBe(2);
  });

  test('what an overwrite keeps and what it changes', async () => {
    const { upload, asset, annotate, dataRows, switches, wait, total } = await setup();
    await upload({ 'a.png': picture(1, 300) });
    await annotate('a.png', 3);
    const before = await asset('a.png');
    expect(before.annotations).toBe(3);
    expect(dataRows()).toBe(8);
    await wait(5);
    expect(await upload({ 'a.png': picture(2, 300) })).toEqual({});
    const kept = await asset('a.png');
    expect(kept).toMatchObject({ assetId: before.assetId, annotations: 3 });
    expect(kept.etag).not.toBe(before.etag);
    expect(kept.contentsLastUpdated).toBeGreaterThan(before.contentsLastUpdated ?? 0);
    switches.overwrittenAssetId = 'new';
    await upload({ 'a.png': picture(3, 300) }, 'RemoveLinkedResource');
    const renewed = await asset('a.png');
    expect(renewed.assetId).not.toBe(before.assetId);
    expect(renewed.annotations).toBe(0);
    expect(await total()).toBe(1);
  });

  test('an existing name and identical bytes, as the switches say', async () => {
    const { upload, switches, asset } = await setup();
    const [one, two] = [picture(1, 300), picture(2, 300)];
    await upload({ 'a.png': one });
    expect(await upload({ 'a.png': one })).toEqual({ 'a.png': 'EALREADY' });
    switches.identicalBytes = 'overwrite';
    expect(await upload({ 'a.png': one })).toEqual({});
    switches.existingFilename = 'EALREADY';
    expect(await upload({ 'a.png': two })).toEqual({ 'a.png': 'EALREADY' });
    expect((await asset('a.png')).hash?.contents).toBe(hashOf(one).sha256);
  });

  test('files that are not what they were announced as, or no pictures, are refused by a code; the session ends all the same', async () => {
    const { open, announced, ended, write, at, outcome, remote, targetOf, refuse } = await setup();
    const good = picture(1, 300);
    const text = Buffer.from('no picture at all, just some text that goes on for a while');
    const session = await open(
      { 'good.png': good, 'cut.png': good.subarray(0, 200), 'text.png': text, 'no.png': good },
      'KeepLinkedResource',
    );
    refuse('no.png', 'EUNKNOWN');
    for (const [name, content] of Object.entries({
      'good.png': good,
      'cut.png': good.subarray(0, 200),
      'text.png': text,
      'no.png': good,
    })) {
      await write(name, content);
      const { size, crc32c } = announced(name, content);
      const source = { path: at(name), size, crc32c };
      await outcome(remote.send(targetOf(session, name), source, { onBytes: () => undefined, signal }));
    }
    const report = await ended(session);
    expect(report.state).toBe('finished');
    expect(Object.fromEntries(report.errors)).toEqual({
      'cut.png': 'ECORRUPT',
      'text.png': 'EBADMIME',
      'no.png': 'EUNKNOWN',
    });
  });

  test('failed files fail the session where the switch says so', async () => {
    const { open, send, ended, refuse } = await setup({
      switches: { failAfterAllWithErrors: 'FailedReach' },
    });
    const session = await open({ 'a.png': picture(1, 300) }, 'KeepLinkedResource');
    refuse('a.png', 'EUNKNOWN');
    await send(session, 'a.png', picture(1, 300));
    expect((await ended(session)).state).toBe('failed');
  });

  test('a file that has changed since it was announced is not sent; one that is gone neither', async () => {
    const { open, write, at, outcome, remote, targetOf, announced, total } = await setup();
    const content = picture(1, 300);
    const session = await open({ 'a.png': content }, 'KeepLinkedResource');
    const { size, crc32c } = announced('a.png', content);
    const send = () =>
      outcome(
        remote.send(
          targetOf(session, 'a.png'),
          { path: at('a.png'), size, crc32c },
          { onBytes: () => undefined, signal },
        ),
      );
    expect(await errorFrom(send())).toEqual({ kind: 'ViOperationError', code: 'FileNotFound' });
    await write('a.png', picture(2, 300));
    expect(await errorFrom(send())).toEqual({ kind: 'ViUploadError', code: 'FileChanged' });
    await write('a.png', picture(1, 500));
    expect(await errorFrom(send())).toEqual({ kind: 'ViUploadError', code: 'FileChanged' });
    expect(await total()).toBe(0);
  });

  test('a session whose files do not come ends with ETIMEOUT, and its addresses expire', async () => {
    const { open, ended, send } = await setup({ switches: { urlLifetimeMs: 300 } });
    const session = await open({ 'a.png': picture(1, 300) }, 'KeepLinkedResource');
    expect(Object.fromEntries((await ended(session)).errors)).toEqual({ 'a.png': 'ETIMEOUT' });
    expect(await errorFrom(send(session, 'a.png', picture(1, 300)))).toEqual({
      kind: 'ViUploadError',
      code: 'UrlExpired',
      isExpired: true,
    });
  });

  test('the budget of sessions is kept, and a refusal says when there is room if the switch says so', async () => {
    const { open, switches } = await setup({
      switches: { sessionBudget: { sessions: 2, windowMs: 60_000 } },
    });
    const once = () => open({ 'a.png': picture(1, 300) }, 'KeepLinkedResource');
    await once();
    await once();
    const refusal = await once().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'ViRateLimitError', code: 'RateLimitExceeded' });
    if (!(refusal instanceof ViError)) throw refusal;
    expect(refusal.retryAfter).toBeGreaterThan(50_000);
    expect(refusal.retryAfter).toBeLessThanOrEqual(60_000);
    switches.retryAfter = 'absent';
    const silent = await once().catch((error: unknown) => error);
    expect(silent).toMatchObject({ name: 'ViRateLimitError', retryAfter: undefined });
  });

  test('a quota that is used up refuses new assets, not new versions', async () => {
    const { upload, dataRows } = await setup({ dataRows: 10 });
    const files = { 'a.png': picture(1, 300), 'b.png': picture(2, 300), 'c.png': picture(3, 300) };
    expect(await upload(files)).toEqual({ 'c.png': 'ENOQUOTA' });
    expect(await upload({ 'a.png': picture(4, 300) })).toEqual({});
    expect(dataRows()).toBe(10);
  });

  test('a session takes as long as the switches say, and ends its files in any order', async () => {
    for (const finishOrder of ['listed', 'reversed', 'shuffled'] as const) {
      const { open, send, ended, asset } = await setup({
        switches: { finishOrder, fileProcessingMs: 30, sessionMinimumMs: 200 },
      });
      const files = { 'a.png': picture(1, 300), 'b.png': picture(2, 300) };
      const session = await open(files, 'KeepLinkedResource');
      await send(session, 'b.png', files['b.png']);
      await send(session, 'a.png', files['a.png']);
      const report = await ended(session);
      expect((report.finished ?? 0) - (session.created ?? 0)).toBeGreaterThanOrEqual(200);
      const [a, b] = [await asset('a.png'), await asset('b.png')];
      const order = (a.contentsLastUpdated ?? 0) <= (b.contentsLastUpdated ?? 0) ? 'listed' : 'reversed';
      if (finishOrder !== 'shuffled') expect(order).toBe(finishOrder);
    }
  });

  test('an answer that is lost is an error, and what was asked for is done', async () => {
    const { loseAnswers, open, send, upload, asset, ended } = await setup();
    loseAnswers('openSession', 1);
    expect(await errorFrom(open({ 'a.png': picture(1, 300) }, 'KeepLinkedResource'))).toMatchObject({
      kind: 'ViNetworkError',
    });
    const session = await open({ 'b.png': picture(2, 300) }, 'KeepLinkedResource');
    loseAnswers('send', 1);
    expect(await errorFrom(send(session, 'b.png', picture(2, 300)))).toMatchObject({
      kind: 'ViNetworkError',
    });
    expect(Object.fromEntries((await ended(session)).errors)).toEqual({});
    expect((await asset('b.png')).hash?.contents).toBe(hashOf(picture(2, 300)).sha256);
    expect(await upload({ 'b.png': picture(2, 300) })).toEqual({ 'b.png': 'EALREADY' });
  });
});
