import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downloadContents, hashFile, type Pace, putContents, ViTimeoutError } from '../../app/vi/index.ts';
import { SignedUrlTransport } from '../../app/vi/signed-url.ts';
import { handled, rejection, rejectionOf, startWireServer, type WireServer } from './wire-server.ts';

const small = 50_000;
const medium = 500_000;
const large = 1_500_000;
const idleMs = 150;

let folder: string;
let server: WireServer;
let transport: SignedUrlTransport;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = await startWireServer(() => ({}));
  transport = new SignedUrlTransport({ connectMs: 1000, idleMs });
});
afterEach(async () => {
  await transport.close();
  await server.close();
});

const contents = () => ({ url: `${server.origin}/x` });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function source(size: number): Promise<{ path: string; size: number; crc32c: number; bytes: Buffer }> {
  const path = join(folder, `source-${size}`);
  const bytes = Buffer.alloc(size, 'not all the same ');
  await writeFile(path, bytes);
  return { path, size, bytes, crc32c: (await hashFile(path)).crc32c };
}

describe('putContents', () => {
  for (const size of [1, small, medium, large]) {
    test(`sends ${size} bytes in pieces as its pace allows, and the same bytes`, async () => {
      const { bytes, ...file } = await source(size);
      const asked: number[] = [];
      const granted: number[] = [];
      const progress: number[] = [];
      const pace: Pace = async (wanted) => {
        asked.push(wanted);
        const some = Math.min(wanted, 70_000);
        granted.push(some);
        return some;
      };
      await putContents(contents(), file, { pace, transport, onBytes: (done) => progress.push(done) });
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]?.headers['content-length']).toBe(String(size));
      expect(server.requests[0]?.headers['transfer-encoding']).toBeUndefined();
      expect(server.requests[0]?.body.equals(bytes)).toBe(true);
      // Each byte is asked for once it may be the next, and granted once.
      expect(granted.reduce((sum, each) => sum + each, 0)).toBe(size);
      expect(asked[0]).toBeGreaterThanOrEqual(Math.min(size, 256 * 1024));
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBe(size);
      if (size > 70_000) expect(progress.length).toBeGreaterThan(size / 70_000);
    });
  }

  for (const size of [small, large]) {
    test(`sends nothing of ${size} bytes before it may, and ends at once by its signal`, async () => {
      const file = await source(size);
      let received = 0;
      const still = await listen(
        createServer((request) => request.on('data', (chunk: Buffer) => (received += chunk.length))),
      );
      const abort = new AbortController();
      const asked = Promise.withResolvers<void>();
      const pace: Pace = (_bytes, signal) => {
        asked.resolve();
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      };
      const pending = rejection(
        putContents({ url: still.url }, file, { pace, transport, signal: abort.signal }),
      );
      await asked.promise;
      await sleep(50);
      expect(received).toBe(0);
      const reason = new Error('enough');
      abort.abort(reason);
      expect(await pending).toBe(reason);
      still.close();
    });

    test(`does not take a slow pace of ${size} bytes for a connection that stands still`, async () => {
      const { bytes, ...file } = await source(size);
      const pace: Pace = async (wanted) => {
        await sleep(2 * idleMs);
        return Math.min(wanted, Math.ceil(size / 3));
      };
      await putContents(contents(), file, { pace, transport, retry: { tries: 1 } });
      expect(server.requests[0]?.body.equals(bytes)).toBe(true);
    });
  }

  test('still leaves a storage that stands still, with a pace that does not', async () => {
    const file = await source(30_000_000);
    const still = await listen(createServer(() => undefined));
    const pace: Pace = async (wanted) => Math.min(wanted, 50_000);
    const error = await rejectionOf(
      ViTimeoutError,
      putContents({ url: still.url }, file, { pace, transport, retry: { tries: 1 } }),
    );
    expect(error.message).toContain('no byte moved');
    still.close();
  });

  test('a request that is refused while it waits for its pace leaves nothing waiting', async () => {
    const file = await source(large);
    const refusing = await listen(
      createServer((request, response) => {
        request.once('data', () => response.writeHead(403, { connection: 'close' }).end());
      }),
    );
    let waiting = 0;
    let isFirst = true;
    const pace: Pace = (wanted, signal) => {
      if (isFirst) {
        isFirst = false;
        return Promise.resolve(Math.min(wanted, 1000));
      }
      waiting += 1;
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          waiting -= 1;
          reject(signal.reason);
        }),
      );
    };
    await rejection(putContents({ url: refusing.url }, file, { pace, transport, retry: { tries: 1 } }));
    expect(isFirst).toBe(false);
    expect(waiting).toBe(0);
    refusing.close();
  });
});

