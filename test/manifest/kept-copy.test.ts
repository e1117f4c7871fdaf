import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../../app/manifest/database.ts';
import { attachKeptCopy, copyOf, keptTables } from '../../app/manifest/kept-copy.ts';
import { type Manifest, openManifest } from '../../app/manifest/manifest.ts';
import { columnsOf } from '../../app/manifest/table-columns.ts';
import { SessionBudget } from '../../app/transfer/session-budget.ts';
import { garbage } from './damage-file.ts';
import { startScript } from './killed-process.ts';
import { addMirror, readDatabase, temporaryFolder, writeDatabase } from './temp-manifest.ts';

/** Rows of each kept table, beside those of its copy. */
function both(database: Database): Record<string, { rows: unknown[]; copied: unknown[] }> {
  return Object.fromEntries(
    keptTables
      .filter(({ name }) => columnsOf(database, 'main', name).length > 0)
      .map(({ name }) => {
        const columns = columnsOf(database, 'kept', copyOf(name))
          .map((column) => column.name)
          .join(', ');
        return [
          name,
          {
            rows: database.prepare(`SELECT ${columns} FROM main.${name} ORDER BY 1, 2`).all(),
            copied: database.prepare(`SELECT ${columns} FROM kept.${copyOf(name)} ORDER BY 1, 2`).all(),
          },
        ];
      }),
  );
}

async function attached(): Promise<Database> {
  const folder = await temporaryFolder();
  const database = openDatabase(path.join(folder, 'manifest.db'));
  onTestFinished(() => void database.close());
  attachKeptCopy(database, path.join(folder, 'kept.db'));
  return database;
}

const newMirror = `INSERT INTO mirror (id, mirror_id, folder, endpoint, organization_id, dataset_id, sandbox, folds_case, created_at)
  VALUES (1, 'm', '/f', 'http://x', 'o', 'd', 1, 0, 0);`;

test('every change of what is kept is in the copy, also what goes with its mirror', async () => {
  const database = await attached();
  const expectAlike = (counts: Record<string, number>) => {
    const tables = both(database);
    for (const { rows, copied } of Object.values(tables)) expect(copied).toEqual(rows);
    expect(Object.fromEntries(Object.keys(counts).map((name) => [name, tables[name]?.rows.length]))).toEqual(
      counts,
    );
  };
  database.exec(`${newMirror}
    INSERT INTO setting VALUES ('m', 'a', '1'), ('m', 'b', '2');
    INSERT INTO decision VALUES (1, 'f:x', 'print', 'keep', 5), (1, 'f:y', 'print', 'skip', 5);
    INSERT INTO session_spend (organization_id, at, reserve) VALUES ('o', 1, 0), ('o', 2, 1);`);
  expectAlike({ mirror: 1, setting: 2, decision: 2, session_spend: 2 });
  database.exec(`
    UPDATE mirror SET endpoint = 'http://y', dataset_name = 'name';
    INSERT INTO setting VALUES ('m', 'a', 'again') ON CONFLICT DO UPDATE SET value = excluded.value;
    REPLACE INTO decision VALUES (1, 'f:x', 'print 2', 'theirs', 6);
    UPDATE setting SET name = 'c' WHERE name = 'b';
    DELETE FROM session_spend WHERE at = 1;`);
  expectAlike({ mirror: 1, setting: 2, decision: 2, session_spend: 1 });
  database.exec('DELETE FROM mirror');
  expectAlike({ mirror: 0, decision: 0 });
});

test('what can be observed anew is not copied: a poll writes to the manifest alone', async () => {
  const database = await attached();
  database.exec(newMirror);
  const changes = () => database.prepare('SELECT changes FROM kept_copy').pluck().get();
  const before = changes();
  database.exec('UPDATE mirror SET last_listing_at = 5, watermark = 6, unlisted = 1, last_scan_at = 7');
  database.exec(`UPDATE mirror SET endpoint = 'http://x'`);
  expect(changes()).toBe(before);
});

test('a change that is taken back is taken back in both', async () => {
  const database = await attached();
  database.exec(`BEGIN; ${newMirror} ROLLBACK;`);
  expect(both(database).mirror).toEqual({ rows: [], copied: [] });
});

const budgetLimit = { sessions: 10, windowMs: 600_000 };
const clock = (now: number) => ({ now: () => now, monotonic: () => now, sleep: async () => undefined });

function spend(manifest: Manifest, at: number): void {
  new SessionBudget(manifest, clock(at), budgetLimit).spend('organization', 'bulk');
}

function nextAt(manifest: Manifest, now: number): number {
  return new SessionBudget(manifest, clock(now), budgetLimit).nextAt('organization', 'edit');
}

