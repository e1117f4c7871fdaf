import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type DownloadContentsOptions,
  downloadContents,
  ViDownloadError,
  ViNetworkError,
  ViOperationError,
  ViServerError,
  ViTimeoutError,
} from '../../app/vi/index.ts';
import { SignedUrlTransport } from '../../app/vi/signed-url.ts';
import {
  handled,
  refuse,
  rejection,
  rejectionOf,
  type SeenRequest,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

const bytes = Buffer.alloc(300_000, 'some content, this way and that ');
const hash = { algorithm: 'sha256', contents: createHash('sha256').update(bytes).digest('hex') };
const retry = { baseMs: 1, capMs: 2 };

let folder: string;
let target: string;
let server: WireServer;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  target = join(folder, `target-${count++}`);
  server = await startWireServer(serve);
});
afterEach(() => server.close());

/** Serves the bytes with ranges, as a storage does. */
function serve(request: SeenRequest, response: ServerResponse): typeof handled {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const from = Number(range?.[1] ?? 0);
  if (range === null) response.writeHead(200, { etag: '"1"', 'content-length': bytes.length });
  else {
    response.writeHead(206, {
      etag: '"1"',
      'content-length': bytes.length - from,
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    });
  }
  response.end(bytes.subarray(from));
  return handled;
}

/** Sends a part of the whole, then breaks the connection. */
function breakAfter(response: ServerResponse, size: number, etag = '"1"'): typeof handled {
  response.writeHead(200, { etag, 'content-length': bytes.length });
  response.write(bytes.subarray(0, size), () => setTimeout(() => response.destroy(), 20));
  return handled;
}

function respond(
  response: ServerResponse,
  body: Buffer,
  headers: Record<string, string> = {},
): typeof handled {
  response.writeHead(200, headers).end(body);
  return handled;
}

const download = (options: DownloadContentsOptions = {}) =>
  downloadContents({ url: `${server.origin}/get/x?signature=s`, expiry: Date.now() + 60_000 }, target, {
    expectedSize: bytes.length,
    expectedHash: hash,
    retry,
    ...options,
  });

const ranges = () => server.requests.map((request) => request.headers.range);

describe('downloadContents', () => {
  test('writes the bytes, and tells size and hashes', async () => {
    const progress: number[] = [];
    const got = await download({ onBytes: (done) => progress.push(done) });
    expect(got).toMatchObject({ size: bytes.length, sha256: hash.contents, hashVerified: true });
    expect((await readFile(target)).equals(bytes)).toBe(true);
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(bytes.length);
  });

  test('sends the headers that the URL asks for, and no other but those of the connection', async () => {
    await downloadContents({ url: `${server.origin}/x`, headers: { 'x-a': '1' } }, target);
    expect(server.requests[0]?.method).toBe('GET');
    expect(server.requests[0]?.headers).toEqual({
      host: server.origin.slice('http://'.length),
      connection: 'keep-alive',
      'x-a': '1',
    });
  });

  for (const algorithm of ['sha256', 'sha1', 'md5']) {
    test(`checks ${algorithm}`, async () => {
      const right = createHash(algorithm).update(bytes).digest('base64');
      expect(await download({ expectedHash: { algorithm, contents: right } })).toMatchObject({
        hashVerified: true,
      });
      const wrong = createHash(algorithm).update('other').digest('base64');
      const error = await rejectionOf(
        ViDownloadError,
        download({ expectedHash: { algorithm, contents: wrong } }),
      );
      expect(error).toMatchObject({ code: 'ContentMismatch' });
      expect(error.message).toContain(algorithm);
    });
  }

  test('says when there was no hash that it could check', async () => {
    expect(await download({ expectedHash: undefined })).toMatchObject({ hashVerified: false });
    const got = await download({ expectedHash: { algorithm: 'blake3', contents: 'x' } });
    expect(got).toMatchObject({ hashVerified: false, sha256: hash.contents });
  });

  test('replaces what an earlier call has left', async () => {
    await writeFile(target, Buffer.alloc(500_000, 'old'));
    await download();
    expect((await readFile(target)).equals(bytes)).toBe(true);
  });

  test('does not write through a symbolic link', async () => {
    const outside = join(folder, `outside-${count}`);
    await writeFile(outside, 'precious');
    await symlink(outside, target);
    await rejectionOf(ViOperationError, download());
    expect(await readFile(outside, 'utf8')).toBe('precious');
  });
});

