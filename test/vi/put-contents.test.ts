import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  hashFile,
  putContents,
  ViFileTooLargeError,
  ViNetworkError,
  ViOperationError,
  ViServerError,
  ViTimeoutError,
  ViUploadError,
} from '../../app/vi/index.ts';
import { SignedUrlTransport } from '../../app/vi/signed-url.ts';
import { handled, refuse, rejection, rejectionOf, startWireServer, type WireServer } from './wire-server.ts';

const retry = { baseMs: 1, capMs: 2 };

let folder: string;
let server: WireServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = await startWireServer(() => ({}));
});
afterEach(() => server.close());

async function source(size: number): Promise<{ path: string; size: number; crc32c: number; bytes: Buffer }> {
  const path = join(folder, `source-${size}`);
  const bytes = Buffer.alloc(size, 'not all the same ');
  await writeFile(path, bytes);
  return { path, size, bytes, crc32c: (await hashFile(path)).crc32c };
}

const small = 50_000;
const large = 1_500_000;
const contents = () => ({ url: `${server.origin}/put/x?signature=a%20b`, expiry: Date.now() + 60_000 });

describe('putContents', () => {
  for (const size of [1, small, large]) {
    test(`sends ${size} bytes as they are, with their length`, async () => {
      const { bytes, ...file } = await source(size);
      const progress: number[] = [];
      await putContents(contents(), file, { onBytes: (done) => progress.push(done) });
      const [request] = server.requests;
      expect(request).toMatchObject({ method: 'PUT', path: '/put/x', search: 'signature=a%20b' });
      expect(request?.headers['content-length']).toBe(String(size));
      expect(request?.headers['transfer-encoding']).toBeUndefined();
      expect(request?.body.equals(bytes)).toBe(true);
      expect(progress[0]).toBe(0);
      expect(progress.at(-1)).toBe(size);
    });
  }

  test('sends the headers that the URL asks for, and no other but those of the connection', async () => {
    await putContents(
      { ...contents(), headers: { 'Content-Type': 'image/png', 'x-goog-if': '0' } },
      await source(small),
    );
    expect(server.requests[0]?.headers).toEqual({
      host: server.origin.slice('http://'.length),
      connection: 'keep-alive',
      'content-type': 'image/png',
      'content-length': String(small),
      'x-goog-if': '0',
    });
  });

  test('takes the method that the URL asks for, and its own length whatever the headers say', async () => {
    await putContents(
      { ...contents(), method: 'POST', headers: { 'Content-Length': '7', Host: 'evil' } },
      await source(small),
    );
    expect(server.requests[0]).toMatchObject({ method: 'POST' });
    expect(server.requests[0]?.body).toHaveLength(small);
    expect(server.requests[0]?.headers.host).not.toBe('evil');
  });

  for (const size of [small, large]) {
    test(`tries ${size} bytes again, whole, after a reset and a 503`, async () => {
      const { bytes, ...file } = await source(size);
      server.answer = (_request, response) => {
        if (server.requests.length === 1) {
          response.destroy();
          return handled;
        }
        return server.requests.length === 2 ? refuse(response, 503) : {};
      };
      const progress: number[] = [];
      await putContents(contents(), file, { retry, onBytes: (done) => progress.push(done) });
      expect(server.requests).toHaveLength(3);
      expect(server.requests[2]?.body.equals(bytes)).toBe(true);
      expect(progress.filter((done) => done === 0)).toHaveLength(3);
    });
  }

  test.each([
    [
      '<?xml version="1.0"?><Error><Code>Full</Code><Message>No &lt;room&gt; &#38; no &#x68;ope</Message></Error>',
      'No <room> & no hope',
    ],
    ['{"error":{"code":507,"message":"No \\"room\\" left"}}', 'No "room" left'],
    ['no room\nat all', 'no room'],
  ])(
    'gives up at once where there is no room, and says it in the words of the answer: %s',
    async (body, words) => {
      server.answer = (_request, response) => {
        response.writeHead(507).end(body);
        return handled;
      };
      const error = await rejectionOf(ViServerError, putContents(contents(), await source(small), { retry }));
      expect(server.requests).toHaveLength(1);
      expect(error).toMatchObject({ status: 507, code: 'InsufficientStorage', isRetryable: false });
      expect(error.message).toContain(`the storage answered 507, "${words}".`);
    },
  );

  test('gives up after 3 tries', async () => {
    server.answer = (_request, response) => refuse(response, 500);
    await rejectionOf(ViServerError, putContents(contents(), await source(small), { retry }));
    expect(server.requests).toHaveLength(3);
    server.answer = (_request, response) => {
      response.destroy();
      return handled;
    };
    await rejectionOf(ViNetworkError, putContents(contents(), await source(small), { retry }));
    expect(server.requests).toHaveLength(6);
  });

  test('says that the URL has expired, by the words of the storage', async () => {
    server.answer = (_request, response) => {
      response.writeHead(400).end('<Error><Code>ExpiredToken</Code></Error>');
      return handled;
    };
    const error = await rejectionOf(ViUploadError, putContents(contents(), await source(small), { retry }));
    expect(error).toMatchObject({ isExpired: true, code: 'UrlExpired', status: 400 });
    expect(error.suggestion).toContain('new ingestion session');
    expect(server.requests).toHaveLength(1);
  });

  test('says that the URL has expired, by its time', async () => {
    server.answer = (_request, response) => refuse(response, 403, {});
    const old = { ...contents(), expiry: Date.now() - 1 };
    expect((await rejectionOf(ViUploadError, putContents(old, await source(small)))).isExpired).toBe(true);
    const fresh = await rejectionOf(ViUploadError, putContents(contents(), await source(small)));
    expect(fresh).toMatchObject({ isExpired: false, code: 'UploadFailed', status: 403 });
  });

  test('does not refuse a URL that only our clock finds too old', async () => {
    await putContents({ ...contents(), expiry: 1 }, await source(small));
    expect(server.requests).toHaveLength(1);
  });

  test('does not follow a redirect', async () => {
    const other = await startWireServer(() => ({}));
    server.answer = (_request, response) => refuse(response, 307, {}, { location: other.origin });
    await rejectionOf(ViUploadError, putContents(contents(), await source(small)));
    expect(other.requests).toHaveLength(0);
    await other.close();
  });

  test('says that a file is too large for the storage', async () => {
    server.answer = (_request, response) => refuse(response, 413, {});
    await rejectionOf(ViFileTooLargeError, putContents(contents(), await source(small)));
  });

  test('names the file that is gone', async () => {
    const error = await rejectionOf(
      ViOperationError,
      putContents(contents(), { path: join(folder, 'gone'), size: 5 }),
    );
    expect(error).toMatchObject({ code: 'FileNotFound', details: { path: join(folder, 'gone') } });
  });

  test('refuses a URL that is none', async () => {
    for (const url of ['', 'nonsense', 'file:///etc/passwd']) {
      const error = await rejectionOf(ViOperationError, putContents({ url }, await source(small)));
      expect(error.code).toBe('SignedUrlInvalid');
    }
  });

  test('shows neither URL nor signature in its errors', async () => {
    server.answer = (_request, response) => refuse(response, 403, {});
    const error = await rejectionOf(ViUploadError, putContents(contents(), await source(small)));
    expect(JSON.stringify(error) + error.stack).not.toContain('signature');
  });

  test('ends at once by its signal', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    server.answer = () => {
      abort.abort(reason);
      return handled;
    };
    const pending = rejection(putContents(contents(), await source(small), { signal: abort.signal, retry }));
    expect(await pending).toBe(reason);
  });
});

