import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { openDatabase } from '../../app/manifest/database.ts';
import { migrations } from '../../app/manifest/migrations.ts';

/** Rows of a mirror that nobody runs: they make a migration take its time. */
const ballastRows = 40_000;

/**
 * Turns a manifest into one that the first released program would have made of the same observations, with tens of thousands of rows
 * beside them.
 */
export function makeOld(dataDir: string): void {
  const file = path.join(dataDir, 'manifest.db');
  const old = path.join(dataDir, 'old.db');
  const database = openDatabase(old, migrations.slice(0, 1));
  try {
    copyRows(database, file);
    addBallast(database);
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  // A copy in one file: whatever is killed meanwhile, no half of the old one stays.
  const copy = new Sqlite(old);
  rmSync(file);
  copy.exec(`VACUUM INTO '${file}'`);
  copy.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(old + suffix, { force: true });
}

/** The version of a manifest whose engine was killed, after a look at whether the database is whole. */
export function versionOf(dataDir: string): number {
  const database = new Sqlite(path.join(dataDir, 'manifest.db'));
  try {
    const damage = database.pragma('integrity_check', { simple: true });
    if (damage !== 'ok') throw new Error(`the manifest is damaged: ${String(damage)}`);
    return Number(database.pragma('user_version', { simple: true }));
  } finally {
    database.close();
  }
}

/** Uploads that a killed engine had begun and not heard the end of. */
export function uploadsBegun(dataDir: string): { filename: string; sha256: string }[] {
  const file = path.join(dataDir, 'manifest.db');
  if (!existsSync(file)) return [];
  const database = new Sqlite(file);
  try {
    if (!tablesOf(database, 'main').includes('session_file')) return [];
    return database
      .prepare<[], { filename: string; sha256: string }>(
        `SELECT filename, sha256 FROM session_file WHERE step = 'sending'`,
      )
      .all();
  } finally {
    database.close();
  }
}

/** Everything that both schemas have a column for. */
function copyRows(database: Database, from: string): void {
  const triggers = database
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  database.exec(`ATTACH '${from}' AS newer`);
  database.pragma('foreign_keys = OFF');
  // The rows come as they are: nothing is to follow from their coming.
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  for (const table of tablesOf(database, 'main')) {
    const newer = new Set(columnsOf(database, 'newer', table));
    const columns = columnsOf(database, 'main', table).filter((column) => newer.has(column));
    if (columns.length === 0) continue;
    const list = columns.join(', ');
    database.exec(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM newer.${table}`);
  }
  for (const { sql } of triggers) database.exec(sql);
  database.exec('DETACH newer');
}

function tablesOf(database: Database, schema: string): string[] {
  return database
    .prepare<[], { name: string }>(`SELECT name FROM ${schema}.sqlite_schema WHERE type = 'table'`)
    .all()
    .map(({ name }) => name);
}

function columnsOf(database: Database, schema: string, table: string): string[] {
  return database
    .prepare<[string, string], { name: string }>('SELECT name FROM pragma_table_info(?, ?)')
    .all(table, schema)
    .map(({ name }) => name);
}

function addBallast(database: Database): void {
  database.exec(`
    INSERT INTO mirror (mirror_id, folder, endpoint, organization_id, dataset_id, sandbox, folds_case, created_at)
      VALUES ('ballast', '/nowhere', 'http://127.0.0.1:9', 'none', 'none', 0, 0, 1);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ballastRows})
      INSERT INTO synced (mirror, key, path, asset_id, filename, local_size, sha256, inode, birthtime_ns, settled)
      SELECT m.id, 'k' || i, 'p' || i || '.png', 'a' || i, 'p' || i || '.png', i, 'h' || i, i, i, 1
      FROM n, mirror m WHERE m.mirror_id = 'ballast';
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ballastRows})
      INSERT INTO entry (mirror, item, path, folded, state, changed_at)
      SELECT m.id, 'f:k' || i, 'p' || i || '.png', 'p' || i || '.png', CASE i % 3 WHEN 0 THEN 'held' ELSE 'in-sync' END, i
      FROM n, mirror m WHERE m.mirror_id = 'ballast';
  `);
}
