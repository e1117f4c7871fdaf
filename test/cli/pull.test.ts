import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDataset, startWorld, type World } from './world.ts';

interface PullDocument {
  readonly totalFiles: number;
  readonly totalPulled: number;
  readonly totalSame: number;
  readonly conflicts: readonly { kind: string; path: string }[];
  readonly filesDone: number;
  readonly error: { code: string };
}

let world: World;
beforeAll(async () => {
  world = await startWorld({ switches: { sessionBudget: null } });
});
afterAll(async () => {
  world.sandbox.faults = [];
  await world.end();
});

const inFolder = (...parts: string[]) => path.join(world.folder, ...parts);

async function deleteAsset(datasetId: string, filename: string): Promise<void> {
  const { items } = await world.client.assets.list({ datasetId, pagination: { pageSize: 1000 } });
  const assetId = items.find((asset) => asset.filename === filename)?.assetId ?? '';
  await world.client.assets.delete({ datasetId, assetId });
}

describe('pull, verify and diff', () => {
  test('a dataset comes, is what it was, and is told from what it becomes', async () => {
    await makeDataset(world, 'life', 12);
    const pull = await world.cli(['pull', 'life', 'life-pulled']);
    expect(pull.exitCode).toBe(0);
    expect(pull.stdout).toContain(`Pulled 12 of 12 assets`);
    expect(pull.stderr).toContain('12 of 12 files');

    // It needs no key, since it asks nobody.
    const none = {
      DATATURE_VI_SECRET_KEY: '',
      DATATURE_VI_ORGANIZATION_ID: '',
      DATATURE_VI_API_ENDPOINT: '',
    };
    const verify = await world.cli(['pull', 'verify', 'life-pulled'], { env: none });
    expect(verify).toMatchObject({ exitCode: 0, stdout: '12 of 12 files as they were pulled.\n' });
    const diff = await world.cli(['pull', 'diff', 'life-pulled']);
    expect(diff).toMatchObject({ exitCode: 0, stdout: 'Nothing differs: 12 the same.\n' });

    await cp(inFolder('life-pulled', 'vi-sync.lock.json'), inFolder('before.json'));
    await writeFile(inFolder('life-pulled', 'picture001.png'), 'mine');
    await rm(inFolder('life-pulled', 'picture002.png'));
    const changed = await world.json(['pull', 'verify', 'life-pulled']);
    expect(changed).toMatchObject({
      exitCode: 3,
      document: { totalSame: 10, changed: ['picture001.png'], missing: ['picture002.png'], extra: [] },
    });

    await deleteAsset('life', 'picture003.png');
    await world.sandbox.addAsset('life', {
      filename: 'new.png',
      content: { path: inFolder('life', 'picture000.png') },
    });
    const differs = await world.cli(['pull', 'diff', 'life-pulled', '--endpoint', world.sandbox.endpoint]);
    expect(differs.exitCode).toBe(3);
    expect(differs.stdout).toBe('+ new.png\n- picture003.png\n1 added, 1 removed; 11 the same.\n');

    const kept = await world.cli(['pull', 'life', 'life-pulled']);
    expect(kept.exitCode).toBe(3);
    expect(kept.stdout).toContain('picture001.png: changed here since it was pulled');
    expect(kept.stdout).toContain('picture003.png');
    expect(kept.stderr).toContain('--overwrite');
    expect(await readFile(inFolder('life-pulled', 'picture001.png'), 'utf8')).toBe('mine');

    const replaced = await world.json<{ replaced: { trashPath: string }[] }>([
      'pull',
      'life',
      'life-pulled',
      '--overwrite',
    ]);
    expect(replaced.exitCode).toBe(0);
    const [{ trashPath } = { trashPath: '' }] = replaced.document.replaced;
    expect(await readFile(inFolder('life-pulled', trashPath), 'utf8')).toBe('mine');
    expect((await world.cli(['pull', 'diff', 'before.json', 'life-pulled'])).stdout).toContain(
      '1 added, 1 removed; 11 the same.',
    );
  }, 60_000);

  test('--frozen brings the same again, or says what differs', async () => {
    await makeDataset(world, 'still', 4);
    await world.cli(['pull', 'still', 'still-pulled']);
    await mkdir(inFolder('copy'));
    await cp(inFolder('still-pulled', 'vi-sync.lock.json'), inFolder('copy', 'vi-sync.lock.json'));
    const same = await world.json(['pull', 'still', 'copy', '--frozen']);
    expect(same).toMatchObject({ exitCode: 0, document: { complete: true, totalPulled: 4 } });
    expect((await world.cli(['pull', 'verify', 'copy'])).exitCode).toBe(0);

    await rm(inFolder('copy', 'picture000.png'));
    await deleteAsset('still', 'picture000.png');
    const differs = await world.cli(['pull', 'still', 'copy', '--frozen']);
    expect(differs.exitCode).toBe(3);
    expect(differs.stdout).toContain('picture000.png: its asset is not in the dataset any more');
    for (const name of ['picture001.png', 'picture002.png', 'picture003.png']) {
      await deleteAsset('still', name);
    }
    expect((await world.json(['pull', 'still', 'copy', '--frozen'])).exitCode).toBe(1);
  });

  test('a query brings some of it', async () => {
    await makeDataset(world, 'some', 4);
    const { exitCode, document } = await world.json<PullDocument>([
      'pull',
      'some',
      'some-pulled',
      '--filter',
      '{"filename": ["picture001.png", "picture003.png"]}',
      '--rule-query',
      'filename: 3',
    ]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ totalFiles: 1, totalPulled: 1 });
    expect(await readdir(inFolder('some-pulled'))).toContain('picture003.png');
    expect((await world.cli(['pull', 'diff', 'some-pulled'])).exitCode).toBe(0);
  });
});