describe('a manifest that has lost its latest changes', () => {
  test('gets back what is kept, and no session is begun while one of that time may be on its way', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'manifest.db');
    let manifest = openManifest(folder);
    addMirror(manifest, '/one');
    manifest.close();
    await fs.copyFile(file, `${file}-older`);
    manifest = openManifest(folder);
    addMirror(manifest, '/two');
    spend(manifest, 1_000_000);
    manifest.close();
    await fs.rename(`${file}-older`, file);

    manifest = openManifest(folder, { now: 1_300_000 });
    expect(manifest.rebuild).toBeNull();
    expect(manifest.mirrors.all().map((mirror) => mirror.folder)).toEqual(['/one', '/two']);
    expect(nextAt(manifest, 1_300_100)).toBeGreaterThanOrEqual(1_900_000);
    expect(nextAt(manifest, 2_000_000)).toBe(2_000_000);
    manifest.close();
    // Once is enough.
    manifest = openManifest(folder);
    expect(manifest.spends.since('organization', 0)).toHaveLength(2);
    manifest.close();
  });

  test('does not wait for a session of long ago', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'manifest.db');
    let manifest = openManifest(folder);
    addMirror(manifest, '/one');
    manifest.close();
    await fs.copyFile(file, `${file}-older`);
    manifest = openManifest(folder);
    spend(manifest, 1_000_000);
    manifest.close();
    await fs.rename(`${file}-older`, file);
    manifest = openManifest(folder, { now: 9_000_000 });
    expect(manifest.spends.since('organization', 0)).toEqual([{ at: 1_000_000, kind: 'regular' }]);
    expect(nextAt(manifest, 9_000_000)).toBe(9_000_000);
    manifest.close();
  });

  test.for(['is gone', 'is garbage'])('because its log %s', async (how) => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'manifest.db');
    openManifest(folder).close();
    const script = `import { openManifest } from ${JSON.stringify(path.resolve('app/manifest/manifest.ts'))};
      const manifest = openManifest(${JSON.stringify(folder)});
      manifest.mirrors.insert({ mirrorId: 'm', folder: '/one', endpoint: 'http://x', organizationId: 'organization', datasetId: 'd',
        sandbox: true, foldsCase: false, createdAt: 0 });
      manifest.spends.add('organization', { at: 1000000, kind: 'regular' });
      console.log('done'); setInterval(() => undefined, 1000);`;
    await (await startScript(script)).kill();
    if (how === 'is gone') await fs.rm(`${file}-wal`);
    else await fs.writeFile(`${file}-wal`, garbage(50_000));
    await fs.rm(`${file}-shm`);

    const manifest = openManifest(folder, { now: 1_300_000 });
    expect(manifest.rebuild).toBeNull();
    expect(manifest.mirrors.all().map((mirror) => mirror.folder)).toEqual(['/one']);
    expect(nextAt(manifest, 1_300_100)).toBeGreaterThanOrEqual(1_900_000);
    manifest.close();
  });
});

describe('the file of copies', () => {
  async function withMirror(): Promise<{ folder: string; kept: string }> {
    const folder = await temporaryFolder();
    const manifest = openManifest(folder);
    addMirror(manifest, '/one');
    manifest.close();
    return { folder, kept: path.join(folder, 'manifest.kept.db') };
  }
  const copied = (kept: string) => readDatabase(kept, 'SELECT folder FROM kept_mirror');

  test('is made again when it is gone', async () => {
    const { folder, kept } = await withMirror();
    await fs.rm(kept);
    openManifest(folder).close();
    expect(copied(kept)).toEqual([{ folder: '/one' }]);
  });

  test.for([
    ['garbage', async (kept: string) => fs.writeFile(kept, garbage(20_000))],
    ['cut', async (kept: string) => fs.truncate(kept, (await fs.stat(kept)).size - 4096)],
  ] as const)('is set aside and made again when it is damaged: %s', async ([, damage]) => {
    const { folder, kept } = await withMirror();
    await damage(kept);
    const bytes = await fs.readFile(kept);
    const manifest = openManifest(folder);
    expect(manifest.rebuild).toBeNull();
    expect(manifest.mirrors.all()).toHaveLength(1);
    manifest.close();
    expect(copied(kept)).toEqual([{ folder: '/one' }]);
    const aside = (await fs.readdir(folder)).find((name) => name.startsWith('manifest.kept.damaged-'));
    expect(await fs.readFile(path.join(folder, aside ?? ''))).toEqual(bytes);
  });

  test('follows a change that it has missed', async () => {
    const { folder, kept } = await withMirror();
    writeDatabase(
      path.join(folder, 'manifest.db'),
      `UPDATE mirror SET folder = '/moved'; UPDATE run SET kept_changes = kept_changes + 1`,
    );
    openManifest(folder).close();
    expect(copied(kept)).toEqual([{ folder: '/moved' }]);
  });
});
