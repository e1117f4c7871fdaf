import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { realClock } from '../../app/engine/real-clock.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { HashPool } from '../../app/observe/hash-pool.ts';
import { scanAll } from '../../app/observe/local-scan.ts';
import { Unobserved } from '../../app/observe/unobserved.ts';
import { hashFile } from '../../app/vi/index.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { hasCommand, seconds, takeTurns, timeCommand } from './command.ts';
import type { BenchResult } from './result.ts';

const large = 1024 ** 3;
const hashed = 20_000;
const scanned = 100_000;
const folders = 1000;
const bytesEach = 50 * 1024;

/** What reading the disk costs: hashing, a first scan, and a scan that finds nothing. */
export async function benchObserve(): Promise<BenchResult[]> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  try {
    return [await hashLarge(folder), await hashMany(folder), ...(await scan(folder))];
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function hashLarge(folder: string): Promise<BenchResult> {
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
  return {
    work: 'engine: hash 1 GiB, SHA-256 and CRC-32C in one read',
    ours: seconds(ours),
    yardstick: `openssl dgst -sha256: ${seconds(yardstick)}`,
    ratio: 1 / ratio,
    target: '≥ 0.8 × its rate',
    met: 1 / ratio >= 0.8,
  };
}

async function hashMany(folder: string): Promise<BenchResult> {
  const root = path.join(folder, 'many');
  const names = await makeManyImages(root, { count: hashed, bytesEach });
  const pool = new HashPool({ threads: 2 });
  const { ours, yardstick, ratio } = await takeTurns(
    3,
    () => timed(() => Promise.all(names.map((name) => pool.run('read', { path: path.join(root, name) })))),
    () => timeCommand(`find '${root}' -type f -print0 | xargs -0 -P2 -n 500 sha256sum`),
  );
  await pool.close();
  await fs.rm(root, { recursive: true });
  return {
    work: `engine: read ${hashed.toLocaleString('en')} files of 50 KiB, two workers: both hashes, and whether the image is whole`,
    ours: seconds(ours),
    yardstick: `xargs -P2 sha256sum: ${seconds(yardstick)}`,
    ratio: 1 / ratio,
    target: '≥ 1.0 × its rate',
    met: 1 / ratio >= 1,
  };
}

async function scan(folder: string): Promise<BenchResult[]> {
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
  const { manifest, again } = await begin();
  await again();
  const unchanged = await takeTurns(
    3,
    () => timed(again),
    () => timeCommand(`find '${root}' -type f -printf '%p %s %T@ %i\\n'`),
  );
  manifest.close();
  const rclone = await timeRclone(folder, root);
  await disk.close();
  const count = scanned.toLocaleString('en');
  return [
    {
      work: `engine: scan ${count} files of 50 KiB in ${folders.toLocaleString('en')} folders for the first time`,
      ours: seconds(first.ours),
      yardstick: `find, xargs -P2 sha256sum: ${seconds(first.yardstick)}`,
      ratio: first.ratio,
      target: '≤ 1.5 × its time',
      met: first.ratio <= 1.5,
    },
    {
      work: `engine: scan them again, nothing changed`,
      ours: seconds(unchanged.ours),
      yardstick: `find -printf: ${seconds(unchanged.yardstick)}`,
      ratio: unchanged.ratio,
      target: '≤ 4 × its time',
      met: unchanged.ratio <= 4,
    },
    ...(rclone === null
      ? []
      : [
          {
            work: 'engine: the same',
            ours: seconds(unchanged.ours),
            yardstick: `rclone sync to a copy of it: ${seconds(rclone)}`,
            ratio: unchanged.ours / rclone,
            target: '≤ 1 × its time',
            met: unchanged.ours <= rclone,
          },
        ]),
  ];
}

/** How long rclone takes to find that a copy of the folder is the same; null where there is no rclone. */
async function timeRclone(folder: string, root: string): Promise<number | null> {
  if (!hasCommand('rclone')) return null;
  const copy = path.join(folder, 'copy');
  await timeCommand(`cp -al '${root}' '${copy}'`);
  await timeCommand(`rclone sync --config /dev/null '${root}' '${copy}'`);
  return timeCommand(`rclone sync --config /dev/null '${root}' '${copy}'`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
