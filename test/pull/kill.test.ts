import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cleanEnvironment } from '../cli/run-cli.ts';
import { picture } from '../engine/pictures.ts';
import { PullWorld } from './pull-world.ts';

const script = fileURLToPath(new URL('./pull-process.ts', import.meta.url));

interface Work {
  readonly overwrite?: boolean;
  readonly frozen?: boolean;
}

function start(world: PullWorld, { overwrite = false, frozen = false }: Work): ChildProcess {
  const { endpoint, organizationId, secretKey } = world.sandbox;
  const { datasetId } = world.world;
  const given = {
    folder: world.folder.root,
    datasetId,
    endpoint,
    organizationId,
    secretKey,
    overwrite,
    frozen,
    concurrency: 4,
  };
  const child = spawn(process.execPath, [script], {
    env: cleanEnvironment({ VI_SYNC_TEST: JSON.stringify(given) }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Kills a pull once the service has had so many more requests for files, and so many milliseconds later. False: it had ended by then. */
async function killAfter(world: PullWorld, work: Work, requests: number, ms: number): Promise<boolean> {
  const { requests: counts } = world.sandbox;
  const before = counts.download;
  const child = start(world, work);
  const ended = new Promise<boolean>((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal === 'SIGKILL'));
  });
  while (child.exitCode === null && counts.download < before + requests) await sleep(1);
  await sleep(ms);
  child.kill('SIGKILL');
  return ended;
}

/** After which request, and how many milliseconds later: before, within and after the writing of a file. */
const moments = [
  [0, 350],
  [1, 0],
  [3, 2],
  [2, 5],
  [5, 0],
  [4, 9],
  [6, 1],
  [5, 14],
] as const;

function dataset(count: number, seed: number): Record<string, Buffer> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${['', 'train/', 'train/night/'][index % 3]}${index + 100}.png`,
      // Some are large enough to be cut in their middle.
      picture(seed + index, index % 4 === 0 ? 300_000 : 2000 + index),
    ]),
  );
}

/** Every file that has its name is whole. */
async function expectWhole(world: PullWorld, files: Record<string, Buffer>): Promise<number> {
  const contents = await world.contents();
  for (const [place, content] of Object.entries(contents)) {
    expect(files[place]?.equals(content), `${place} is whole`).toBe(true);
  }
  return Object.keys(contents).length;
}

describe('a pull that is killed at any moment', () => {
  test.each(['sha256', 'none'] as const)(
    'goes on with the next one, and fetches nothing that is there (hash: %s)',
    async (hashAlgorithm) => {
      const world = await PullWorld.make({ switches: { hashAlgorithm } });
      const files = dataset(60, 1);
      await world.putAll(files);
      world.sandbox.faults = [{ kind: 'slow', route: 'download', bytesPerSecond: 3_000_000 }];
      let kills = 0;
      let there = 0;
      for (const [requests, ms] of moments) {
        if (await killAfter(world, {}, requests, ms)) kills++;
        const now = await expectWhole(world, files);
        expect(now).toBeGreaterThanOrEqual(there);
        there = now;
      }
      expect(kills).toBeGreaterThanOrEqual(6);
      world.sandbox.faults = [];
      const { count, result } = await world.requests('download', () => world.pull());
      expect(result).toMatchObject({ complete: true, totalSame: there, totalPulled: 60 - there });
      expect(count).toBeLessThanOrEqual(60 - there);
      expect(await world.contents()).toEqual(files);
      expect(await fs.readdir(path.join(world.folder.root, '.vi-sync/pull'))).toEqual(['in-use']);
      expect((await world.lock()).files).toHaveLength(60);
    },
    60_000,
  );

  test('while it replaces files: each version is in its place or in the trash, and none is lost', async () => {
    const world = await PullWorld.make();
    const old = dataset(40, 1000);
    const files = dataset(40, 5000);
    await world.putAll(files);
    for (const [place, content] of Object.entries(old)) await world.folder.write(place, content);
    world.sandbox.faults = [{ kind: 'slow', route: 'download', bytesPerSecond: 6_000_000 }];
    for (const [requests, ms] of moments) {
      await killAfter(world, { overwrite: true }, requests, ms);
      const kept = [...Object.values(await world.contents()), ...(await world.trash())];
      for (const [place, content] of Object.entries(old)) {
        expect(
          kept.some((each) => each.equals(content)),
          `the old ${place}`,
        ).toBe(true);
      }
    }
    world.sandbox.faults = [];
    expect(await world.pull({ overwrite: true })).toMatchObject({ complete: true, conflicts: [] });
    expect(await world.contents()).toEqual(files);
    // Each old version once: a replacement that was cut short is put back, and done again.
    const trash = await world.trash();
    expect(trash).toHaveLength(40);
    for (const content of Object.values(old)) {
      expect(trash.filter((each) => each.equals(content))).toHaveLength(1);
    }
  }, 60_000);

  test('while it reproduces a lock file: the lock file stays as it is', async () => {
    const world = await PullWorld.make();
    const files = dataset(40, 1);
    await world.putAll(files);
    await world.pull();
    const lock = await fs.readFile(world.lockFile);
    for (const place of Object.keys(files)) await fs.rm(path.join(world.folder.root, place));
    world.sandbox.faults = [{ kind: 'slow', route: 'download', bytesPerSecond: 6_000_000 }];
    for (const [requests, ms] of moments.slice(2, 6)) {
      await killAfter(world, { frozen: true }, requests, ms);
      await expectWhole(world, files);
    }
    world.sandbox.faults = [];
    expect(await world.pull({ frozen: true })).toMatchObject({ complete: true, totalFiles: 40 });
    expect(await world.contents()).toEqual(files);
    expect(await fs.readFile(world.lockFile)).toEqual(lock);
  }, 60_000);
});

test('a replacement that a kill has cut short is put back by the next pull, also one that may replace nothing', async () => {
  const world = await PullWorld.make();
  await world.put('a.png', picture(1, 900), 'train/a.png');
  // As a kill leaves it between the move to the trash and the coming of the new version.
  await fs.mkdir(path.join(world.folder.root, 'train'));
  await world.folder.write('.vi-sync/trash/one/a.png', Buffer.from('the old one'));
  const record = (id: number, place: string, trashPath: string) =>
    JSON.stringify({
      id,
      step: 'moving',
      path: place,
      trashPath,
      size: 11,
      sha256: null,
      reason: 'replaced-by-download',
      at: 1_700_000_000_000,
    });
  await world.folder.write(
    '.vi-sync/trash/pulled.jsonl',
    Buffer.from(
      [
        record(1, 'train/a.png', '.vi-sync/trash/one/a.png'),
        record(2, 'gone/b.png', '.vi-sync/trash/two/b.png'),
        record(3, '../../stolen.png', '.vi-sync/trash/one/a.png'),
        record(4, 'stolen.png', '../outside/secret'),
        '{"id": 5, "step": "mov',
      ].join('\n'),
    ),
  );
  expect(await world.pull()).toMatchObject({ conflicts: [{ kind: 'other-file', path: 'train/a.png' }] });
  expect(await world.contents()).toEqual({ 'train/a.png': Buffer.from('the old one') });
  expect(await fs.readdir(world.world.dir)).not.toContain('stolen.png');
  expect(await world.pull({ overwrite: true })).toMatchObject({ complete: true });
  expect(await world.trash()).toEqual([Buffer.from('the old one')]);
});
