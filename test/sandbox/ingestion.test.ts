import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { IngestionCode } from '../../app/sandbox/ingestion-codes.ts';
import { makeBmp } from './bmp.ts';
import { errorCodes, finished, type UploadedFile, withSandbox } from './with-sandbox.ts';

const text = Buffer.from('These are words, and no picture at all. '.repeat(5));

function picture(filename: string, seed = 0): UploadedFile {
  return { filename, content: makeBmp(4, 3, seed) };
}

describe('an ingestion session', () => {
  test('takes files in, and says so', async () => {
    const { api } = await withSandbox();
    const file = { ...picture('a.bmp'), customMetadata: { shelf: 'b', row: 3, top: true } };
    const session = await api.upload([file, picture('b.bmp', 1)]);
    expect(finished(session)).toBe('Reached');
    expect(session.status.progressCount).toEqual({ total: 2, succeeded: 2, errored: 0 });
    expect(errorCodes(session)).toEqual({});
    expect(await api.asset('a.bmp')).toMatchObject({
      metadata: {
        fileSize: file.content.length,
        width: 4,
        height: 3,
        mimeType: 'image/bmp',
        customMetadata: { shelf: 'b', row: 3, top: true },
        hash: { algorithm: 'sha256', contents: createHash('sha256').update(file.content).digest('hex') },
      },
    });
    expect(await api.statistic()).toMatchObject({ assetTotal: 2 });
  });

  test('gives each bad file its code, and the good ones in (FailAfterAll)', async () => {
    const { api } = await withSandbox({ switches: { urlLifetimeMs: 400 } });
    const good = picture('good.bmp');
    const session = await api.ended(
      await api.begin(
        [
          good,
          { ...picture('crc.bmp', 1), crc32c: 12_345 },
          { ...picture('size.bmp', 2), size: 17 },
          { filename: 'text.bmp', content: text },
          { filename: 'empty.bmp', content: Buffer.alloc(0) },
          { filename: 'cut.bmp', content: makeBmp(40, 30, 3).subarray(0, 2_000) },
          { ...picture('video.bmp', 4), kind: 'Video', mime: 'video/mp4' },
          { ...picture('letter.txt', 5), mime: 'image/bmp' },
          picture('never.bmp', 6),
          { ...picture('unchecked.bmp', 7), crc32c: null },
        ],
        { skip: ['never.bmp'] },
      ),
    );
    expect(errorCodes(session)).toEqual({
      'crc.bmp': 'ECORRUPT',
      'size.bmp': 'EBADSIZE',
      'text.bmp': 'EBADMIME',
      'empty.bmp': 'EBADSIZE',
      'cut.bmp': 'ECORRUPT',
      'video.bmp': 'EBADMIME',
      'letter.txt': 'EBADMIME',
      'never.bmp': 'ETIMEOUT',
    });
    expect(session.status.progressCount).toEqual({ total: 10, succeeded: 2, errored: 8 });
    expect(finished(session)).toBe('Reached');
    const { items } = await api.list({ sortBy: 'filename' });
    expect(items.map(({ filename }) => filename)).toEqual(['good.bmp', 'unchecked.bmp']);
  });

  test('FailAfterOne fails at the first error: what was in stays, the rest is abandoned', async () => {
    const { api } = await withSandbox({ switches: { finishOrder: 'listed' } });
    const session = await api.upload(
      [
        picture('a.bmp'),
        { ...picture('b.bmp', 1), crc32c: 1 },
        picture('c.bmp', 2),
        { ...picture('d.bmp'), size: 1 },
      ],
      { failureMode: 'FailAfterOne' },
    );
    expect(finished(session)).toBe('FailedReach');
    expect(errorCodes(session)).toEqual({ 'b.bmp': 'ECORRUPT' });
    expect(session.status.progressCount).toEqual({ total: 4, succeeded: 1, errored: 1 });
    expect((await api.list()).items.map(({ filename }) => filename)).toEqual(['a.bmp']);
  });

  test('FailAfterOne without errors finishes like the other', async () => {
    const { api } = await withSandbox();
    const session = await api.upload([picture('a.bmp')], { failureMode: 'FailAfterOne' });
    expect(finished(session)).toBe('Reached');
    expect(session.status.progressCount).toEqual({ total: 1, succeeded: 1, errored: 0 });
  });

  test('FailAfterOne fails when a file never comes', async () => {
    const { api } = await withSandbox({ switches: { urlLifetimeMs: 200 } });
    const session = await api.ended(
      await api.begin([picture('a.bmp'), picture('b.bmp', 1)], {
        failureMode: 'FailAfterOne',
        skip: ['b.bmp'],
      }),
    );
    expect(finished(session)).toBe('FailedReach');
    expect(errorCodes(session)).toEqual({ 'b.bmp': 'ETIMEOUT' });
    expect((await api.list()).items.map(({ filename }) => filename)).toEqual(['a.bmp']);
  });

  test('goes on in the background while its files arrive', async () => {
    const { api } = await withSandbox();
    const session = await api.begin([picture('a.bmp'), picture('b.bmp', 1)], { skip: ['b.bmp'] });
    await expect
      .poll(async () => (await api.session(session.selfLink)).status.progressCount)
      .toEqual({ total: 2, succeeded: 1, errored: 0 });
    expect(finished(await api.session(session.selfLink))).toBe('Waiting');
    expect((await api.list()).items).toHaveLength(1);
    await api.put(session, 1, makeBmp(4, 3, 1));
    expect(finished(await api.ended(session))).toBe('Reached');
  });

  test('takes the bytes that came last when a file is put twice', async () => {
    const { api } = await withSandbox({ switches: { finishOrder: 'listed' } });
    const right = picture('a.bmp');
    const session = await api.begin([right, picture('b.bmp', 1)], { skip: ['a.bmp', 'b.bmp'] });
    expect((await api.put(session, 0, makeBmp(9, 9))).status).toBe(200);
    expect((await api.put(session, 0, right.content)).status).toBe(200);
    await api.put(session, 1, makeBmp(4, 3, 1));
    expect(errorCodes(await api.ended(session))).toEqual({});
    expect((await api.put(session, 0, makeBmp(9, 9))).status).toBe(200);
    expect(await api.asset('a.bmp')).toMatchObject({ metadata: { width: 4 } });
  });

  test('of one filename twice: the namespace is flat, the last one stays', async () => {
    const { api } = await withSandbox({ switches: { finishOrder: 'listed' } });
    const session = await api.upload([picture('a.bmp'), { filename: 'a.bmp', content: makeBmp(9, 9) }]);
    expect(session.status.progressCount).toEqual({ total: 2, succeeded: 2, errored: 0 });
    expect(await api.statistic()).toMatchObject({ assetTotal: 1 });
    expect(await api.asset('a.bmp')).toMatchObject({ metadata: { width: 9 } });
  });

  test.each([
    ['nothing in it', { assets: [] }],
    ['another kind', { kind: 'Download' }],
    ['an unknown failure mode', { failureMode: 'FailNever' }],
    ['an unknown retention mode', { onAssetOverwritten: 'Keep' }],
    ['a path for a filename', { assets: [asset({ filename: 'a/b.jpg' })] }],
    ['an empty filename', { assets: [asset({ filename: '' })] }],
    ['a negative size', { assets: [asset({ size: -1 })] }],
    ['an unsigned checksum', { assets: [asset({ crc32c: 4_000_000_000 })] }],
    ['metadata in metadata', { assets: [asset({ customMetadata: { a: {} } })] }],
    ['too many files', { assets: Array.from({ length: 6 }, () => asset({})) }],
  ])('with %s is refused', async (_case, spec) => {
    const { api } = await withSandbox({ limits: { assetsPerSession: 5 } });
    const good = {
      kind: 'Upload',
      failureMode: 'FailAfterAll',
      onAssetOverwritten: 'RemoveLinkedResource',
      assets: [asset({})],
    };
    expect((await api.fetch(api.sessions, 'POST', { spec: good })).status).toBe(200);
    const response = await api.fetch(api.sessions, 'POST', { spec: { ...good, ...spec } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'ValidationFailed' });
  });

  test('of 5,000 files with metadata is taken, and no more', async () => {
    const { api } = await withSandbox();
    const files = Array.from({ length: 5_000 }, (_, index) =>
      asset({
        filename: `${index}.jpg`,
        customMetadata: { viSyncPath: `folder/${'x'.repeat(400)}/${index}.jpg` },
      }),
    );
    const spec = { kind: 'Upload', failureMode: 'FailAfterAll', onAssetOverwritten: 'RemoveLinkedResource' };
    const body = { spec: { ...spec, assets: files } };
    expect(JSON.stringify(body).length).toBeGreaterThan(2_500_000);
    expect(await api.json(api.sessions, 'POST', body)).toMatchObject({
      status: { progressCount: { total: 5_000 } },
    });
    const more = { spec: { ...spec, assets: [...files, asset({})] } };
    expect((await api.fetch(api.sessions, 'POST', more)).status).toBe(400);
  });

  test('a body that is too large is refused', async () => {
    const { api } = await withSandbox({ limits: { requestBytes: 10_000 } });
    const files = Array.from({ length: 200 }, (_, index) => picture(`${index}.bmp`, index));
    const response = await api.createSession(files);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: 'FileTooLarge' });
  });

  test('a body that is no JSON is refused', async () => {
    const { api } = await withSandbox();
    const response = await fetch(api.endpoint + api.sessions, {
      method: 'POST',
      headers: api.headers,
      body: '{"spec":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'ValidationFailed' });
  });

  test.each(Object.values(IngestionCode))('can be made to end with %s', async (code) => {
    const { api } = await withSandbox({ faults: [{ kind: 'ingestion-error', code, filename: 'b*' }] });
    const session = await api.upload([picture('a.bmp'), picture('b.bmp', 1)]);
    expect(errorCodes(session)).toEqual({ 'b.bmp': code });
  });
});

