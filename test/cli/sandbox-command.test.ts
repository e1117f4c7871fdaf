import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ViClient } from '../../app/vi/client.ts';
import { canMount, mountDisk, takeAway } from '../crash/volumes.ts';
import { readAll, runCli, startCli } from './run-cli.ts';
import { makePictures } from './world.ts';

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  env = { VI_SYNC_DATA: path.join(folder, 'app') };
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Running {
  readonly stdout: string;
  readonly variables: Readonly<Record<string, string>>;
  end(): Promise<{ exitCode: number | null; stderr: string }>;
}

/** Starts the command and waits until its lines are printed. */
async function startSandboxCommand(args: readonly string[]): Promise<Running> {
  const child = startCli(['sandbox', '--data', path.join(folder, 'data'), ...args], { env, cwd: folder });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.includes('DATATURE_VI_SECRET_KEY') || stdout.trimEnd().endsWith('}')) resolve();
    });
    closed.then((code) => reject(new Error(`The sandbox ended with ${code}: ${stderr}`)));
  });
  const variables = Object.fromEntries(
    [...stdout.matchAll(/^export (\w+)='([^']*)'$/gmu)].map(([, name, value]) => [name, value]),
  );
  return {
    stdout,
    variables,
    end: async () => {
      child.kill('SIGINT');
      return { exitCode: await closed, stderr };
    },
  };
}

function clientOf(variables: Readonly<Record<string, string>>): ViClient {
  return new ViClient({ env: variables });
}

describe('vi-sync sandbox', () => {
  test('prints lines that can be pasted, serves, and ends with 0 on Ctrl-C', async () => {
    await makePictures(path.join(folder, 'My photos', 'inner'), 5);
    await writeFile(path.join(folder, 'My photos', 'broken.png'), 'not a picture');
    const running = await startSandboxCommand(['--seed', 'My photos']);
    expect(running.stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(running.variables.DATATURE_VI_API_ENDPOINT).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);

    const listed = await runCli(['assets', 'list', 'My-photos', '--json'], {
      env: { ...env, ...running.variables },
    });
    expect(listed.exitCode).toBe(0);
    expect(JSON.parse(listed.stdout).items).toHaveLength(5);

    const client = clientOf(running.variables);
    const { items } = await client.assets.list({ datasetId: 'My-photos' });
    await client.assets.delete({ datasetId: 'My-photos', assetId: items[0]?.assetId ?? '' });
    await client.close();
    const { exitCode, stderr } = await running.end();
    expect(exitCode).toBe(process.platform === 'win32' ? null : 0);
    expect(stderr).toContain('Left out:');
    expect(stderr).toContain('broken.png');
    expect(stderr).toContain('Dataset My-photos has 5 images');
    expect(stderr).toContain('keeps its data in');

    // The same data folder: the same key, and what was deleted stays deleted although it is seeded again.
    const again = await startSandboxCommand(['--seed', 'My photos']);
    expect(again.variables.DATATURE_VI_SECRET_KEY).toBe(running.variables.DATATURE_VI_SECRET_KEY);
    const second = clientOf(again.variables);
    expect((await second.assets.list({ datasetId: 'My-photos' })).items).toHaveLength(4);
    await second.close();
    expect((await again.end()).stderr).toContain('is there from before');
  });

  test('--shell and --json print the same for others', async () => {
    const powershell = await startSandboxCommand(['--shell', 'powershell']);
    expect(powershell.stdout).toMatch(/^\$env:DATATURE_VI_SECRET_KEY = 'dtvi_\w{98}'$/mu);
    await powershell.end();
    const json = await startSandboxCommand(['--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      endpoint: expect.stringMatching(/^http:/u),
      organizationId: expect.any(String),
      secretKey: expect.stringMatching(/^dtvi_\w{98}$/u),
      datasetId: 'My-photos',
    });
    await json.end();
  });

  test('without anything to begin with it has a dataset, and says which', async () => {
    const running = await startSandboxCommand(['--data', path.join(folder, 'new')]);
    await makePictures(path.join(folder, 'few'), 2);
    const uploaded = await runCli(['upload', 'images', 'few'], {
      env: { ...env, ...running.variables },
      cwd: folder,
    });
    expect(uploaded).toMatchObject({ exitCode: 0, stdout: 'Uploaded 2 of 2 files.\n' });
    expect((await running.end()).stderr).toContain(
      'Its dataset: images. To fill it: vi-sync upload images <folder>',
    );

    const again = await startSandboxCommand(['--data', path.join(folder, 'new'), '--seed', 'few', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ datasetId: 'few' });
    expect((await again.end()).stderr).toContain('Its datasets: images, few.');
  });

  // Only root mounts disks.
  test('on a full disk it says so once, and whoever uploads is told', async () => {
    if (!(await canMount('a sandbox on a full disk'))) return;
    const disk = path.join(folder, 'small');
    await mountDisk(disk, 'size=4m');
    await makePictures(path.join(folder, 'large'), 30, { bytes: 200_000 });
    const running = await startSandboxCommand(['--data', disk]);
    const began = performance.now();
    const { exitCode, stdout, stderr } = await runCli(['upload', 'images', 'large', '--json'], {
      env: { ...env, ...running.variables },
      cwd: folder,
    });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(exitCode, stderr).toBe(3);
    const { failures, totalFiles, totalSucceeded, totalPending } = JSON.parse(stdout);
    expect(totalSucceeded + totalPending + failures.length).toBe(totalFiles);
    expect(new Set(failures.map(({ code }: { code: string }) => code))).toEqual(
      new Set(['InsufficientStorage']),
    );
    const messages: string[] = failures.map(({ message }: { message: string }) => message);
    expect(messages.some((message) => message.includes('"The sandbox\'s disk is full'))).toBe(true);
    expect(messages.join()).not.toContain('<');
    const ended = await running.end();
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr.match(/is full/gu)).toHaveLength(1);
    const log = await readFile(path.join(folder, 'app', 'logs', 'cli.log'), 'utf8');
    expect(log.split('\n').filter((line) => line.includes('the sandbox failed'))).toHaveLength(1);
    takeAway(disk);
  });

  test('a port or folder that is taken is told in words', async () => {
    const running = await startSandboxCommand([]);
    const port = new URL(running.variables.DATATURE_VI_API_ENDPOINT ?? '').port;
    const taken = await runCli(['sandbox', '--data', path.join(folder, 'other'), '--port', port, '--json'], {
      env,
    });
    expect(taken.exitCode).toBe(1);
    expect(JSON.parse(taken.stdout).error.code).toBe('port-in-use');
    const shared = await runCli(['sandbox', '--data', path.join(folder, 'data'), '--json'], { env });
    expect(shared.exitCode).toBe(1);
    expect(JSON.parse(shared.stdout).error.code).toBe('sandbox-data');
    await running.end();
  });

  test('a folder to seed from that is not there is told in words, and nothing keeps running', async () => {
    const { exitCode, stdout, stderr } = await runCli(
      ['sandbox', '--data', path.join(folder, 'third'), '--seed', 'nope'],
      {
        env,
        cwd: folder,
      },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('nope');
  });

  test('the key is on stdout only, not in the log', async () => {
    await mkdir(path.join(folder, 'app', 'logs'), { recursive: true });
    expect(await readAll(path.join(folder, 'app', 'logs'))).not.toContain('dtvi_');
  });
});
