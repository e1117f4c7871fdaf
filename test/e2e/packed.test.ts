import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budget, faultsOf, listing, sizeOf } from '../../build/check-package.ts';
import { PackedApp } from '../../build/packed-app.ts';
import { makeStubDistribution } from './stub-distribution.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cpu = process.arch === 'arm64' ? 'arm64' : 'x64';

/** Runs a program to its end. */
async function run(
  args: readonly string[],
  { cwd = root, env = process.env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number | null; stdout: string; all: string }> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    all += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, all };
}

// The stub is one of Linux. On macOS and Windows the workflow packages with the true Electron, and checks that by the same rules.
describe.runIf(process.platform === 'linux')('the packaged app', () => {
  let folder: string;
  let app: PackedApp;
  let extracted: string;

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-packed-'));
    const distribution = path.join(folder, 'electron');
    await makeStubDistribution(distribution);
    const { code, all } = await run([
      path.join(root, 'build', 'package.mjs'),
      '--dir',
      `-c.electronDist=${distribution}`,
      `-c.directories.output=${path.join(folder, 'dist')}`,
    ]);
    expect(code, all).toBe(0);
    const [unpacked = ''] = (await fs.readdir(path.join(folder, 'dist'))).filter((name) =>
      name.endsWith('unpacked'),
    );
    app = new PackedApp(path.join(folder, 'dist', unpacked));
    // Far from every node_modules: whatever it loads is its own.
    extracted = path.join(folder, 'extracted');
    app.extractTo(extracted);
  });

  afterAll(() => fs.rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  test('has what it needs, nothing else, native parts beside the archive, all within its size and with its fuses set', async () => {
    expect(await faultsOf(app, cpu), listing(app)).toEqual([]);
    // A budget that nobody comes near to watches nothing.
    expect(sizeOf(app).archive).toBeGreaterThan(budget.archive / 2);
    expect(sizeOf(app).unpacked).toBeGreaterThan(budget.unpacked / 2);
  });

  test('is found wanting where it is for another processor', async () => {
    const faults = await faultsOf(app, cpu === 'x64' ? 'arm64' : 'x64');
    expect(faults).toHaveLength(5);
    expect(faults.every((fault) => / is for linux on (x64|arm64)$/.test(fault))).toBe(true);
  });

  test('keeps the words of its own languages alone, and the licences', async () => {
    const beside = await fs.readdir(path.dirname(app.program));
    expect(await fs.readdir(path.join(path.dirname(app.program), 'locales'))).toEqual([
      'de.pak',
      'en-US.pak',
    ]);
    expect(beside).toEqual(
      expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html', 'vi-sync']),
    );
    expect(app.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node_modules/better-sqlite3/LICENSE', 'node_modules/keytar/LICENSE.md']),
    );
    const { main, scripts, devDependencies, desktopName } = JSON.parse(app.read('package.json').toString());
    expect({ main, scripts, devDependencies, desktopName }).toEqual({
      main: './out/main/main.js',
      scripts: undefined,
      devDependencies: undefined,
      desktopName: 'vi-sync.desktop',
    });
  });

  test('tells its version, and mirrors a folder to the sandbox, by Node from the extracted archive', async () => {
    const { NODE_PATH: _path, NODE_OPTIONS: _options, ...own } = process.env;
    const env = { ...own, HOME: folder, VI_SYNC_DATA: path.join(folder, 'data') };
    const program = path.join(extracted, 'out', 'app', 'cli', 'vi-sync.js');
    const { version } = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'));
    const told = await run([program, '--version'], { cwd: folder, env });
    expect(told).toMatchObject({ code: 0, stdout: `${version}\n` });

    const demo = await run([program, 'demo', '--json'], { cwd: folder, env });
    expect(demo.code, demo.all).toBe(0);
    const proof = JSON.parse(demo.stdout);
    expect(proof.assets).toBeGreaterThan(0);
    expect(proof).toMatchObject({ equal: proof.assets, open: 0 });
  });
});