describe('what can’t be done is said in words', () => {
  test.each([
    [['pull'], 2, 'usage'],
    [['pull', 'abc123'], 2, 'usage'],
    [['pull', 'verify'], 2, 'usage'],
    [['pull', 'diff', 'a', 'b', 'c'], 2, 'usage'],
    [['pull', 'abc123', 'somewhere', '--frozen', '--query', 'a == 1'], 2, 'usage'],
    [['pull', 'abc123', 'somewhere', '--frozen'], 1, 'lock-missing'],
    [['pull', 'no-such-dataset', 'somewhere'], 1, 'ResourceNotFound'],
    [['pull', 'verify', 'nowhere'], 1, 'lock-missing'],
    [['pull', 'diff', 'nowhere'], 1, 'lock-missing'],
  ] as const)('%j', async (args, exitCode, code) => {
    expect(await world.json([...args])).toMatchObject({ exitCode, document: { error: { code } } });
    expect(await readdir(world.folder)).not.toContain('somewhere');
  });

  test('a folder of another dataset', async () => {
    await makeDataset(world, 'one', 1);
    await makeDataset(world, 'two', 1);
    await world.cli(['pull', 'one', 'one-pulled']);
    const { exitCode, stderr } = await world.cli(['pull', 'two', 'one-pulled']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('of dataset one, not of two');
    expect(stderr).toContain('What to do: Pull into another folder.');
  });

  test('a service that breaks down in the middle: what is done stays done', async () => {
    await makeDataset(world, 'breaks', 30);
    world.sandbox.faults = [
      { kind: 'expired-url', route: 'download', skip: 10 },
      { kind: 'status', status: 401, route: 'assets.get' },
    ];
    const stopped = await world.cli(['pull', 'breaks', 'breaks-pulled']);
    expect(stopped.exitCode).toBe(3);
    expect(stopped.stdout).toMatch(/Stopped with \d+ files not tried/);
    expect(stopped.stdout).toContain('What to do:');
    const document = await world.json(['pull', 'breaks', 'breaks-pulled']);
    expect(document).toMatchObject({
      exitCode: 3,
      document: { complete: false, stopped: { code: 'AuthenticationFailed' } },
    });
    world.sandbox.faults = [];
    expect(await world.json(['pull', 'breaks', 'breaks-pulled'])).toMatchObject({
      exitCode: 0,
      document: { complete: true, totalFiles: 30 },
    });
  });
});

// Windows has no signals that one process could send to another; there Ctrl-C only comes from the console itself.
describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  test('in the middle says what is done, and a repetition does the rest', async () => {
    const source = await makeDataset(world, 'cut', 60, { bytes: 20_000 });
    world.sandbox.faults = [{ kind: 'delay', route: 'download', ms: 500 }];
    const before = world.sandbox.requests.download;
    const { exitCode, document } = await world.json<PullDocument>(['pull', 'cut', 'cut-pulled'], {
      onStart: async (child) => {
        while (child.exitCode === null && world.sandbox.requests.download < before + 40) await setTimeout(20);
        child.kill('SIGINT');
      },
    });
    world.sandbox.faults = [];
    expect(exitCode).toBe(130);
    expect(document.error.code).toBe('interrupted');
    expect(document.filesDone).toBeGreaterThan(0);
    expect(document.filesDone).toBeLessThan(60);
    const files = (await readdir(inFolder('cut-pulled'))).filter((name) => name.endsWith('.png'));
    expect(files.length).toBeGreaterThanOrEqual(document.filesDone);
    for (const file of files) {
      expect(await readFile(inFolder('cut-pulled', file))).toEqual(await readFile(path.join(source, file)));
    }
    expect(await world.json(['pull', 'cut', 'cut-pulled'])).toMatchObject({
      exitCode: 0,
      document: { complete: true, totalSame: files.length, totalPulled: 60 - files.length },
    });
    expect((await world.cli(['pull', 'verify', 'cut-pulled'])).exitCode).toBe(0);
  });
});