describe('a file that changes', () => {
  for (const size of [small, large]) {
    const changes: [string, (path: string) => Promise<void>][] = [
      ['has become shorter', (path) => truncate(path, size - 1)],
      ['has become longer', (path) => appendFile(path, 'x')],
      ['has become empty', (path) => truncate(path, 0)],
      ['has other content', (path) => writeFile(path, Buffer.alloc(size, 'different'))],
    ];
    for (const [what, change] of changes) {
      test(`(${size} bytes) and ${what} is not uploaded`, async () => {
        const file = await source(size);
        await change(file.path);
        const error = await rejectionOf(ViUploadError, putContents(contents(), file, { retry }));
        expect(error).toMatchObject({ code: 'FileChanged', isRetryable: false });
        expect(error.message).toContain(file.path);
        // No request of the announced length has arrived whole.
        expect(server.requests).toHaveLength(0);
      });
    }
  }

  test('while it is being sent is not uploaded', async () => {
    const file = await source(8_000_000);
    let isChanged = false;
    const pending = putContents(contents(), file, {
      retry,
      onBytes: (done) => {
        if (done === 0 || isChanged) return;
        isChanged = true;
        void truncate(file.path, 7_999_999);
      },
    });
    expect(await rejectionOf(ViUploadError, pending)).toMatchObject({ code: 'FileChanged' });
    expect(server.requests).toHaveLength(0);
  });
});

describe('a storage that stands still', () => {
  let still: Server;
  afterEach(() => {
    still.closeAllConnections();
    still.close();
  });

  test('is left after the time without a moving byte', async () => {
    // Accepts the connection and never reads the body.
    still = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => still.once('listening', resolve));
    const { port } = still.address() as AddressInfo;
    const transport = new SignedUrlTransport({ connectMs: 1000, idleMs: 150 });
    for (const size of [small, 30_000_000]) {
      const error = await rejectionOf(
        ViTimeoutError,
        putContents({ url: `http://127.0.0.1:${port}/` }, await source(size), {
          transport,
          retry: { tries: 1 },
        }),
      );
      expect(error.message).toContain('no byte moved');
    }
    await transport.close();
  });
});
