import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Fault, FaultBook } from '../../app/sandbox/faults.ts';
import { makeBmp } from './bmp.ts';
import { errorCodes, type UploadedFile, withSandbox } from './with-sandbox.ts';

const small = makeBmp(8, 8);
const large = makeBmp(512, 1024);
const file: UploadedFile = { filename: 'a.bmp', content: small };

async function withFault(...faults: Fault[]) {
  const { sandbox, api } = await withSandbox();
  await sandbox.addAsset('ds', { filename: 'small.bmp', content: { bytes: small } });
  await sandbox.addAsset('ds', { filename: 'large.bmp', content: { bytes: large } });
  const download = async (filename: string) => (await api.asset(filename)).contents?.asset.url ?? '';
  const urls = { small: await download('small.bmp'), large: await download('large.bmp') };
  sandbox.faults = faults;
  return { sandbox, api, urls };
}

describe('a fault of the API', () => {
  test('delay', async () => {
    const { api } = await withFault({ kind: 'delay', ms: 120, route: 'datasets.get' });
    const began = performance.now();
    await api.json(api.dataset);
    expect(performance.now() - began).toBeGreaterThanOrEqual(115);
  });

  test.each([500, 502, 503, 504, 429, 409])('status %i', async (status) => {
    const { api } = await withFault({ kind: 'status', status, retryAfter: 7, times: 1 });
    const response = await api.fetch(api.dataset);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toHaveProperty('message');
    expect((await api.fetch(api.dataset)).status).toBe(200);
  });

  test('reset', async () => {
    const { api } = await withFault({ kind: 'reset', times: 1 });
    await expect(api.fetch(api.dataset)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await api.fetch(api.dataset)).status).toBe(200);
  });

  test('reset after the work: the answer is lost, what was done is done', async () => {
    const { sandbox, api } = await withFault({
      kind: 'reset',
      when: 'after',
      route: 'assets.delete',
      times: 1,
    });
    const { selfLink } = await api.asset('small.bmp');
    await expect(api.fetch(selfLink, 'DELETE')).rejects.toThrow();
    expect((await api.fetch(selfLink)).status).toBe(404);
    sandbox.faults = [{ kind: 'reset', when: 'after', route: 'sessions.create', times: 1 }];
    sandbox.switches.sessionBudget = { sessions: 1, windowMs: 60_000 };
    await expect(api.createSession([file])).rejects.toThrow();
    // The session was made, and is paid for.
    expect((await api.createSession([file])).status).toBe(429);
  });

  test('status after the work', async () => {
    const { api } = await withFault({
      kind: 'status',
      status: 503,
      when: 'after',
      route: 'assets.delete',
      times: 1,
    });
    const { selfLink } = await api.asset('small.bmp');
    expect((await api.fetch(selfLink, 'DELETE')).status).toBe(503);
    expect((await api.fetch(selfLink)).status).toBe(404);
  });

  test('malformed JSON', async () => {
    const { api } = await withFault({ kind: 'malformed-json', route: ['datasets.get', 'assets.list'] });
    for (const path of [api.dataset, `${api.dataset}/assets`]) {
      const response = await api.fetch(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/json/);
      const text = await response.text();
      expect(text.length).toBeGreaterThan(20);
      expect(() => JSON.parse(text)).toThrow(SyntaxError);
    }
  });

  test('HTML instead of JSON', async () => {
    const { sandbox, api } = await withFault({ kind: 'html' });
    const response = await api.fetch(api.dataset);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toContain('<html>');
    sandbox.faults = [{ kind: 'html', status: 502 }];
    expect((await api.fetch(api.dataset)).status).toBe(502);
  });

  test('redirect to another host', async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const elsewhere = http.createServer((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const address = elsewhere.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening.');
    const location = `http://127.0.0.1:${address.port}/stolen`;
    const { sandbox, api, urls } = await withFault({ kind: 'redirect', location });
    const response = await api.fetch(api.dataset);
    expect(response.status).toBe(307);
    expect(response.headers.get('location')).toBe(location);
    expect((await fetch(urls.small, { redirect: 'manual' })).headers.get('location')).toBe(location);
    sandbox.faults = [{ kind: 'redirect', location, status: 302 }];
    expect(await (await fetch(urls.small)).text()).toBe('{}');
    expect(seen).toHaveLength(1);
    elsewhere.close();
  });

  test('lying sizes and hashes', async () => {
    const { sandbox, api } = await withFault();
    const honest = await api.asset('small.bmp');
    sandbox.faults = [
      { kind: 'wrong-size', by: -3, filename: 'small.bmp', route: 'assets.list' },
      { kind: 'wrong-hash', filename: 'small.bmp' },
    ];
    const lied = await api.asset('small.bmp');
    expect(lied.metadata.fileSize).toBe(honest.metadata.fileSize - 3);
    expect(lied.metadata.hash.contents).toMatch(/^[0-9a-f]{64}$/);
    expect(lied.metadata.hash.contents).not.toBe(honest.metadata.hash.contents);
    expect(await api.asset('large.bmp')).toMatchObject({ metadata: { fileSize: large.length } });
    expect(await api.json(honest.selfLink)).toMatchObject({ metadata: { fileSize: small.length } });
    sandbox.faults = [];
    expect((await api.asset('small.bmp')).metadata).toEqual(honest.metadata);
  });
});

