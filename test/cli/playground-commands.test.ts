import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Hold, MirrorStatus } from '../../app/contract.ts';
import { type Playground, startPlayground } from '../../app/host/playground.ts';
import { picture } from '../engine/pictures.ts';
import { runCli } from './run-cli.ts';

// What `npm start` runs, and commands in other processes that know nothing but its folder.

let dir: string;
let playground: Playground;
beforeAll(async () => {
  dir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const folder = path.join(dir, 'my images');
  await fs.mkdir(folder);
  await fs.writeFile(path.join(folder, 'a.png'), picture(800, 600));
  playground = await startPlayground({ playgroundDir: dir, folder });
  await playground.engine.settled(playground.mirrorId);
});
afterAll(async () => {
  await playground.close();
  await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 });
});

async function json<T>(...args: string[]): Promise<{ exitCode: number | null; document: T }> {
  const { exitCode, stdout } = await runCli([...args, '--data', 'engine', '--json'], {
    cwd: dir,
    env: { VI_SYNC_DATA: path.join(dir, 'elsewhere') },
    secrets: [playground.secretKey],
  });
  return { exitCode, document: JSON.parse(stdout) };
}

// Processes that start one after the other: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

test('the playground’s mirror is shown in sync, as a sandbox', async () => {
  const { document } = await json<{ mirrors: MirrorStatus[] }>('status');
  expect(document.mirrors).toMatchObject([
    { phase: 'in-sync', sandbox: true, datasetName: 'Sample images', fileTotal: 1 },
  ]);
});

test('a conflict that is made in it is listed and resolved', async () => {
  const { client, datasetId, folder } = playground;
  await json('mirror', 'pause');
  await fs.writeFile(path.join(folder, 'a.png'), picture(801, 700));
  const other = path.join(dir, 'a.png');
  await fs.writeFile(other, picture(802, 800));
  await client.assets.upload({ datasetId, paths: [other] });
  await json('mirror', 'resume');
  expect((await json('sync')).exitCode).toBe(3);
  const { document } = await json<{ items: Hold[] }>('conflicts', 'list');
  expect(document.items).toMatchObject([{ path: 'a.png', reason: 'both-changed' }]);
  const resolved = await json('conflicts', 'resolve', 'my images', 'a.png', '--keep', 'both');
  expect(resolved).toMatchObject({ exitCode: 0, document: { answered: 1 } });
  expect((await json('sync')).exitCode).toBe(0);
  expect(await fs.readFile(path.join(folder, 'a.png'))).toEqual(picture(802, 800));
  expect(await fs.readFile(path.join(folder, 'a-mine.png'))).toEqual(picture(801, 700));
});

test('a mistyped folder of data is told, and not made', async () => {
  const run = await runCli(['conflicts', 'list', '--data', 'engin', '--json'], { cwd: dir });
  expect(run.exitCode).toBe(1);
  expect(JSON.parse(run.stdout).error.code).toBe('no-manifest');
  expect(await fs.readdir(dir)).not.toContain('engin');
});

test('after its end the same commands look into its manifest, and say that nothing runs', async () => {
  await playground.close();
  const { document } = await json<{ mirrors: MirrorStatus[] }>('status');
  expect(document.mirrors).toMatchObject([{ phase: 'stopped', fileTotal: 2 }]);
  const synced = await json<{ mirrors: MirrorStatus[] }>('sync');
  expect(synced.exitCode).toBe(1);
  expect(synced.document.mirrors[0]?.problem?.suggestion).toMatch(/sandbox|keychain/u);
});
