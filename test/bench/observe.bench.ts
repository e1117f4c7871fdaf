import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { realClock } from '../../app/engine/real-clock.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { HashPool } from '../../app/observe/hash-pool.ts';
import { scanAll } from '../../app/observe/local-scan.ts';
import { unpackReading } from '../../app/observe/packed-listing.ts';
import { Unobserved } from '../../app/observe/unobserved.ts';
import { hashFile } from '../../app/vi/index.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { hasCommand, seconds, takeTurns, timeCommand } from './command.ts';
import type { BenchParts, BenchResult } from './result.ts';

const large = 1024 ** 3;
const hashed = 20_000;
const scanned = 100_000;
const folders = 1000;
const bytesEach = 50 * 1024;

/** What reading the disk costs: hashing, a first scan, and a scan that finds nothing. */
export const observeBench: BenchParts = new Map([
  ['large', () => inFolder(hashLarge)],
  ['many', () => inFolder(hashMany)],
  ['scan', () => inFolder(scan)],
]);

async function* inFolder(work: (folder: string) => AsyncIterable<BenchResult>): AsyncGenerator<BenchResult> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  try {
    yield* work(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function* hashLarge(folder: string): AsyncGenerator<BenchResult> {
  const file = path.join(folder, 'large.bin');
  const stream = createWriteStream(file);
  const block = Buffer.alloc(1024 * 1024, 'not all of one byte ');
  for (let written = 0; written < large; written += block.length) {
    if (!stream.write(block)) await new Promise<void>((resolve) => stream.once('drain', resolve));
  }
  await new Promise<void>((resolve) => stream.end(resolve));
  const { ours, yardstick, ratio } = await takeTurns(
    3,
    () => timed(() => hashFile(file)),
    () => timeCommand(`openssl dgst -sha256 '${file}'`),
  );
  await fs.rm(file);
  yield {
    work: 'observe: hash 1 GiB, SHA-256 and CRC-32C in one read',
    ours: seconds(ours),
    yardstick: `openssl dgst -sha256: ${seconds(yardstick)}`,
    ratio: 1 / ratio,
    target: '≥ 0.8 × its rate',
    met: 1 / ratio >= 0.8,
  };
}

async function* hashMany(folder: string): AsyncGenerator<BenchResult> {
  const root = path.join(folder, 'many');
  await makeManyImages(root, { count: hashed, bytesEach });
  const pool = new HashPool({ threads: 2 });
  const { ours, yardstick, ratio } = await takeTurns(
    3,
    () => timed(() => readAll(pool, root, hashed)),
    () => timeCommand(`find '${root}' -type f -print0 | xargs -0 -P2 -n 500 sha256sum`),
  );
  await pool.close();
  await fs.rm(root, { recursive: true });
  yield {
    work: `observe: read ${hashed.toLocaleString('en')} files of 50 KiB, two workers: both hashes, and whether the image is whole`,
    ours: seconds(ours),
    yardstick: `xargs -P2 sha256sum: ${seconds(yardstick)}`,
    ratio: 1 / ratio,
    target: '≥ 1.0 × its rate',
    met: 1 / ratio >= 1,
  };
}

/** Lists a folder and reads each file in it, as a scan does. */
async function readAll(pool: HashPool, root: string, count: number): Promise<void> {
  const reading = unpackReading(await pool.run('list', { path: root }));
  if (reading.kind !== 'listed' || reading.listing.files.length !== count)
    throw new Error('Files are missing.');
  const { files } = reading.listing;
  const outcomes = await Promise.all(
    files.map(({ name, stamp }) => pool.run('read', { path: path.join(root, name), size: stamp.size })),
  );
  if (outcomes.some(({ kind }) => kind !== 'read')) throw new Error('A file could not be read.');
}

async function* scan(folder: string): AsyncGenerator<BenchResult> {
  const root = path.join(folder, 'scanned');
  for (let index = 0; index < folders; index++) {
    const each = scanned / folders;
    await makeManyImages(path.join(root, `f${index}`), { count: each, bytesEach, prefix: `p${index}` });
  }
  const disk = realDisk();
  let number = 0;
  /** A scan by a manifest that knows nothing yet, which stays open for more. */
  const begin = async () => {
    number += 1;
    const manifest = openManifest(path.join(folder, `manifest-${number}`));
    const mirror = manifest.mirrors.insert({
      mirrorId: `bench-${number}`,
      folder: root,
      endpoint: '',
      organizationId: '',
      datasetId: '',
      sandbox: true,
      foldsCase: false,
      createdAt: 0,
      approvedAt: 0,
    });
    const unobserved = new Unobserved(false);
    const again = async () => {
      const signal = new AbortController().signal;
      return scanAll({ disk, clock: realClock, manifest, mirror, unobserved, quietMs: 0, signal });
    };
    return { manifest, again };
  };
  const first = await takeTurns(
    1,
    async () => {
      const { manifest, again } = await begin();
      const time = await timed(again);
      manifest.close();
      return time;
    },
    () => timeCommand(`find '${root}' -type f -print0 | xargs -0 -P2 -n 500 sha256sum`),
  );
  const count = scanned.toLocaleString('en');
  yield {
    work: `observe: scan ${count} files of 50 KiB in ${folders.toLocaleString('en')} folders for the first time`,
    ours: seconds(first.ours),
    yardstick: `find, xargs -P2 sha256sum: ${seconds(first.yardstick)}`,
    ratio: first.ratio,
    target: '≤ 1.5 × its time',
    met: first.ratio <= 1.5,
  };
  const { manifest, again } = await begin();
  await again();
  const unchanged = await takeTurns(
    3,
    () => timed(again),
    () => timeCommand(`find '${root}' -type f -printf '%p %s %T@ %i\\n'`),
  );
  yield {
    work: 'observe: scan them again, nothing changed',
    ours: seconds(unchanged.ours),
    yardstick: `find -printf: ${seconds(unchanged.yardstick)}`,
    ratio: unchanged.ratio,
    target: '≤ 4 × its time',
    met: unchanged.ratio <= 4,
  };
  yield await besideRclone(folder, root, again);
  manifest.close();
  await disk.close();
}

/** The scan that finds nothing beside an rclone that finds a copy of the folder to be the same. */
async function besideRclone(
  folder: string,
  root: string,
  again: () => Promise<unknown>,
): Promise<BenchResult> {
  const work = 'observe: scan them again, nothing changed, beside rclone';
  const target = '< 1 × its time';
  if (!hasCommand('rclone')) {
    const yardstick = 'NOT MEASURED: rclone is not installed (Debian: apt-get install rclone)';
    return { work, ours: '–', yardstick, ratio: Number.NaN, target, met: false };
  }
  const copy = path.join(folder, 'copy');
  const sync = `rclone sync --config /dev/null '${root}' '${copy}'`;
  await timeCommand(`cp -al '${root}' '${copy}'`);
  const { ours, yardstick, ratio } = await takeTurns(
    3,
    () => timed(again),
    () => timeCommand(sync),
  );
  return {
    work,
    ours: seconds(ours),
    yardstick: `rclone sync with nothing to do: ${seconds(yardstick)}`,
    ratio,
    target,
    met: ratio < 1,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
