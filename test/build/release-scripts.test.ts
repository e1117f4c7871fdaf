import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const build = path.resolve(import.meta.dirname, '../../build');
let folder: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe('build/rollout.mjs', () => {
  const rollout = (...args: string[]) => run(process.execPath, [path.join(build, 'rollout.mjs'), ...args]);

  test('sets, changes and removes the percentage of a feed, and nothing else', async () => {
    const feed = path.join(folder, 'latest.yml');
    const text = 'version: 1.2.3\nfiles:\n  - url: vi-sync.exe\n    sha512: abc=\nreleaseDate: now\n';
    await fs.writeFile(feed, text);
    await rollout('20', feed);
    expect(await fs.readFile(feed, 'utf8')).toBe(`${text}stagingPercentage: 20\n`);
    await rollout('55', feed);
    expect(await fs.readFile(feed, 'utf8')).toBe(`${text}stagingPercentage: 55\n`);
    await rollout('100', feed);
    expect(await fs.readFile(feed, 'utf8')).toBe(text);
  });

  test.each([['0'], ['101'], ['2.5'], ['all'], ['']])('refuses %j per cent', async (given) => {
    const feed = path.join(folder, 'latest.yml');
    await fs.writeFile(feed, 'version: 1.2.3\n');
    await expect(rollout(given, feed)).rejects.toMatchObject({ code: 2 });
    expect(await fs.readFile(feed, 'utf8')).toBe('version: 1.2.3\n');
  });
});

describe('build/release-notes.mjs', () => {
  const notes = async (version: string) => {
    await fs.mkdir(path.join(folder, 'build'));
    await fs.copyFile(path.join(build, 'release-notes.mjs'), path.join(folder, 'build', 'release-notes.mjs'));
    const text =
      '# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-02\n\n### Added\n\n- More.\n\n## [1.0.0]\n\n- All.\n';
    await fs.writeFile(path.join(folder, 'CHANGELOG.md'), text);
    return run(process.execPath, [path.join(folder, 'build', 'release-notes.mjs'), version]);
  };

  test('prints what is said of a version', async () => {
    expect((await notes('1.1.0')).stdout).toBe('### Added\n\n- More.\n');
  });

  test.each(['1.2.0', 'Unreleased'])('ends with 1 where nothing is said: %s', async (version) => {
    await expect(notes(version)).rejects.toMatchObject({ code: 1 });
  });
});
