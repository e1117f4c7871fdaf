import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine } from '../../app/engine.ts';
import { type Contents, hashFile, type UploadedAssetMetadata } from '../../app/vi/index.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { bmpHeader } from '../sandbox/bmp.ts';
import {
  answer,
  type Bench,
  bareAgent,
  concurrency,
  drain,
  inLanes,
  makeDataset,
  median,
  withSandbox,
} from './bench-sandbox.ts';
import { hasCommand, seconds, timeCommand } from './command.ts';
import type { BenchEngineOptions } from './engine-options.ts';
import type { BenchParts, BenchResult } from './result.ts';
import { steadyStream } from './steady-stream.ts';

const many = 10_000;
const bytesEach = 50 * 1024;
const largeBytes = 512 * 1024 ** 2;
const saves = 40;
const resting = 100_000;
const restMs = 60_000;
const rounds = 3;

const settledReport = z.object({ ms: z.number(), peakBytes: z.number(), inSync: z.number() });
const restReport = z.object({ cpuMs: z.number(), bytes: z.number() });

/** The whole engine, in a process of its own, beside bare clients of the same sandbox. */
export const engineBench: BenchParts = new Map([
  ['many', () => withEngine(benchMany)],
  ['large', () => withEngine(benchLarge)],
  ['saves', () => withEngine(benchSaves)],
  ['rest', () => withEngine(benchRest)],
  ['steady', benchSteady],
]);

