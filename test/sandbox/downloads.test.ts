import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readRange } from '../../app/sandbox/byte-range.ts';
import { makeBmp } from './bmp.ts';
import { withSandbox } from './with-sandbox.ts';

async function stored(content: Buffer, filename = 'a.bmp') {
  const { sandbox, api } = await withSandbox();
  await sandbox.addAsset('ds', { filename, content: { bytes: content } });
  const { contents } = await api.asset(filename);
  if (contents === undefined) throw new Error('No contents.');
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(contents.asset.url, { method, headers });
  return { sandbox, api, contents, get };
}

const small = makeBmp(8, 8);
const large = Buffer.concat([makeBmp(8, 8), randomBytes(3 * 1024 * 1024 + 7)]);

describe('a download', () => {
  test.each([
    ['small', small],
    ['large', large],
  ])('of a %s file comes to the byte, with its size and type', async (_size, content) => {
    const { get } = await stored(content);
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect(response.headers.get('content-type')).toBe('image/bmp');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  test.each([
    ['small', small],
    ['large', large],
  ])('of a part of a %s file', async (_size, content) => {
    const { get } = await stored(content);
    const size = content.length;
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 0],
      ['bytes=5-19', 5, 19],
      ['bytes=10-', 10, size - 1],
      ['bytes=-7', size - 7, size - 1],
      [`bytes=100-${size + 50}`, 100, size - 1],
      [`bytes=-${size + 50}`, 0, size - 1],
    ] as const) {
      const response = await get({ range });
      expect(response.status, range).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`);
      expect(response.headers.get('content-length')).toBe(String(end - start + 1));
      expect(Buffer.from(await response.arrayBuffer()).equals(content.subarray(start, end + 1))).toBe(true);
    }
  });

  test('of a part outside is refused with the size', async () => {
    const { get } = await stored(small);
    for (const range of [`bytes=${small.length}-`, 'bytes=99999-100000', 'bytes=-0']) {
      const response = await get({ range });
      expect(response.status, range).toBe(416);
      expect(response.headers.get('content-range')).toBe(`bytes */${small.length}`);
    }
  });

  test('of several parts, or of parts that make no sense, is of the whole', async () => {
    const { get } = await stored(small);
    for (const range of ['bytes=0-1,4-5', 'bytes=9-2', 'bytes=', 'bytes=-', 'lines=1-2', 'bytes=a-b']) {
      const response = await get({ range });
      expect(response.status, range).toBe(200);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(small);
    }
  });

  test('goes on only with the same version (If-Range)', async () => {
    const { sandbox, api, get } = await stored(small);
    const etag = (await get()).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect((await get({ range: 'bytes=1-2', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=1-2', 'if-range': '"other"' })).status).toBe(200);
    await sandbox.addAsset('ds', { filename: 'a.bmp', content: { bytes: large } });
    const { contents } = await api.asset('a.bmp');
    const changed = await fetch(contents?.asset.url ?? '', {
      headers: { range: 'bytes=1-2', 'if-range': etag },
    });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test.each([
    ['small', small],
    ['large', large],
  ])('HEAD of a %s file says the size and sends nothing', async (_size, content) => {
    const { get } = await stored(content);
    const response = await get({}, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
    expect(await response.text()).toBe('');
    const part = await get({ range: 'bytes=0-9' }, 'HEAD');
    expect(part.status).toBe(206);
    expect(part.headers.get('content-length')).toBe('10');
  });

  test('of an empty file', async () => {
    const { get } = await stored(Buffer.alloc(0));
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('0');
    expect(await response.text()).toBe('');
    expect((await get({ range: 'bytes=0-' })).status).toBe(416);
  });
});

describe('a thumbnail', () => {
  test('is a small picture, made when asked for', async () => {
    const picture = await sharp({ create: { width: 800, height: 400, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const { contents } = await stored(picture, 'a.jpg');
    for (let count = 0; count < 2; count++) {
      const response = await fetch(contents.thumbnail.url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^image\/(webp|jpeg|png)$/);
      const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect({ width, height }).toEqual({ width: 256, height: 128 });
    }
  });

  test('asked for many times at once is made once', async () => {
    const { contents } = await stored(small);
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(contents.thumbnail.url)));
    const etags = new Set(answers.map((response) => response.headers.get('etag')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(etags.size).toBe(1);
  });

  test('of what is no picture is not there, the first time and later', async () => {
    const { contents } = await stored(Buffer.from('words'), 'a.jpg');
    expect((await fetch(contents.thumbnail.url)).status).toBe(404);
    expect((await fetch(contents.thumbnail.url)).status).toBe(404);
  });
});

describe('readRange', () => {
  test.each([
    [undefined, 'whole'],
    ['bytes=0-4', { start: 0, end: 4 }],
    ['Bytes = 2 - 3', { start: 2, end: 3 }],
    ['bytes=9-', { start: 9, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-', 'whole'],
    ['bytes=4-3', 'whole'],
  ] as const)('%s of 10 bytes', (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected);
  });
});