function asset(given: Record<string, unknown>): Record<string, unknown> {
  return { kind: 'Image', filename: 'a.jpg', mime: 'image/jpeg', size: 1, crc32c: 0, ...given };
}

describe('annotations of an asset that is uploaded again', () => {
  async function annotated(onAssetOverwritten: string) {
    const { sandbox, api } = await withSandbox();
    await api.upload([picture('a.bmp'), picture('b.bmp', 1)]);
    sandbox.annotate('ds', 'a.bmp', { cat: 2, dog: 1 });
    sandbox.annotate('ds', 'b.bmp', { cat: 5 });
    const session = await api.upload([picture('a.bmp', 9)], { onAssetOverwritten });
    expect(session.status.progressCount.succeeded).toBe(1);
    return { sandbox, api };
  }

  test('go with RemoveLinkedResource', async () => {
    const { sandbox, api } = await annotated('RemoveLinkedResource');
    expect((await api.asset('a.bmp')).metadata.annotations).toEqual({ withTag: {}, total: 0 });
    expect(await api.statistic()).toEqual({
      assetTotal: 2,
      annotationTotal: 5,
      assetAnnotated: 1,
      tagsCount: { cat: 5 },
    });
    expect(sandbox.dataRows().used).toBe(2 * 5 + 5);
  });

  test.each(['KeepLinkedResource', 'KeepLinkedResources'])('stay with %s', async (mode) => {
    const { sandbox, api } = await annotated(mode);
    const { metadata } = await api.asset('a.bmp');
    expect(metadata.annotations).toEqual({ withTag: { cat: 2, dog: 1 }, total: 3 });
    expect(metadata.hash.contents).toBe(
      createHash('sha256')
        .update(makeBmp(4, 3, 9))
        .digest('hex'),
    );
    expect(await api.statistic()).toEqual({
      assetTotal: 2,
      annotationTotal: 8,
      assetAnnotated: 2,
      tagsCount: { cat: 7, dog: 1 },
    });
    expect(sandbox.dataRows().used).toBe(2 * 5 + 8);
  });

  test('custom metadata is replaced when new comes, else kept', async () => {
    const { api } = await withSandbox();
    await api.upload([{ ...picture('a.bmp'), customMetadata: { first: 1 } }]);
    await api.upload([picture('a.bmp', 1)]);
    expect((await api.asset('a.bmp')).metadata.customMetadata).toEqual({ first: 1 });
    await api.upload([{ ...picture('a.bmp', 2), customMetadata: { second: 2 } }]);
    expect((await api.asset('a.bmp')).metadata.customMetadata).toEqual({ second: 2 });
  });
});

