import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const size = 300_000_000;
/** Buffers on their way, and what the collector lets stand before it runs; the file in memory would be twice that. */
const mostGrowth = 150_000_000;

let folder: string;
let file: string;
let server: Server;
let received = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
  file = join(folder, 'large');
  for (const [path, bytes] of [
    [file, size],
    [`${file}.small`, 1_000_000],
  ] as const) {
    await writeFile(path, '');
    // Sparse: it takes no room on the disk.
    await truncate(path, bytes);
  }
  server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    request.on('end', () => {
      if (request.method === 'PUT') response.end();
      else send(response, Number(request.url?.slice(1)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function send(response: NodeJS.WritableStream, bytes: number): void {
  const block = Buffer.alloc(1_000_000);
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.length));
      left -= part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

async function growthOf(work: string, path: string): Promise<number> {
  const script = fileURLToPath(new URL('./memory-process.ts', import.meta.url));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const { stdout } = await promisify(execFile)(process.execPath, [script, work, url, path, String(size)]);
  return z.object({ growth: z.number() }).parse(JSON.parse(stdout)).growth;
}

describe('memory does not grow with the size of a file', () => {
  test('that is hashed', async () => {
    expect(await growthOf('hash', file)).toBeLessThan(mostGrowth);
  }, 60_000);

  test('that is uploaded', async () => {
    received = 0;
    expect(await growthOf('put', file)).toBeLessThan(mostGrowth);
    expect(received).toBe(size + 1_000_000);
  }, 60_000);

  test('that is downloaded', async () => {
    const target = join(folder, 'target');
    expect(await growthOf('get', target)).toBeLessThan(mostGrowth);
    expect((await stat(target)).size).toBe(size);
  }, 60_000);
});