describe('a broken transfer', () => {
  test('goes on where it stopped', async () => {
    server.answer = (request, response) =>
      server.requests.length === 1 ? breakAfter(response, 100_000) : serve(request, response);
    await download();
    expect(ranges()).toEqual([undefined, 'bytes=100000-']);
    expect(server.requests[1]?.headers['if-range']).toBe('"1"');
    expect((await readFile(target)).equals(bytes)).toBe(true);
  });

  test('begins anew when the content has changed in between', async () => {
    server.answer = (request, response) => {
      if (server.requests.length === 1) return breakAfter(response, 100_000, '"0"');
      return request.headers.range === undefined
        ? serve(request, response)
        : respond(response, bytes, { etag: '"1"' });
    };
    await download();
    expect((await readFile(target)).equals(bytes)).toBe(true);
  });

  const badRanges: Record<string, (response: ServerResponse, from: number) => void> = {
    'another place': (response) =>
      response.writeHead(206, { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }).end(bytes),
    'another total': (response, from) =>
      response.writeHead(206, { 'content-range': `bytes ${from}-999/1000` }).end(bytes.subarray(from)),
    'another ETag': (response, from) =>
      response
        .writeHead(206, { etag: '"2"', 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
        .end(bytes.subarray(from)),
    'no place at all': (response, from) => response.writeHead(206).end(bytes.subarray(from)),
    'a refusal (416)': (response) => response.writeHead(416).end(),
  };
  for (const [what, answer] of Object.entries(badRanges)) {
    test(`begins anew when the rest comes with ${what}`, async () => {
      server.answer = (request, response) => {
        if (server.requests.length === 1) return breakAfter(response, 100_000);
        if (request.headers.range === undefined) return serve(request, response);
        answer(response, 100_000);
        return handled;
      };
      await download();
      expect(ranges()).toEqual([undefined, 'bytes=100000-', undefined]);
      expect((await readFile(target)).equals(bytes)).toBe(true);
    });
  }

  test('gives up after 3 tries, and leaves what has arrived for a later call', async () => {
    server.answer = (_request, response) => {
      response.destroy();
      return handled;
    };
    await rejectionOf(ViNetworkError, download());
    expect(server.requests).toHaveLength(3);
    server.answer = (request, response) =>
      request.headers.range === undefined ? breakAfter(response, 100_000) : refuse(response, 503);
    await rejectionOf(ViServerError, download());
    server.requests.length = 0;
    server.answer = serve;
    await download({ resume: true });
    expect(ranges()).toEqual(['bytes=100000-']);
    expect((await readFile(target)).equals(bytes)).toBe(true);
  });

  test('that is complete already only gets its checks', async () => {
    await writeFile(target, bytes);
    expect(await download({ resume: true })).toMatchObject({ hashVerified: true, size: bytes.length });
    expect(server.requests).toHaveLength(0);
  });

  test('whose left-over is of other content is fetched anew', async () => {
    await writeFile(target, Buffer.alloc(bytes.length, 'x'));
    await download({ resume: true });
    expect((await readFile(target)).equals(bytes)).toBe(true);
    await writeFile(target, Buffer.alloc(bytes.length + 5, 'x'));
    await download({ resume: true });
    expect((await readFile(target)).equals(bytes)).toBe(true);
  });
});

describe('a storage that lies', () => {
  async function mismatch(answer: (response: ServerResponse) => void): Promise<ViDownloadError> {
    server.answer = (_request, response) => {
      answer(response);
      return handled;
    };
    return await rejectionOf(ViDownloadError, download());
  }

  test('about its size is found out: too short', async () => {
    const error = await mismatch((response) => response.end(bytes.subarray(0, 1000)));
    expect(error).toMatchObject({ code: 'ContentMismatch' });
    expect(error.message).toContain(`of its ${bytes.length} bytes`);
  });

  test('about its size is found out: too long, before the disk is full', async () => {
    const error = await mismatch((response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(bytes, () => setImmediate(more));
      };
      more();
    });
    expect(error).toMatchObject({ code: 'ContentMismatch' });
    expect((await readFile(target)).length).toBe(0);
  });

  test('about its content is found out, and the wrong bytes do not stay', async () => {
    const error = await mismatch((response) => response.end(Buffer.alloc(bytes.length, 'z')));
    expect(error).toMatchObject({ code: 'ContentMismatch', isRetryable: true });
    expect((await readFile(target)).length).toBe(0);
    expect(server.requests).toHaveLength(3);
  });

  test('once is forgiven', async () => {
    server.answer = (request, response) =>
      server.requests.length === 1
        ? respond(response, Buffer.alloc(bytes.length, 'z'))
        : serve(request, response);
    await download();
    expect((await readFile(target)).equals(bytes)).toBe(true);
  });
});

describe('a redirect', () => {
  test('to another host is followed without the headers of the URL', async () => {
    const other = await startWireServer(serve);
    server.answer = (_request, response) => refuse(response, 302, {}, { location: `${other.origin}/y?z=1` });
    await downloadContents(
      { url: `${server.origin}/x`, headers: { 'x-secret': '1', authorization: 'Basic x' } },
      target,
    );
    expect(server.requests[0]?.headers['x-secret']).toBe('1');
    expect(other.requests[0]).toMatchObject({ path: '/y', search: 'z=1' });
    expect(Object.keys(other.requests[0]?.headers ?? {}).sort()).toEqual(['connection', 'host']);
    await other.close();
  });

  test('on the same host keeps them', async () => {
    server.answer = (request, response) =>
      request.path === '/x' ? refuse(response, 307, {}, { location: '/y' }) : serve(request, response);
    await downloadContents({ url: `${server.origin}/x`, headers: { 'x-a': '1' } }, target);
    expect(server.requests[1]?.headers['x-a']).toBe('1');
  });

  test('to somewhere else than the web, or round and round, is an error', async () => {
    for (const location of ['file:///etc/passwd', `${server.origin}/x`]) {
      server.answer = (_request, response) => refuse(response, 302, {}, { location });
      expect((await rejectionOf(ViOperationError, download())).code).toBe('UnexpectedRedirect');
    }
    expect(server.requests.length).toBeLessThan(10);
  });
});

describe('a refusal', () => {
  test('of an expired URL says so', async () => {
    server.answer = (_request, response) => {
      response.writeHead(403).end('Request has expired');
      return handled;
    };
    const error = await rejectionOf(ViDownloadError, download());
    expect(error).toMatchObject({ isExpired: true, code: 'UrlExpired' });
    expect(server.requests).toHaveLength(1);
  });

  test('of another kind tells status and reason', async () => {
    server.answer = (_request, response) => {
      // Longer than what is read of a reason.
      response.writeHead(404).end(`NoSuchKey\n${'x'.repeat(200_000)}`);
      return handled;
    };
    const error = await rejectionOf(ViDownloadError, download({ subject: '"a.png"' }));
    expect(error).toMatchObject({ isExpired: false, status: 404 });
    expect(error.message).toContain('NoSuchKey');
    expect(error.message).toContain('"a.png"');
  });
});

test('a body that stands still is left after the time without a byte', async () => {
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000));
    return handled;
  };
  const transport = new SignedUrlTransport({ connectMs: 1000, idleMs: 200 });
  await rejectionOf(ViTimeoutError, download({ transport, retry: { tries: 1 } }));
  await transport.close();
});

