import Sqlite from 'better-sqlite3';
import { isDamage } from './damage.ts';
import type { Database } from './database.ts';
import { copyOf } from './kept-copy.ts';
import { isPlausible, type RawRow } from './plausible-row.ts';
import { columnsOf } from './table-columns.ts';

/** Told of each row that was taken over. */
export type OnRow = (row: RawRow) => void;

/** Rows written in one transaction. */
const rowsAtOnce = 10_000;

/**
 * Copies the rows of one table from a database that may be damaged into a whole one, as far as they can be read and make sense: forwards
 * to where the damage is, then backwards to it from the other end. Columns that only one of both has are passed over.
 *
 * @param from name of the table in `source`; the same as in `target` if left out
 * @returns whether nothing is missing
 */
export function salvageTable(
  source: Database,
  target: Database,
  { table, from = table, onRow }: { table: string; from?: string; onRow?: OnRow },
): boolean {
  let columns: string[];
  let key: string[];
  try {
    const there = new Set(columnsOf(source, 'main', from).map(({ name }) => name));
    const wanted = columnsOf(target, 'main', table);
    columns = wanted.map(({ name }) => name).filter((name) => there.has(name));
    key = wanted.filter((column) => column.key > 0).map(({ name }) => name);
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
  if (columns.length === 0) return false;
  const insert = target.prepare<RawRow>(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  );
  const select = `SELECT ${columns.join(', ')} FROM ${from}`;
  let isWhole = true;
  const take = (row: RawRow, isFirstPass: boolean) => {
    const isTaken = isPlausible(table, row) && wasInserted(() => insert.run(row).changes);
    if (isTaken) onRow?.(row);
    else if (isFirstPass) isWhole = false;
  };
  const order = (direction: 'ASC' | 'DESC') => key.map((column) => `${column} ${direction}`).join(', ');
  if (readAll(source, target, `${select} ORDER BY ${order('ASC')}`, (row) => take(row, true))) return isWhole;
  readAll(source, target, `${select} ORDER BY ${order('DESC')}`, (row) => take(row, false));
  return false;
}

/** The same from the file of copies. */
export function salvageKept(kept: Database, target: Database, table: string): boolean {
  return salvageTable(kept, target, { table, from: copyOf(table) });
}

/** False when it could not read on. */
function readAll(source: Database, target: Database, sql: string, onRow: (row: RawRow) => void): boolean {
  target.exec('BEGIN');
  let count = 0;
  try {
    for (const row of source.prepare<[], RawRow>(sql).safeIntegers().iterate()) {
      onRow(row);
      count += 1;
      if (count % rowsAtOnce === 0) target.exec('COMMIT; BEGIN');
    }
    return true;
  } catch (error) {
    // A part of the disk that can't be read is missing just as one that makes no sense.
    if (isDamage(error) || isFailedRead(error)) return false;
    throw error;
  } finally {
    if (target.inTransaction) target.exec('COMMIT');
  }
}

/** A row that contradicts another, or belongs to a mirror that is lost, is lost as well. */
function wasInserted(insert: () => number): boolean {
  try {
    return insert() > 0;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

function isFailedRead(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_IOERR');
}
