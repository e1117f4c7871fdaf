import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { type Contents, hashFile, type UploadedAssetMetadata, type ViClient } from '../../app/vi/index.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { answer, bareAgent, drain, inLanes, makeDataset, median, withSandbox } from './bench-sandbox.ts';
import type { BenchParts, BenchResult } from './result.ts';

const COUNT = 2_000;
const BYTES_EACH = 50 * 1024;
const ROUNDS = 5;
const UPLOAD_TARGET = 0.8;
const DOWNLOAD_TARGET = 0.7;

interface Times {
  readonly bare: number[];
  readonly ours: number[];
}

/**
 * The client beside a bare keep-alive `node:http` client, in turns, on the same sandbox in a process of its own, with as many
 * requests in flight.
 *
 * Upload: ours has all in it, from the path of the folder to the service's word that every file is an asset (finding, reading,
 * hashing, checking, session, sending, processing). The bare client only reads files and sends them to signed URLs that
 * it was given before its time began.
 *
 * Download: ours lists, checks names, fetches, verifies size and hash, flushes every file to the disk and renames it. The bare
 * client gets the signed URLs before its time begins, fetches, and writes the files in place.
 */
async function* benchFiles(): AsyncGenerator<BenchResult> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  try {
    const pictures = path.join(folder, 'pictures');
    const names = await makeManyImages(pictures, { count: COUNT, bytesEach: BYTES_EACH });
    const files = names.map((name) => path.join(pictures, name));
    yield* await withSandbox(path.join(folder, 'sandbox'), async (bench) => {
      const { client } = bench;
      const upload: Times = { bare: [], ours: [] };
      const download: Times = { bare: [], ours: [] };
      // One round more: the first only warms up.
      for (let round = 0; round <= ROUNDS; round++) {
        const datasets = { bare: `bare-${round}`, ours: `ours-${round}` };
        for (const datasetId of Object.values(datasets)) await makeDataset(bench, datasetId);
        const one = { upload: await bareUpload(client, datasets.bare, files), download: 0 };
        const other = { upload: await ourUpload(client, datasets.ours, pictures), download: 0 };
        one.download = await bareDownload(client, datasets.bare, path.join(folder, `bare-${round}`));
        other.download = await ourDownload(client, datasets.ours, path.join(folder, `ours-${round}`));
        await fs.rm(path.join(folder, `bare-${round}`), { recursive: true });
        await fs.rm(path.join(folder, `ours-${round}`), { recursive: true });
        if (round === 0) continue;
        upload.bare.push(one.upload);
        upload.ours.push(other.upload);
        download.bare.push(one.download);
        download.ours.push(other.download);
      }
      return [
        compare(`upload ${COUNT} files of ${BYTES_EACH / 1024} KiB`, upload, UPLOAD_TARGET),
        compare(`verified download of ${COUNT} files of ${BYTES_EACH / 1024} KiB`, download, DOWNLOAD_TARGET),
      ];
    });
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function ourUpload(client: ViClient, datasetId: string, folder: string): Promise<number> {
  const begin = performance.now();
  const result = await client.assets.upload({ datasetId, paths: folder });
  const time = performance.now() - begin;
  if (result.throwIfFailed().totalSucceeded !== COUNT) throw new Error(result.summary());
  return time;
}

async function ourDownload(client: ViClient, datasetId: string, saveDir: string): Promise<number> {
  const begin = performance.now();
  const result = await client.assets.download({ datasetId, saveDir });
  const time = performance.now() - begin;
  if (result.throwIfFailed().totalDownloaded !== COUNT || result.unverified.length > 0)
    throw new Error(result.summary());
  return time;
}

async function bareUpload(client: ViClient, datasetId: string, files: readonly string[]): Promise<number> {
  const assets: UploadedAssetMetadata[] = [];
  for (const file of files) {
    const { size, crc32c } = await hashFile(file);
    const mime = file.endsWith('.png') ? 'image/png' : 'image/jpeg';
    assets.push({ kind: 'Image', filename: path.basename(file), mime, size, crc32c });
  }
  const session = await client.assets.createIngestionSession({
    datasetId,
    assets,
    failureMode: 'FailAfterAll',
    onAssetOverwritten: 'RemoveLinkedResource',
  });
  const targets = session.status.assets ?? [];
  const agent = bareAgent();
  const begin = performance.now();
  await inLanes(files.length, async (index) => {
    const [file, target] = [files[index], targets[index]];
    if (file === undefined || target === undefined) throw new Error('There is a URL missing.');
    const bytes = await fs.readFile(file);
    const headers = { ...target.upload.headers, 'content-length': bytes.length };
    const request = http.request(target.upload.url, { method: 'PUT', agent, headers });
    request.end(bytes);
    await drain(await answer(request));
  });
  const time = performance.now() - begin;
  agent.destroy();
  const { assetIngestionSessionId } = session;
  const done = await client.assets.waitUntilDone({ datasetId, assetIngestionSessionId });
  if (done.status.progressCount.succeeded !== COUNT) throw new Error('The bare upload has failed.');
  return time;
}

async function bareDownload(client: ViClient, datasetId: string, folder: string): Promise<number> {
  const targets: { filename: string; contents: Contents }[] = [];
  const list = client.assets.list({ datasetId, contents: true, pagination: { pageSize: 1000 } });
  for await (const asset of list.allItems()) {
    if (asset.contents?.asset === undefined) throw new Error('There is a URL missing.');
    targets.push({ filename: asset.filename, contents: asset.contents.asset });
  }
  await fs.mkdir(folder);
  const agent = bareAgent();
  const begin = performance.now();
  await inLanes(targets.length, async (index) => {
    const target = targets[index];
    if (target === undefined) throw new Error('There is a URL missing.');
    const { url, headers = {} } = target.contents;
    const request = http.request(url, { agent, headers });
    request.end();
    await fs.writeFile(path.join(folder, target.filename), await drain(await answer(request)));
  });
  const time = performance.now() - begin;
  agent.destroy();
  if ((await fs.readdir(folder)).length !== COUNT) throw new Error('The bare download has failed.');
  return time;
}

function compare(work: string, times: Times, target: number): BenchResult {
  const [bare, ours] = [median(times.bare), median(times.ours)];
  // Round by round: what else the machine does then falls on both.
  const ratio = median(times.bare.map((time, round) => time / (times.ours[round] ?? Number.NaN)));
  return {
    work: `client: ${work}`,
    ours: rate(ours),
    yardstick: `bare node:http client: ${rate(bare)}`,
    ratio,
    target: `≥ ${target} × its rate`,
    met: ratio >= target,
  };
}

function rate(milliseconds: number): string {
  const perSecond = (COUNT * 1000) / milliseconds;
  const megabytes = (perSecond * BYTES_EACH) / 1e6;
  return `${Math.round(perSecond)} files/s (${megabytes.toFixed(0)} MB/s)`;
}

export const clientBench: BenchParts = new Map([['files', benchFiles]]);