describe('a fault of a download', () => {
  test('reset in the middle, after so many bytes', async () => {
    const { urls } = await withFault({ kind: 'reset', route: 'download', afterBytes: 100_000 });
    const response = await fetch(urls.large);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(large.length));
    let received = 0;
    await expect(async () => {
      for await (const chunk of response.body ?? []) received += chunk.length;
    }).rejects.toThrow();
    expect(received).toBe(100_000);
  });

  test('reset when nearly done', async () => {
    const { urls } = await withFault({
      kind: 'reset',
      route: 'download',
      afterBytes: large.length - 1,
      times: 1,
    });
    await expect(fetch(urls.large).then((response) => response.arrayBuffer())).rejects.toThrow();
    expect((await (await fetch(urls.large)).arrayBuffer()).byteLength).toBe(large.length);
  });

  test('truncated, as if that were all of it', async () => {
    const { sandbox, urls } = await withFault({ kind: 'truncate', bytes: 40 });
    for (const url of [urls.small, urls.large]) {
      const response = await fetch(url);
      expect(response.headers.get('content-length')).toBe('40');
      expect((await response.arrayBuffer()).byteLength).toBe(40);
    }
    sandbox.faults = [{ kind: 'truncate' }];
    expect((await (await fetch(urls.small)).arrayBuffer()).byteLength).toBe(small.length / 2);
  });

  test('corrupted in one byte', async () => {
    const { sandbox, urls } = await withFault({ kind: 'corrupt', at: 70_000 });
    const bytes = Buffer.from(await (await fetch(urls.large)).arrayBuffer());
    expect(bytes).toHaveLength(large.length);
    expect(bytes[70_000]).toBe((large[70_000] ?? 0) ^ 0xff);
    bytes[70_000] = large[70_000] ?? 0;
    expect(bytes.equals(large)).toBe(true);
    // The same byte of a part, wherever the part begins.
    const part = await fetch(urls.large, { headers: { range: 'bytes=69000-71000' } });
    const partial = Buffer.from(await part.arrayBuffer());
    expect(partial[1_000]).toBe((large[70_000] ?? 0) ^ 0xff);
    sandbox.faults = [{ kind: 'corrupt' }];
    const other = Buffer.from(await (await fetch(urls.small)).arrayBuffer());
    expect(other.filter((byte, index) => byte !== small[index])).toHaveLength(1);
  });

  test('expired, slow, and answered with an error', async () => {
    const { sandbox, urls } = await withFault({ kind: 'expired-url', times: 1 });
    expect((await fetch(urls.small)).status).toBe(403);
    expect((await fetch(urls.small)).status).toBe(200);
    sandbox.faults = [{ kind: 'slow', route: 'download', bytesPerSecond: 1_000 }];
    const began = performance.now();
    expect(Buffer.from(await (await fetch(urls.small)).arrayBuffer())).toEqual(small);
    expect(performance.now() - began).toBeGreaterThanOrEqual(250);
    sandbox.faults = [{ kind: 'status', route: ['download'], status: 503, retryAfter: 'soon' }];
    const response = await fetch(urls.small);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/xml');
  });
});

