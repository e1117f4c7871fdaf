import { z } from 'zod';
import { isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { columnsOf } from './table-columns.ts';

/** A table of which a second copy is kept, and the columns that are left out of it: they can be observed anew. */
export interface KeptTable {
  readonly name: string;
  readonly except: readonly string[];
}

/**
 * What neither the disk nor the service could tell again: which folders are mirrored, a person's settings and answers, and how much of
 * the session budget is spent. Parents before children. A table that the manifest does not have is passed over.
 */
export const keptTables: readonly KeptTable[] = [
  {
    name: 'mirror',
    except: ['last_scan_at', 'last_listing_at', 'last_full_listing_at', 'watermark', 'unlisted'],
  },
  { name: 'setting', except: [] },
  { name: 'decision', except: [] },
  { name: 'session_spend', except: [] },
];

interface Table {
  readonly name: string;
  readonly copy: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

function tablesOf(database: Database): Table[] {
  return keptTables.flatMap(({ name, except }) => {
    const columns = columnsOf(database, 'main', name);
    if (columns.length === 0) return [];
    const key = columns.filter((column) => column.key > 0).map((column) => column.name);
    const kept = columns.map((column) => column.name).filter((column) => !except.includes(column));
    return [{ name, copy: copyOf(name), columns: kept, key }];
  });
}

/** Name of a table's copy: a trigger finds tables by name alone, whatever file they are in. */
export function copyOf(table: string): string {
  return `kept_${table}`;
}

export interface Attached {
  /** True when the manifest has lost its latest changes, as after a power cut or when its log is gone; what is kept has been put back. */
  readonly isTailLost: boolean;
}

/**
 * Attaches the file of copies to an open manifest, brings the two into line, and has every change from now on written to both, in one
 * transaction: first to the manifest, then to the copy, which is flushed to the disk each time. So the copy is ahead only if the manifest
 * has lost something, and each counts the changes to tell.
 *
 * @throws SqliteError also when the file of copies is damaged: see {@link isCopyDamaged}
 */
export function attachKeptCopy(database: Database, file: string): Attached {
  database.prepare('ATTACH ? AS kept').run(file);
  database.pragma('kept.journal_mode = WAL');
  database.pragma('kept.synchronous = FULL');
  const tables = tablesOf(database);
  return database.transaction(() => {
    database.exec(`CREATE TABLE IF NOT EXISTS kept.kept_copy
      (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL, changes INTEGER NOT NULL) STRICT`);
    const changes = number(database, 'SELECT kept_changes FROM run');
    const copied = number(database, 'SELECT changes FROM kept_copy');
    const isTailLost = copied !== null && changes !== null && copied > changes;
    if (isTailLost) {
      for (const table of tables) putBack(database, table);
      database.prepare('UPDATE run SET kept_changes = ?').run(copied);
    }
    const version = number(database, 'SELECT version FROM kept_copy');
    const isAlike = version === versionOf(database) && tables.every((table) => isCopyOf(database, table));
    if (!isAlike || copied === null || changes === null || copied < changes) copyAll(database, tables);
    for (const table of tables) followChanges(database, table);
    return { isTailLost };
  })();
}

/** Whether the damage that was met lies in the file of copies, which is attached unless it can't even be opened. */
export function isCopyDamaged(database: Database): boolean {
  return !isAttached(database) || !isSound(database, 'kept');
}

/** Lets go of a file of copies that is damaged. */
export function detachKeptCopy(database: Database): void {
  if (isAttached(database)) database.exec('DETACH kept');
}

function isAttached(database: Database): boolean {
  const databases = z.array(z.object({ name: z.string() })).parse(database.pragma('database_list'));
  return databases.some(({ name }) => name === 'kept');
}

/** Whether an opened file of copies can be believed. */
export function isKeptCopyWhole(kept: Database): boolean {
  return isSound(kept, 'main') && columnsOf(kept, 'main', 'kept_copy').length > 0;
}

function isSound(database: Database, schema: string): boolean {
  try {
    const rows = z
      .array(z.object({ quick_check: z.string() }))
      .parse(database.pragma(`${schema}.quick_check(1)`));
    return rows[0]?.quick_check === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

function number(database: Database, sql: string): number | null {
  return z.number().nullish().parse(database.prepare(sql).pluck().get()) ?? null;
}

function isCopyOf(database: Database, { copy, columns }: Table): boolean {
  const there = columnsOf(database, 'kept', copy).map(({ name }) => name);
  return there.length === columns.length && there.every((column, index) => column === columns[index]);
}

function copyAll(database: Database, tables: readonly Table[]): void {
  for (const { name, copy, columns, key } of tables) {
    database.exec(`
      DROP TABLE IF EXISTS kept.${copy};
      CREATE TABLE kept.${copy} AS SELECT ${columns.join(', ')} FROM main.${name};
      CREATE UNIQUE INDEX kept.${copy}_key ON ${copy} (${key.join(', ')});`);
  }
  database.exec('DELETE FROM kept_copy');
  database.prepare('INSERT INTO kept_copy SELECT 1, ?, kept_changes FROM run').run(versionOf(database));
}

function versionOf(database: Database): number {
  return Number(database.pragma('main.user_version', { simple: true }));
}

/** Makes a table of the manifest what its copy is, in the columns that both have. */
function putBack(database: Database, { name, copy, columns, key }: Table): void {
  const kept = new Set(columnsOf(database, 'kept', copy).map((column) => column.name));
  if (!key.every((column) => kept.has(column))) return;
  const both = columns.filter((column) => kept.has(column));
  const others = both.filter((column) => !key.includes(column));
  const isSame = key.map((column) => `k.${column} = main.${name}.${column}`).join(' AND ');
  const change =
    others.length === 0
      ? 'DO NOTHING'
      : `DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  database.exec(`
    DELETE FROM main.${name} WHERE NOT EXISTS (SELECT 1 FROM kept.${copy} k WHERE ${isSame});
    INSERT INTO main.${name} (${both.join(', ')}) SELECT ${both.join(', ')} FROM kept.${copy} WHERE true
      ON CONFLICT (${key.join(', ')}) ${change};`);
}

function followChanges(database: Database, { name, copy, columns, key }: Table): void {
  const list = columns.join(', ');
  const values = columns.map((column) => `NEW.${column}`).join(', ');
  const isNew = key.map((column) => `${column} = NEW.${column}`).join(' AND ');
  const isOld = key.map((column) => `${column} = OLD.${column}`).join(' AND ');
  const differs = columns.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ');
  const count = `UPDATE run SET kept_changes = kept_changes + 1;
    UPDATE kept_copy SET changes = (SELECT kept_changes FROM run);`;
  const write = `DELETE FROM ${copy} WHERE ${isNew}; INSERT INTO ${copy} (${list}) VALUES (${values});`;
  database.exec(`
    CREATE TEMP TRIGGER ${copy}_inserted AFTER INSERT ON main.${name} BEGIN ${write} ${count} END;
    CREATE TEMP TRIGGER ${copy}_updated AFTER UPDATE OF ${list} ON main.${name} WHEN ${differs} BEGIN
      DELETE FROM ${copy} WHERE ${isOld}; ${write} ${count} END;
    CREATE TEMP TRIGGER ${copy}_deleted AFTER DELETE ON main.${name} BEGIN
      DELETE FROM ${copy} WHERE ${isOld}; ${count} END;`);
}
