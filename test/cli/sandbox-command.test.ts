import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ViClient } from '../../app/vi/client.ts';
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
      datasetId: null,
    });
    await json.end();
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
