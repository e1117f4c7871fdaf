import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../app/manifest/database.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { migrations } from '../../app/manifest/migrations.ts';
import { fillManifest } from '../bench/fill-manifest.ts';
import { damagePage, manifestIn, pagesOf } from './damage-file.ts';
import { startScript } from './killed-process.ts';
import { readDatabase, temporaryFolder } from './temp-manifest.ts';

const rows = 20_000;
/** A step that takes long, and would leave something half done if it were no transaction. */
const heavy = `
  ALTER TABLE synced ADD COLUMN note TEXT;
  UPDATE synced SET note = 'seen ' || path, settled = 0;
  CREATE TABLE counted AS SELECT mirror, count(*) AS n, count(note) AS notes FROM synced GROUP BY mirror;
  UPDATE local SET mime = 'image/x';`;

const trees = `SELECT (SELECT count(*) FROM local) AS local, (SELECT count(*) FROM remote) AS remote,
  (SELECT count(*) FROM synced) AS synced, (SELECT group_concat(folder) FROM mirror) AS folders`;

describe('killed in the middle of a migration', () => {
  test('a manifest opens, at one step or the next, and has lost nothing', async () => {
    const folder = await temporaryFolder();
    const file = manifestIn(folder);
    fillManifest(folder, rows);
    const before = readDatabase(file, trees);
    const steps = [...migrations, heavy];
    const script = `import { openDatabase } from ${JSON.stringify(path.resolve('app/manifest/database.ts'))};
      console.log('go');
      openDatabase(${JSON.stringify(file)}, ${JSON.stringify(steps)}).close();`;
    let kills = 0;
    for (const ms of [0, 10, 30, 60, 100, 150, 200, 300]) {
      const child = await startScript(script);
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (!child.isDone) kills += 1;
      await child.kill();
      const [version] = readDatabase(file, 'PRAGMA user_version');
      const isMigrated = JSON.stringify(version) === JSON.stringify({ user_version: steps.length });
      expect(readDatabase(file, trees)).toEqual(before);
      expect(readDatabase(file, `SELECT name FROM sqlite_schema WHERE name = 'counted'`)).toHaveLength(
        isMigrated ? 1 : 0,
      );
      if (isMigrated) break;
      expect(version).toEqual({ user_version: migrations.length });
    }
    expect(kills).toBeGreaterThan(0);
    openDatabase(file, steps).close();
    expect(readDatabase(file, trees)).toEqual(before);
    expect(readDatabase(file, 'SELECT n, notes FROM counted')).toEqual([{ n: rows, notes: rows }]);
    expect(readDatabase(file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  }, 120_000);
});

describe('killed in the middle of a rebuild', () => {
  async function damaged(): Promise<{ folder: string; file: string; bytes: Buffer }> {
    const folder = await temporaryFolder();
    fillManifest(folder, rows);
    openManifest(folder).close();
    const file = manifestIn(folder);
    await damagePage(file, pagesOf(file, 'local')[7] ?? 0);
    return { folder, file, bytes: await fs.readFile(file) };
  }

  /** It opens, has all that could be read, and the damaged file lies beside it as it was. */
  async function expectRebuilt(folder: string, bytes: Buffer): Promise<void> {
    const manifest = openManifest(folder);
    expect(manifest.synced.count(1)).toBe(rows);
    expect(manifest.mirrors.all()).toMatchObject([{ folder: '/nowhere/folder', approvedAt: 1 }]);
    expect(manifest.activity.newest(10)).toMatchObject([{ kind: 'problem' }]);
    manifest.close();
    const names = await fs.readdir(folder);
    const aside = names.filter((name) => /^manifest\.damaged-.*\.db$/.test(name));
    expect(aside).toHaveLength(1);
    expect((await fs.readFile(path.join(folder, aside[0] ?? ''))).equals(bytes)).toBe(true);
    expect(names.filter((name) => /rebuil|damage\.json/.test(name))).toEqual([]);
  }

  test('again and again: the next opening begins anew', async () => {
    const { folder, bytes } = await damaged();
    const script = `import { openManifest } from ${JSON.stringify(path.resolve('app/manifest/manifest.ts'))};
      console.log('go');
      openManifest(${JSON.stringify(folder)}).close();`;
    let kills = 0;
    for (const ms of [0, 50, 150, 300, 500]) {
      const child = await startScript(script);
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (!child.isDone) kills += 1;
      await child.kill();
    }
    expect(kills).toBeGreaterThan(0);
    await expectRebuilt(folder, bytes);
  }, 120_000);

  test('between the moves of files: the next opening makes the others', async () => {
    const { folder, file, bytes } = await damaged();
    openManifest(folder).close();
    const names = await fs.readdir(folder);
    const aside = path.join(folder, names.find((name) => name.startsWith('manifest.damaged-')) ?? '');
    const finished = aside.replace('damaged', 'rebuilt');
    // Finished, and not in its place yet; the damaged one is away, its log is not.
    await fs.rename(file, finished);
    await fs.writeFile(`${file}-wal`, 'of the old one');
    let manifest = openManifest(folder);
    expect(manifest.rebuild).toEqual({ setAside: aside, damage: null });
    manifest.close();
    expect(await fs.readFile(`${aside}-wal`, 'utf8')).toBe('of the old one');
    await expectRebuilt(folder, bytes);
    // The damaged one is still in its place.
    await fs.rename(file, finished);
    await fs.rename(aside, file);
    manifest = openManifest(folder);
    expect(manifest.rebuild).toEqual({ setAside: aside, damage: null });
    manifest.close();
    await expectRebuilt(folder, bytes);
  });
});