async function* withEngine(
  work: (bench: Bench, folder: string) => Promise<BenchResult[]>,
): AsyncGenerator<BenchResult> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  try {
    yield* await withSandbox(path.join(folder, 'sandbox'), (bench) => work(bench, folder));
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function benchMany(bench: Bench, folder: string): Promise<BenchResult[]> {
  const pictures = path.join(folder, 'pictures');
  const names = await makeManyImages(pictures, { count: many, bytesEach });
  const files = names.map((name) => path.join(pictures, name));
  const up: number[] = [];
  const down: number[] = [];
  const taken = { ours: { up: 0, down: 0 }, bare: { up: 0, down: 0 } };
  for (let round = 0; round < rounds; round++) {
    const [one, other] = [`many-bare-${round}`, `many-ours-${round}`];
    for (const datasetId of [one, other]) await makeDataset(bench, datasetId);
    taken.bare.up = await bareUpload(bench, one, files);
    await fs.rm(path.join(pictures, '.vi-sync'), { recursive: true, force: true });
    taken.ours.up = (await runEngine(bench, folder, pictures, other, many)).ms;
    taken.bare.down = await curlDownload(bench, one, path.join(folder, `curl-${round}`));
    const target = path.join(folder, `down-${round}`);
    await fs.mkdir(target);
    taken.ours.down = (await runEngine(bench, folder, target, other, many)).ms;
    up.push(taken.bare.up / taken.ours.up);
    down.push(taken.bare.down / taken.ours.down);
    for (const name of [`curl-${round}`, `down-${round}`]) {
      await fs.rm(path.join(folder, name), { recursive: true });
    }
  }
  await fs.rm(pictures, { recursive: true });
  const what = `${many.toLocaleString('en')} files of 50 KiB`;
  return [
    atLeast(
      `upload ${what}, from the first scan to the last listing`,
      taken.ours.up,
      'bare node:http client',
      taken.bare.up,
      median(up),
      0.8,
    ),
    atLeast(
      `download ${what}, verified, flushed, renamed`,
      taken.ours.down,
      'curl --parallel, then sync',
      taken.bare.down,
      median(down),
      0.7,
    ),
  ];
}

async function benchLarge(bench: Bench, folder: string): Promise<BenchResult[]> {
  const pictures = path.join(folder, 'large');
  await fs.mkdir(pictures);
  const files: string[] = [];
  for (let index = 0; index < 4; index++) {
    files.push(path.join(pictures, `large-${index}.bmp`));
    await writeLarge(files[index] ?? '', index);
  }
  for (const datasetId of ['large-bare', 'large-ours', 'small-ours']) await makeDataset(bench, datasetId);
  const bareUp = await curlUpload(bench, 'large-bare', files);
  const ours = await runEngine(bench, folder, pictures, 'large-ours', 4);
  const bareDown = await curlDownload(bench, 'large-bare', path.join(folder, 'curl-large'));
  const target = path.join(folder, 'large-down');
  await fs.mkdir(target);
  const down = await runEngine(bench, folder, target, 'large-ours', 4);
  const small = path.join(folder, 'small');
  await makeManyImages(small, { count: 4 });
  const smallUp = await runEngine(bench, folder, small, 'small-ours', 4);
  for (const each of [pictures, target, small, path.join(folder, 'curl-large')]) {
    await fs.rm(each, { recursive: true });
  }
  const what = '4 files of 512 MiB';
  const growth = (Math.max(ours.peakBytes, down.peakBytes) - smallUp.peakBytes) / 1e6;
  return [
    atLeast(`upload ${what}`, ours.ms, 'curl --parallel', bareUp, bareUp / ours.ms, 0.9),
    atLeast(`download ${what}`, down.ms, 'curl --parallel, then sync', bareDown, bareDown / down.ms, 0.9),
    {
      work: `engine: peak memory with ${what}`,
      ours: `${Math.round(Math.max(ours.peakBytes, down.peakBytes) / 1e6)} MB`,
      yardstick: `with 4 small files: ${Math.round(smallUp.peakBytes / 1e6)} MB`,
      ratio: Math.max(ours.peakBytes, down.peakBytes) / smallUp.peakBytes,
      target: 'no more than 100 MB above',
      met: growth <= 100,
    },
  ];
}

/** A file saved → listed in the sandbox, with the default timing. */
async function benchSaves(bench: Bench, folder: string): Promise<BenchResult[]> {
  const { client } = bench;
  const datasetId = 'saves';
  await makeDataset(bench, datasetId);
  const root = path.join(folder, 'saves');
  const source = path.join(folder, 'to-save');
  await fs.mkdir(root);
  const names = await makeManyImages(source, { count: saves, bytesEach });
  const engine = await createEngine({
    dataDir: path.join(folder, 'saves-data'),
    sessionBudget: { sessions: 10_000, windowMs: 1000 },
    connect: (address) => viRemote(client, address.datasetId),
  });
  const { endpoint, organizationId } = client;
  const mirrorId = await engine.addMirror({ folder: root, endpoint, organizationId, datasetId, go: true });
  await engine.settled(mirrorId);
  const times: number[] = [];
  for (const name of names) {
    const begin = performance.now();
    await fs.copyFile(path.join(source, name), path.join(root, name));
    while (
      (await client.assets.list({ datasetId, filter: JSON.stringify({ filename: name }) })).items.length === 0
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    times.push(performance.now() - begin);
  }
  await engine.close();
  const sorted = times.toSorted((first, second) => first - second);
  const worst = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return [
    {
      work: `engine: a file saved → listed in the dataset, ${saves} times`,
      ours: `median ${seconds(median(times))}, 99 % ${seconds(worst)}`,
      yardstick: '–',
      ratio: Number.NaN,
      target: 'median ≤ 2 s, 99 % ≤ 5 s',
      met: median(times) <= 2000 && worst <= 5000,
    },
  ];
}

/** What an engine costs that has nothing to do. */
async function benchRest(bench: Bench, folder: string): Promise<BenchResult[]> {
  const root = path.join(folder, 'resting');
  for (let index = 0; index < 1000; index++) {
    await makeManyImages(path.join(root, `f${index}`), { count: resting / 1000, prefix: `r${index}` });
  }
  await makeDataset(bench, 'resting');
  const { cpuMs, bytes } = await runEngine(bench, folder, root, 'resting', resting, restMs);
  const share = cpuMs / restMs;
  return [
    {
      work: `engine: at rest on ${resting.toLocaleString('en')} files for ${restMs / 1000} s`,
      ours: `${(share * 100).toFixed(2)} % of a core, ${Math.round(bytes / 1e6)} MB`,
      yardstick: '–',
      ratio: Number.NaN,
      target: '< 0.5 % of a core, < 200 MB',
      met: share < 0.005 && bytes < 200e6,
    },
  ];
}

/** A file that never rests, in virtual time: how the budget of sessions is spent on it. */
async function* benchSteady(): AsyncGenerator<BenchResult> {
  const streams = [
    await steadyStream(1, 600, 1000),
    await steadyStream(2, 600, 1000),
    await steadyStream(3, 600, 1000),
  ];
  const refused = streams.reduce((sum, stream) => sum + stream.refused, 0);
  const middle = median(streams.map(({ medianMs }) => medianMs));
  yield {
    work: 'engine: a file saved every second for 10 minutes of virtual time, three times',
    ours: `${refused} × 429 in ${streams.reduce((sum, { sessions }) => sum + sessions, 0)} sessions, median wait ${seconds(middle)}`,
    yardstick: 'the session budget',
    ratio: Number.NaN,
    target: '0 × 429, median wait ≤ 60 s',
    met: refused === 0 && middle <= 60_000,
  };
}

let runs = 0;

async function runEngine(
  { client, headers }: Bench,
  folder: string,
  root: string,
  datasetId: string,
  expected: number,
  rest = 0,
): Promise<{ ms: number; peakBytes: number; cpuMs: number; bytes: number }> {
  runs += 1;
  const options: BenchEngineOptions = {
    dataDir: path.join(folder, `data-${runs}`),
    folder: root,
    endpoint: client.endpoint,
    organizationId: client.organizationId,
    datasetId,
    secretKey: (headers.authorization ?? '').replace('Bearer ', ''),
    restMs: rest,
  };
  const script = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  readline.createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The engine has ended with ${code}.`);
  const settled = settledReport.parse(JSON.parse(lines[0] ?? '{}'));
  if (settled.inSync !== expected) throw new Error(`${settled.inSync} of ${expected} files are in sync.`);
  const rested = rest === 0 ? { cpuMs: 0, bytes: 0 } : restReport.parse(JSON.parse(lines[1] ?? '{}'));
  return { ...settled, ...rested };
}

/** Signed URLs of a session for these files; made before any time begins. */
async function announce({ client }: Bench, datasetId: string, files: readonly string[]) {
  const targets: { file: string; contents: Contents }[] = [];
  for (let at = 0; at < files.length; at += 5000) {
    const batch = files.slice(at, at + 5000);
    const assets: UploadedAssetMetadata[] = [];
    for (const file of batch) {
      const { size, crc32c } = await hashFile(file);
      const mime = { '.png': 'image/png', '.bmp': 'image/bmp' }[path.extname(file)] ?? 'image/jpeg';
      assets.push({ kind: 'Image', filename: path.basename(file), mime, size, crc32c });
    }
    const session = await client.assets.createIngestionSession({
      datasetId,
      assets,
      failureMode: 'FailAfterAll',
      onAssetOverwritten: 'RemoveLinkedResource',
    });
    for (const [index, target] of (session.status.assets ?? []).entries()) {
      targets.push({ file: batch[index] ?? '', contents: target.upload });
    }
  }
  return targets;
}

async function bareUpload(bench: Bench, datasetId: string, files: readonly string[]): Promise<number> {
  const targets = await announce(bench, datasetId, files);
  const agent = bareAgent();
  const begin = performance.now();
  await inLanes(targets.length, async (index) => {
    const target = targets[index];
    if (target === undefined) throw new Error('There is a URL missing.');
    const bytes = await fs.readFile(target.file);
    const headers = { ...target.contents.headers, 'content-length': bytes.length };
    const request = http.request(target.contents.url, { method: 'PUT', agent, headers });
    request.end(bytes);
    await drain(await answer(request));
  });
  const time = performance.now() - begin;
  agent.destroy();
  await untilCounted(bench, datasetId, files.length);
  return time;
}

async function curlUpload(bench: Bench, datasetId: string, files: readonly string[]): Promise<number> {
  const targets = await announce(bench, datasetId, files);
  const config = targets.map(({ file, contents }) => {
    const headers = Object.entries(contents.headers ?? {}).map(
      ([name, value]) => `header = "${name}: ${value}"`,
    );
    return [`url = "${contents.url}"`, `upload-file = "${file}"`, 'output = "/dev/null"', ...headers].join(
      '\n',
    );
  });
  const time = await curl(config);
  await untilCounted(bench, datasetId, files.length);
  return time;
}

async function curlDownload(bench: Bench, datasetId: string, folder: string): Promise<number> {
  const config: string[] = [];
  const list = bench.client.assets.list({ datasetId, contents: true, pagination: { pageSize: 1000 } });
  for await (const asset of list.allItems()) {
    config.push(
      `url = "${asset.contents?.asset?.url ?? ''}"\noutput = "${path.join(folder, asset.filename)}"`,
    );
  }
  await fs.mkdir(folder);
  return (await curl(config)) + (await timeCommand(`sync -f '${folder}'`));
}

async function curl(config: readonly string[]): Promise<number> {
  if (!hasCommand('curl')) throw new Error('This bench needs curl.');
  const file = path.join(os.tmpdir(), `vi-sync-curl-${process.pid}`);
  await fs.writeFile(file, config.join('\nnext\n'));
  const time = await timeCommand(
    `curl --silent --show-error --fail --parallel --parallel-max ${concurrency} --config '${file}'`,
  );
  await fs.rm(file);
  return time;
}

async function untilCounted({ client }: Bench, datasetId: string, count: number): Promise<void> {
  while (((await client.datasets.get({ datasetId })).statistic.assetTotal ?? 0) < count) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A BMP of 512 MiB of pixels. */
async function writeLarge(file: string, seed: number): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(bmpHeader(8192, largeBytes / 4 / 8192));
  const block = Buffer.alloc(1024 * 1024, `pixels of ${seed} `);
  for (let written = 0; written < largeBytes; written += block.length) {
    if (!stream.write(block)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

function atLeast(
  work: string,
  ours: number,
  name: string,
  yardstick: number,
  ratio: number,
  target: number,
): BenchResult {
  return {
    work: `engine: ${work}`,
    ours: seconds(ours),
    yardstick: `${name}: ${seconds(yardstick)}`,
    ratio,
    target: `≥ ${target} × its rate`,
    met: ratio >= target,
  };
}