describe('the quota of data rows', () => {
  test('is spent by images and annotations, and given back', async () => {
    const { sandbox, api } = await withSandbox({ limits: { dataRows: 13 } });
    const session = await api.upload([picture('a.bmp'), picture('b.bmp', 1), picture('c.bmp', 2)]);
    expect(session.status.progressCount).toEqual({ total: 3, succeeded: 2, errored: 1 });
    expect(Object.values(errorCodes(session))).toEqual(['ENOQUOTA']);
    expect(sandbox.dataRows()).toEqual({ used: 10, limit: 13 });

    // An overwrite needs no more rows than the asset has.
    expect(errorCodes(await api.upload([picture('a.bmp', 7)]))).toEqual({});
    sandbox.annotate('ds', 'a.bmp', { cat: 3 });
    expect(sandbox.dataRows().used).toBe(13);
    expect(() => sandbox.annotate('ds', 'b.bmp', { cat: 1 })).toThrow('data rows');
    expect(await api.statistic()).toMatchObject({ annotationTotal: 3 });

    const { selfLink } = await api.asset('a.bmp');
    expect((await api.fetch(selfLink, 'DELETE')).status).toBe(200);
    expect(sandbox.dataRows().used).toBe(5);
    expect(errorCodes(await api.upload([picture('c.bmp', 2)]))).toEqual({});
    expect(sandbox.dataRows().used).toBe(10);
    await expect(
      sandbox.addAsset('ds', { filename: 'd.bmp', content: { bytes: makeBmp(1, 1) } }),
    ).rejects.toThrow('data rows');
  });
});
