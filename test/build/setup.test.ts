import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let clone: string;

beforeEach(async () => {
  clone = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  await cp(path.join(root, 'build'), path.join(clone, 'build'), {
    recursive: true,
    filter: (file) => !file.includes('fixtures'),
  });
  await writeFile(path.join(clone, 'package-lock.json'), '{}');
});
afterEach(() => rm(clone, { recursive: true, force: true }));

/** Runs a script of the clone with a program in npm's place: what npm does is not ours to test, what we make of it is. */
async function run(
  script: string,
  npm: string,
): Promise<{ exitCode: number; output: string; calls: string[] }> {
  const npmScript = path.join(clone, 'npm.cjs');
  await writeFile(
    npmScript,
    `require('node:fs').appendFileSync(${JSON.stringify(path.join(clone, 'calls'))}, process.argv.slice(2).join(' ') + '\\n');\n${npm}`,
  );
  const env = { ...process.env, npm_execpath: npmScript, npm_node_execpath: process.execPath };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(clone, 'build', script)],
      { env },
      async (error, stdout, stderr) => {
        const calls = await readFile(path.join(clone, 'calls'), 'utf8').catch(() => '');
        resolve({
          exitCode: error === null ? 0 : Number(error.code),
          output: stdout + stderr,
          calls: calls.split('\n').filter((line) => line !== ''),
        });
      },
    );
  });
}

describe('set-up', () => {
  test('says what failed and what to do when packages can not be installed', async () => {
    const { exitCode, output, calls } = await run('run.mjs', 'process.exit(7);');
    expect(exitCode).toBe(1);
    expect(output).toContain('Installing packages');
    expect(output).toMatch(/✗ `npm ci .*` failed with code 7\./);
    expect(output).toContain('What to do: check the network connection');
    expect(output).not.toContain('    at ');
    expect(calls).toHaveLength(1);
  });

  test('installs without install scripts, then runs the two that are needed, by name', async () => {
    const { calls, output } = await run('run.mjs', '');
    expect(calls[0]).toMatch(/^ci --ignore-scripts /);
    expect(calls[1]).toMatch(/^rebuild node keytar /);
    // This npm installed nothing, and that is noticed.
    expect(output).toContain('Node 24 is not where its package should have put it');
  });
});