test('the signal ends a slow body at once', async () => {
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000));
    return handled;
  };
  const abort = new AbortController();
  const reason = new Error('enough');
  const pending = rejection(download({ signal: abort.signal }));
  setTimeout(() => abort.abort(reason), 80);
  expect(await pending).toBe(reason);
});

test('a body that comes a few bytes at a time is not waited for', async () => {
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    const timer = setInterval(() => response.write(bytes.subarray(0, 2)), 20);
    response.on('close', () => clearInterval(timer));
    return handled;
  };
  const transport = new SignedUrlTransport({ connectMs: 1000, idleMs: 300 });
  const error = await rejectionOf(ViTimeoutError, download({ transport, retry: { tries: 1 } }));
  expect(error.suggestion).not.toBe('');
  await transport.close();
});

test('an asset of unknown size is taken up to a limit', async () => {
  server.answer = (_request, response) => {
    const write = () => {
      while (response.writable && response.write(Buffer.alloc(64 * 1024)));
    };
    response.on('drain', write);
    write();
    return handled;
  };
  const error = await rejectionOf(
    ViDownloadError,
    download({ expectedSize: undefined, expectedHash: undefined, mostBytes: 1_000_000, retry: { tries: 3 } }),
  );
  expect(error.code).toBe('TooLarge');
  expect(server.requests).toHaveLength(1);
  expect((await stat(target)).size).toBe(0);
});

test('what has no room on the disk is not even begun', async () => {
  const error = await rejectionOf(ViOperationError, download({ expectedSize: 2 ** 50 }));
  expect(error.code).toBe('DiskFull');
  expect(server.requests).toHaveLength(0);
});
