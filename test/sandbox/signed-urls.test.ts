import { describe, expect, test } from 'vitest';
import { UrlSigner } from '../../app/sandbox/signed-urls.ts';
import { makeBmp } from './bmp.ts';
import { type UploadedFile, withSandbox } from './with-sandbox.ts';

const file: UploadedFile = { filename: 'a b.bmp', content: makeBmp(3, 3) };
const bytes = new Uint8Array(file.content);

/** A session of one file, and an asset of another: each kind of signed URL. */
async function withUrls() {
  const { sandbox, api } = await withSandbox();
  await sandbox.addAsset('ds', { filename: 'stored.bmp', content: { bytes: makeBmp(5, 5) } });
  const { contents } = await api.asset('stored.bmp');
  const session = await api.begin([file, { ...file, filename: 'other.bmp' }], {
    skip: ['a b.bmp', 'other.bmp'],
  });
  const [upload, otherUpload] = session.status.assets?.map((asset) => asset.upload) ?? [];
  if (contents === undefined || upload === undefined || otherUpload === undefined)
    throw new Error('No URLs.');
  return { sandbox, api, session, contents, upload, otherUpload };
}

describe('a signed URL', () => {
  test('needs no key, and only what its headers name', async () => {
    const { contents, upload } = await withUrls();
    expect(upload.headers).toEqual({ 'Content-Type': 'image/bmp' });
    expect((await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: bytes })).status).toBe(
      200,
    );
    expect((await fetch(contents.asset.url)).status).toBe(200);
    expect((await fetch(contents.thumbnail.url)).status).toBe(200);
  });

  test('refuses the key, so that a leak shows', async () => {
    const { sandbox, contents, upload } = await withUrls();
    const headers = { authorization: `Bearer ${sandbox.secretKey}` };
    for (const response of [
      await fetch(contents.asset.url, { headers }),
      await fetch(contents.thumbnail.url, { headers }),
      await fetch(upload.url, { method: 'PUT', headers: { ...upload.headers, ...headers }, body: bytes }),
    ]) {
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/xml');
      const text = await response.text();
      expect(text).toContain('Authorization');
      expect(text).not.toContain(sandbox.secretKey);
    }
  });

  test('can not be forged, stretched, or used for something else', async () => {
    const { contents, upload, otherUpload } = await withUrls();
    const put = (url: URL | string) => fetch(url, { method: 'PUT', headers: upload.headers, body: bytes });
    const changed = (url: string, change: (url: URL) => void) => {
      const other = new URL(url);
      change(other);
      return other;
    };
    const { url } = contents.asset;
    const signature = new URL(url).searchParams.get('signature') ?? '';
    const other = signature.startsWith('A') ? 'B' : 'A';
    for (const forged of [
      changed(url, (each) => each.searchParams.delete('signature')),
      changed(url, (each) => each.searchParams.delete('expires')),
      changed(url, (each) => each.searchParams.set('signature', other + signature.slice(1))),
      changed(url, (each) => each.searchParams.set('signature', '')),
      changed(url, (each) => each.searchParams.set('expires', '99999999999999')),
      changed(url, (each) => each.searchParams.set('expires', 'never')),
      changed(url, (each) => {
        each.pathname = new URL(contents.thumbnail.url).pathname;
      }),
      changed(contents.thumbnail.url, (each) => {
        each.pathname = new URL(url).pathname;
      }),
    ]) {
      expect((await fetch(forged)).status, String(forged)).toBe(403);
    }
    const swapped = changed(upload.url, (each) => {
      each.pathname = new URL(otherUpload.url).pathname;
    });
    expect((await put(swapped)).status).toBe(403);
    // A URL to read is none to write, nor the other way round.
    expect((await put(url)).status).toBe(404);
    expect((await fetch(upload.url)).status).toBe(404);
  });

  test('is for one content type', async () => {
    const { upload } = await withUrls();
    for (const headers of [{}, { 'content-type': 'image/png' }]) {
      const response = await fetch(upload.url, { method: 'PUT', headers, body: bytes });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('SignatureDoesNotMatch');
    }
  });

  test('of content that is gone answers 404', async () => {
    const { api, contents } = await withUrls();
    const { selfLink } = await api.asset('stored.bmp');
    await api.fetch(selfLink, 'DELETE');
    expect((await fetch(contents.asset.url)).status).toBe(404);
    expect((await fetch(contents.thumbnail.url)).status).toBe(404);
  });

  test.each([
    'plain.jpg',
    'with space.jpg',
    '100%.jpg',
    'a?b#c&d.jpg',
    'ünï-漢字-😀.jpg',
    'back\\slash.jpg',
    'semi;colon.jpg',
    'a+b.jpg',
    '..',
    '.',
    `${'long'.repeat(250)}.jpg`,
    'new\nline.jpg',
    '<b>.jpg',
    'quote".jpg',
    'a/../b.jpg',
    '\u0000.jpg',
    '\ud800.jpg',
  ])('works for the name %j', async (filename) => {
    const { sandbox, api } = await withSandbox();
    await sandbox.addAsset('ds', { filename, content: { bytes: file.content } });
    const [asset] = (await api.list({ contents: 'y' })).items;
    const response = await fetch(asset?.contents?.asset.url ?? '');
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(file.content);
    if (!['..', '.'].includes(filename)) {
      const last = new URL(asset?.contents?.asset.url ?? '').pathname.split('/').at(-1) ?? '';
      expect(decodeURIComponent(last)).toBe(filename.toWellFormed());
    }
  });

  test('of another sandbox is none of ours', async () => {
    const { contents } = await withUrls();
    const { sandbox } = await withSandbox();
    const stranger = new URL(contents.asset.url);
    stranger.port = String(sandbox.port);
    expect((await fetch(stranger)).status).toBe(403);
  });

  test('expires at its time to the millisecond', () => {
    let now = 1_000;
    const signer = new UrlSigner('00'.repeat(32), () => now);
    const purpose = { action: 'download', target: 'blob' } as const;
    const { url, expiry } = signer.sign(purpose, 'a.jpg', 500);
    const signature = new URL(url, 'http://host').searchParams.get('signature') ?? '';
    expect(expiry).toBe(1_500);
    now = 1_499;
    expect(signer.check(purpose, '1500', signature)).toBe('valid');
    now = 1_500;
    expect(signer.check(purpose, '1500', signature)).toBe('expired');
    expect(signer.check(purpose, '1501', signature)).toBe('forged');
    expect(signer.check({ ...purpose, action: 'thumbnail' }, '1500', signature)).toBe('forged');
  });
});
