import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fixturePath } from '../fixtures/index.ts';
import { startIngestionService } from './ingestion-service.ts';
import { assetJson } from './wire-samples.ts';
import { handled, startWireServer } from './wire-server.ts';

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

async function runProcess(...args: string[]): Promise<unknown> {
  const script = fileURLToPath(new URL('./memory-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  return JSON.parse(stdout);
}

async function growthOf(work: string, path: string): Promise<number> {
  const { port } = server.address() as AddressInfo;
  const found = await runProcess(work, `http://127.0.0.1:${port}`, path, String(size));
  return z.object({ growth: z.number() }).parse(found).growth;
}

/** The most memory that moving all files of a folder or dataset takes. */
async function peakOf(work: 'upload' | 'download', url: string, path: string): Promise<number> {
  const found = await runProcess(work, url, path);
  const { peak, failed } = z.object({ peak: z.number(), failed: z.number() }).parse(found);
  expect(failed).toBe(0);
  return peak;
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

describe('memory does not grow with the number of files', () => {
  const few = 500;
  const many = 4000;
  /** Of the memory that few take. The garbage collector lets more stand where there is more of it; what is held on to is far more. */
  const mostTimes = 1.2;

  test('that are uploaded', async () => {
    const service = await startIngestionService();
    const png = await readFile(fixturePath('good/scene.png'));
    const peaks: number[] = [];
    for (const count of [few, many]) {
      const pictures = join(folder, `pictures-${count}`);
      await mkdir(pictures);
      for (let index = 0; index < count; index++) {
        const content = Buffer.concat([png.subarray(0, 200), Buffer.from(String(index))]);
        await writeFile(join(pictures, `picture-of-a-street-${index}.png`), content);
      }
      peaks.push(await peakOf('upload', service.api.origin, pictures));
    }
    expect(service.storage.requests).toHaveLength(few + many);
    await service.close();
    expectNoGrowth(peaks);
  }, 120_000);

  test('that are downloaded', async () => {
    const bytes = Buffer.from('tiny');
    const hash = { algorithm: 'sha256', contents: createHash('sha256').update(bytes).digest('hex') };
    const storage = await startWireServer((_request, response) => {
      response.end(bytes);
      return handled;
    });
    let total = 0;
    const api = await startWireServer(({ query }) => {
      const from = Number(query.get('p') ?? 0);
      const end = Math.min(total, from + Number(query.get('s')));
      const items = Array.from({ length: end - from }, (_, at) => ({
        ...assetJson,
        assetId: `asset-${from + at}`,
        filename: `picture-of-a-street-${from + at}.png`,
        metadata: { ...assetJson.metadata, fileSize: bytes.length, hash },
        contents: {
          asset: {
            url: `${storage.origin}/${from + at}?signature=${'x'.repeat(100)}`,
            headers: { 'x-a': '1' },
          },
        },
      }));
      return { items, ...(end < total && { nextPage: String(end) }) };
    });
    const peaks: number[] = [];
    for (const count of [few, many]) {
      total = count;
      peaks.push(await peakOf('download', api.origin, join(folder, `save-${count}`)));
      expect(await readdir(join(folder, `save-${count}`, 'ds'))).toHaveLength(count);
    }
    await api.close();
    await storage.close();
    expectNoGrowth(peaks);
  }, 120_000);

  function expectNoGrowth([ofFew = 0, ofMany = 0]: number[]): void {
    expect(ofMany / ofFew, `${ofMany} bytes for ${many} files, ${ofFew} for ${few}`).toBeLessThan(mostTimes);
  }
});