describe('downloadContents', () => {
  const bytes = Buffer.alloc(large, 'some content, this way and that ');
  const expectedHash = {
    algorithm: 'sha256',
    contents: createHash('sha256').update(bytes).digest('hex'),
  };
  const serve = (_request: unknown, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    return handled;
  };
  const download = (options: Parameters<typeof downloadContents>[2] = {}) =>
    downloadContents(contents(), join(folder, 'target'), {
      expectedSize: bytes.length,
      expectedHash,
      transport,
      retry: { tries: 1 },
      ...options,
    });

  test('asks for every byte that has come, until it has leave for it', async () => {
    server.answer = serve;
    let granted = 0;
    let done = 0;
    const pace: Pace = async (wanted) => {
      // What has come and is not granted yet is one chunk of the network at most.
      expect(done - granted).toBeLessThanOrEqual(256 * 1024);
      const some = Math.min(wanted, 10_000);
      granted += some;
      return some;
    };
    await download({
      pace,
      onBytes: (bytesDone) => {
        done = bytesDone;
      },
    });
    expect(granted).toBe(bytes.length);
    expect((await readFile(join(folder, 'target'))).equals(bytes)).toBe(true);
  });

  test('a slow pace reaches the sender, and is not taken for a connection that stands still', async () => {
    let sent = 0;
    const size = 64 * 1024 * 1024;
    function* blocks() {
      for (const block = Buffer.alloc(64 * 1024); sent < size; sent += block.length) yield block;
    }
    const endless = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { 'content-length': size });
        Readable.from(blocks()).pipe(response);
      }),
    );
    let asked = 0;
    const abort = new AbortController();
    const pace: Pace = async (wanted) => {
      asked += 1;
      await sleep(2 * idleMs);
      return wanted;
    };
    const pending = rejection(
      downloadContents({ url: endless.url }, join(folder, 'slow'), {
        pace,
        transport,
        signal: abort.signal,
        retry: { tries: 1 },
      }),
    );
    while (asked < 5) await sleep(20);
    // What the sockets of both ends can hold; the rest waits at the sender.
    expect(sent).toBeLessThan(size / 2);
    const before = sent;
    await sleep(2 * idleMs);
    expect(sent - before).toBeLessThan(4 * 1024 * 1024);
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await pending).toBe(reason);
    endless.close();
  });

  test('a pace that waits ends at once by the signal, and what has come can be taken up', async () => {
    server.answer = serve;
    const abort = new AbortController();
    const reason = new Error('paused');
    let isAsked = false;
    const pace: Pace = (_bytes, signal) => {
      isAsked = true;
      setTimeout(() => abort.abort(reason), 20);
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    };
    expect(await rejection(download({ pace, signal: abort.signal }))).toBe(reason);
    expect(isAsked).toBe(true);
    const kept = (await readFile(join(folder, 'target'))).length;
    expect(kept).toBeGreaterThan(0);
    const got = await download({ resume: true });
    expect(got.hashVerified).toBe(true);
    expect(server.requests[1]?.headers.range).toBe(`bytes=${kept}-`);
  });
});

/** A server that is closed with all its connections. */
async function listen(listening: Server): Promise<{ url: string; close: () => void }> {
  const sockets = new Set<Socket>();
  listening.on('connection', (socket: Socket) => sockets.add(socket));
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      listening.close();
    },
  };
}
