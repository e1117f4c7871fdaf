import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { crc32c } from '@node-rs/crc32';
import { z } from 'zod';
import { bmpHeader } from '../sandbox/bmp.ts';
import type { BenchParts, BenchResult } from './result.ts';

const CONCURRENCY = 8;
const ROUNDS = 7;
const TARGET = 1.3;

/** A file to upload: a BMP header, and a body that is sent so many times. */
interface SampleFile {
  readonly name: string;
  readonly header: Buffer;
  readonly body: Buffer;
  readonly repeats: number;
}

interface Work {
  readonly label: string;
  readonly files: readonly SampleFile[];
}

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const serverReady = z.object({
  endpoint: z.string(),
  organizationId: z.string().default(''),
  secretKey: z.string().default(''),
});
const createdSession = z.object({
  selfLink: z.string(),
  status: z.object({
    assets: z.array(
      z.object({ upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }) }),
    ),
  }),
});
const polledSession = z.object({
  status: z.object({
    conditions: z.array(z.object({ condition: z.string(), status: z.string() })),
    progressCount: z.object({ succeeded: z.number() }),
  }),
});

/** Both servers have met such files, and their code is compiled, before the time counts. */
const warmUp = [
  ...sampleFiles(40, 50 * 1024, 'warm-up'),
  ...sampleFiles(2, 4 * 1024 * 1024, 'large-warm-up'),
];

/**
 * The sandbox beside a bare `node:http` server that stores the same bytes: both in a process of their own, the same client,
 * in turns. The sandbox's time has all in it: the session's creation, the uploads, and its processing to the end.
 */
async function* benchWork({ label, files }: Work): AsyncGenerator<BenchResult> {
  const times: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.bare.push(await inTempFolder((folder) => timeBare(folder, files)));
    times.ours.push(await inTempFolder((folder) => timeSandbox(folder, files)));
  }
  const [bare, ours] = [median(times.bare), median(times.ours)];
  const ratio = ours / bare;
  yield {
    work: `sandbox: ${label}`,
    ours: seconds(ours),
    yardstick: `bare node:http server: ${seconds(bare)}`,
    ratio,
    target: `≤ ${TARGET} × its time`,
    met: ratio <= TARGET,
  };
}

export const sandboxBench: BenchParts = new Map([
  ['small', () => benchWork({ label: 'upload 3,000 files of 50 KiB', files: sampleFiles(3_000, 50 * 1024) })],
  ['large', () => benchWork({ label: 'upload 4 files of 128 MiB', files: sampleFiles(4, 128 * 1024 ** 2) })],
]);

async function timeBare(folder: string, files: readonly SampleFile[]): Promise<number> {
  const script = fileURLToPath(new URL('./sandbox-bare-server.ts', import.meta.url));
  return withServer([script, folder], async ({ endpoint }) => {
    const targets = files.map(({ name }) => ({ url: `${endpoint}/${name}`, headers: {} }));
    await putAll(
      warmUp,
      warmUp.map(({ name }) => ({ url: `${endpoint}/${name}`, headers: {} })),
    );
    const begin = performance.now();
    await putAll(files, targets);
    return performance.now() - begin;
  });
}

async function timeSandbox(folder: string, files: readonly SampleFile[]): Promise<number> {
  const script = fileURLToPath(new URL('../sandbox/sandbox-process.ts', import.meta.url));
  return withServer([script, folder], async ({ endpoint, organizationId, secretKey }) => {
    const headers = {
      authorization: `Bearer ${secretKey}`,
      'organization-id': organizationId,
      'content-type': 'application/json',
    };
    const call = async (method: string, place: string, body?: unknown): Promise<unknown> => {
      const response = await fetch(endpoint + place, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${place}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    await call('POST', '/sandbox/datasets', { name: 'Bench', datasetId: 'bench' });
    const upload = async (uploaded: readonly SampleFile[], assets: readonly unknown[]) => {
      const dataset = `/workspaces/${organizationId}/datasets/${organizationId}_bench`;
      const session = createdSession.parse(
        await call('POST', `${dataset}/assetSources/managed/datature/transient/assetIngestionSessions`, {
          spec: {
            kind: 'Upload',
            failureMode: 'FailAfterAll',
            onAssetOverwritten: 'KeepLinkedResource',
            assets,
          },
        }),
      );
      await putAll(
        uploaded,
        session.status.assets.map((asset) => asset.upload),
      );
      for (;;) {
        const { status } = polledSession.parse(await call('GET', session.selfLink));
        if (status.conditions.every((condition) => condition.status === 'Reached')) {
          if (status.progressCount.succeeded !== uploaded.length) throw new Error('Files failed.');
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const assets = files.map(describe);
    await upload(warmUp, warmUp.map(describe));
    const begin = performance.now();
    await upload(files, assets);
    return performance.now() - begin;
  });
}

function describe(file: SampleFile): unknown {
  return {
    kind: 'Image',
    filename: file.name,
    mime: 'image/bmp',
    size: sizeOf(file),
    crc32c: checksumOf(file),
  };
}

async function putAll(files: readonly SampleFile[], targets: readonly Target[]): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < files.length; index = next++) {
      const [file, target] = [files[index], targets[index]];
      if (file === undefined || target === undefined) return;
      await put(file, target, agent);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  agent.destroy();
}

async function put(file: SampleFile, { url, headers }: Target, agent: http.Agent): Promise<void> {
  const request = http.request(url, {
    method: 'PUT',
    agent,
    headers: { ...headers, 'content-length': sizeOf(file) },
  });
  const answered = once(request, 'response');
  request.write(file.header);
  for (let sent = 0; sent < file.repeats; sent++) {
    if (!request.write(file.body)) await once(request, 'drain');
  }
  request.end();
  const [response]: http.IncomingMessage[] = await answered;
  if (response?.statusCode !== 200) throw new Error(`PUT ${url}: ${response?.statusCode}`);
  response.resume();
  await once(response, 'end');
}

async function withServer<Result>(
  command: readonly string[],
  use: (ready: z.infer<typeof serverReady>) => Promise<Result>,
): Promise<Result> {
  const server: ChildProcess = spawn(process.execPath, [...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    if (server.stdout === null) throw new Error('The server has no output.');
    const [line]: unknown[] = await once(readline.createInterface({ input: server.stdout }), 'line');
    return await use(serverReady.parse(JSON.parse(String(line))));
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
}

async function inTempFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  try {
    return await use(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Pictures of about this size, each another one. */
function sampleFiles(count: number, size: number, name = 'picture'): SampleFile[] {
  const bodySize = Math.min(size, 1024 * 1024);
  return Array.from({ length: count }, (_, index) => {
    // Four bytes a pixel: rows need no padding.
    const width = bodySize / 4 / 64;
    const repeats = size / bodySize;
    const body = Buffer.alloc(bodySize, index + 1);
    body.writeUInt32LE(index);
    return { name: `${name}-${index}.bmp`, header: bmpHeader(width, 64 * repeats), body, repeats };
  });
}

function sizeOf({ header, body, repeats }: SampleFile): number {
  return header.length + body.length * repeats;
}

function checksumOf({ header, body, repeats }: SampleFile): number {
  let checksum = crc32c(header);
  for (let count = 0; count < repeats; count++) checksum = crc32c(body, checksum);
  return checksum | 0;
}

function median(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