describe('a fault of an upload', () => {
  test('reset in the middle: nothing of it remains, and it can be sent again', async () => {
    const { sandbox, api } = await withFault({
      kind: 'reset',
      route: 'upload',
      afterBytes: 1_000_000,
      times: 1,
    });
    const sent = { filename: 'sent.bmp', content: large };
    const session = await api.begin([sent], { skip: ['sent.bmp'] });
    await expect(api.put(session, 0, large)).rejects.toThrow();
    expect(sandbox.requests.upload).toBe(1);
    expect((await api.put(session, 0, large)).status).toBe(200);
    expect(errorCodes(await api.ended(session))).toEqual({});
    expect((await api.asset('sent.bmp')).metadata.fileSize).toBe(large.length);
  });

  test('reset after the work: the bytes are there although the client does not know', async () => {
    const { api } = await withFault({ kind: 'reset', route: 'upload', when: 'after', times: 1 });
    const session = await api.begin([file], { skip: ['a.bmp'] });
    await expect(api.put(session, 0, small)).rejects.toThrow();
    expect(errorCodes(await api.ended(session))).toEqual({});
    expect((await api.put(session, 0, small)).status).toBe(200);
  });

  test('slow, expired, and answered with an error', async () => {
    const { sandbox, api } = await withFault({ kind: 'slow', route: 'upload', bytesPerSecond: 1_000 });
    const session = await api.begin([file, { ...file, filename: 'b.bmp' }], { skip: ['a.bmp', 'b.bmp'] });
    const began = performance.now();
    expect((await api.put(session, 0, small)).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThanOrEqual(250);
    sandbox.faults = [
      { kind: 'expired-url', route: 'upload', times: 1 },
      { kind: 'status', route: 'upload', status: 500, skip: 1, times: 1 },
    ];
    expect((await api.put(session, 1, small)).status).toBe(403);
    expect((await api.put(session, 1, small)).status).toBe(500);
    expect((await api.put(session, 1, small)).status).toBe(200);
    expect(errorCodes(await api.ended(session))).toEqual({});
  });

  test('an error while a large body is still coming leaves the connection usable', async () => {
    const { api } = await withFault({ kind: 'status', route: 'upload', status: 503, times: 1 });
    const session = await api.begin([{ filename: 'sent.bmp', content: large }], { skip: ['sent.bmp'] });
    expect((await api.put(session, 0, large)).status).toBe(503);
    expect((await api.put(session, 0, large)).status).toBe(200);
    expect(errorCodes(await api.ended(session))).toEqual({});
  });
});

describe('faults are chosen', () => {
  test('by route, by filename, for the next few, after some', async () => {
    const { sandbox, api, urls } = await withFault(
      { kind: 'status', status: 500, route: 'download', filename: 'la*.bmp', skip: 1, times: 2 },
      { kind: 'status', status: 501, route: 'assets.get', filename: 'small.bmp' },
    );
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await fetch(urls.large)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await fetch(urls.small)).status).toBe(200);
    expect((await api.fetch((await api.asset('small.bmp')).selfLink)).status).toBe(501);
    expect((await api.fetch((await api.asset('large.bmp')).selfLink)).status).toBe(200);
    sandbox.faults.length = 0;
    sandbox.faults.push({ kind: 'status', status: 503 });
    expect((await api.fetch(api.dataset)).status).toBe(503);
    sandbox.faults.pop();
    expect((await api.fetch(api.dataset)).status).toBe(200);
  });

  test('several happen to one request', async () => {
    const { api } = await withFault({ kind: 'delay', ms: 60 }, { kind: 'status', status: 500 });
    const began = performance.now();
    expect((await api.fetch(api.dataset)).status).toBe(500);
    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  });

  test.each([
    ['a*', 'abc', true],
    ['a*', 'a', true],
    ['*', '', true],
    ['*c', 'abc', true],
    ['a*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'a', false],
    ['ab*bc', 'abc', false],
    ['a*b*c', 'axbyc', true],
    ['a*b*c', 'axcyb', false],
    ['a.c', 'abc', false],
    ['a', 'ab', false],
  ])('the pattern %s and the name %s', (pattern, name, fits) => {
    const book = new FaultBook([{ kind: 'status', status: 500, filename: pattern }]);
    expect(book.forRequest('download', name)).toHaveLength(fits ? 1 : 0);
    expect(book.forRequest('download')).toHaveLength(0);
  });

  test('what makes no sense is refused at once', () => {
    const wrong: unknown[] = [
      { kind: 'status', status: 200 },
      { kind: 'explode' },
      { kind: 'delay' },
      { kind: 'wrong-size', by: 0 },
    ];
    for (const fault of wrong) expect(() => new FaultBook([fault as Fault])).toThrow();
  });

  test('each kind happens only where it can', () => {
    const book = new FaultBook([{ kind: 'truncate' }, { kind: 'malformed-json' }, { kind: 'wrong-hash' }]);
    expect(book.forRequest('assets.list').map(({ kind }) => kind)).toEqual(['malformed-json']);
    expect(book.forRequest('download').map(({ kind }) => kind)).toEqual(['truncate']);
    expect(book.forAsset('assets.list', 'a.bmp').map(({ kind }) => kind)).toEqual(['wrong-hash']);
  });
});
