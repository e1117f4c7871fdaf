import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import type { Database } from './database.ts';
import { ManifestError } from './manifest-error.ts';
import type { ManifestFiles } from './manifest-files.ts';
import { columnsOf } from './table-columns.ts';

/**
 * Whether an error says that a database file itself is damaged. A full disk, a missing permission, a lock, a read that fails: these say
 * nothing about what the file holds, and nothing is set aside for them.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof ManifestError) return error.code === 'manifest-damaged';
  return (
    error instanceof Sqlite.SqliteError &&
    (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
  );
}

export function manifestDamaged(file: string, what: string, cause?: unknown): ManifestError {
  return new ManifestError(
    'manifest-damaged',
    {
      title: 'The manifest is damaged',
      facts: { file, what },
      detail: `${file} (${what}). Nothing is synced with it any more.`,
      suggestion:
        'Start Vi Sync again: it sets the file aside and rebuilds the manifest from it, the folder and the dataset. Nothing is uploaded twice. If it happens again, check the disk.',
    },
    cause === undefined ? undefined : { cause },
  );
}

const markSchema = z.object({ what: z.string() });

/** Leaves word for the next opening: it would not find damage in the middle of a large file by itself. */
export function markDamage(files: ManifestFiles, what: string): void {
  writeFileSync(files.mark, `${JSON.stringify({ what })}\n`);
}

/**
 * What is wrong with the manifest's file, as far as it shows without opening it; null: nothing, or there is none.
 *
 * @throws errors of the disk: what can't be looked at is not damaged
 */
export function damageAtRest(files: ManifestFiles): string | null {
  if (existsSync(files.mark)) return wordOf(files.mark);
  const place = statSync(files.database, { throwIfNoEntry: false });
  if (place !== undefined && !place.isFile()) return 'it is no file';
  // The copy was made after the file, and is never without it.
  const wasThere = existsSync(files.kept);
  if (place === undefined) return wasThere ? 'it is gone' : null;
  if (hasWal(files)) return null;
  if (place.size === 0) return wasThere ? 'it is empty' : null;
  return place.size < wholeSize(files.database) ? 'it is cut short' : null;
}

/** What the header says that the file should have. Bytes; 0: it does not say. */
function wholeSize(file: string): number {
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  // Source: the database file format of SQLite: magic, page size (1 stands for 65,536), number of pages, and whether that is up to date.
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 0;
  if (header.readUInt32BE(24) !== header.readUInt32BE(92)) return 0;
  const pageSize = header.readUInt16BE(16);
  return (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(28);
}

/** A kill soon after the first opening leaves everything in the log, and the file empty. */
function hasWal(files: ManifestFiles): boolean {
  const wal = statSync(`${files.database}-wal`, { throwIfNoEntry: false });
  return wal !== undefined && wal.size > 0;
}

function wordOf(mark: string): string {
  try {
    return markSchema.parse(JSON.parse(readFileSync(mark, 'utf8'))).what;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      return 'damage was met while it was used';
    throw error;
  }
}

/** Larger files are checked beside the work: see `damage-check.ts`. Bytes. */
const checkedAtOnce = 64 * 1024 ** 2;
/** With as many rows as there are files. */
const largeTables = new Set(['local', 'remote', 'synced', 'entry']);

const checkRow = z.object({ quick_check: z.string() });

/**
 * Checks the structure of a database that has just been opened, as far as that takes a moment: a small one whole, of a large one the
 * small tables, on which everything else depends.
 *
 * @returns whether that was the whole
 * @throws ManifestError `manifest-damaged`
 */
export function checkOpened(database: Database, file: string): boolean {
  if (columnsOf(database, 'main', 'mirror').length === 0)
    throw manifestDamaged(file, 'it holds something else');
  if (statSync(file).size <= checkedAtOnce) {
    check(database, file, 'quick_check(1)');
    return true;
  }
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all();
  for (const name of tables.map((table) => z.string().parse(table))) {
    if (!largeTables.has(name)) check(database, file, `quick_check("${name}")`);
  }
  return false;
}

function check(database: Database, file: string, pragma: string): void {
  const [first] = z.array(checkRow).parse(database.pragma(pragma));
  if (first?.quick_check !== 'ok') throw manifestDamaged(file, first?.quick_check ?? 'no answer');
}
