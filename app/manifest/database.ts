import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { isDamage, manifestDamaged } from './damage.ts';
import { ManifestError } from './manifest-error.ts';
import { migrations } from './migrations.ts';

export type { Database };

/**
 * Opens the database file, creates it where there is none, and brings an older one up to date: each migration in a transaction of
 * its own, so that a kill between two leaves a database that opens.
 *
 * @throws ManifestError `manifest-newer`, `manifest-damaged`, `manifest-unreadable`
 */
export function openDatabase(file: string, steps: readonly string[] = migrations): Database {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const state = stateOf(file);
    refuseNewer(file, state?.version ?? null, steps);
    if (state?.isForeign) throw manifestDamaged(file, 'it holds something else');
    const database = new Sqlite(file, { timeout: 5000 });
    try {
      // A commit survives a kill of the process at once, and a power cut from the next checkpoint on; what a power cut takes away is
      // observed anew.
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = NORMAL');
      // A checkpoint waits for the disk, and whoever commits waits for it: fewer and larger ones.
      database.pragma('wal_autocheckpoint = 4000');
      database.pragma('foreign_keys = ON');
      database.pragma('temp_store = MEMORY');
      database.pragma('cache_size = -16384');
      migrate(database, steps);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof ManifestError) throw error;
    if (isDamage(error) && error instanceof Error) throw manifestDamaged(file, error.message, error);
    throw unreadable(file, error);
  }
}

export interface DatabaseState {
  /** The number of steps that it has been through. */
  readonly version: number;
  /** True when it holds tables, and none of our steps has made them. */
  readonly isForeign: boolean;
}

/** What a database says of itself; null when that can't be told. Writes nothing, also not what a kill has left undone. */
export function stateOf(file: string): DatabaseState | null {
  if (!existsSync(file)) return null;
  let database: Database | undefined;
  try {
    database = new Sqlite(file, { readonly: true, timeout: 5000 });
    const version = Number(database.pragma('user_version', { simple: true }));
    const hasTables = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
    return { version, isForeign: version === 0 && hasTables };
  } catch (error) {
    // Why it can't be read, opening it will tell.
    if (error instanceof Sqlite.SqliteError) return null;
    throw error;
  } finally {
    database?.close();
  }
}

/** @throws ManifestError `manifest-newer` */
export function refuseNewer(
  file: string,
  version: number | null,
  steps: readonly string[] = migrations,
): void {
  if (version === null || version <= steps.length) return;
  throw new ManifestError('manifest-newer', {
    title: 'Made by a newer Vi Sync',
    facts: { file, version, known: steps.length },
    detail: `${file} has version ${version}; this program knows versions up to ${steps.length}. Nothing has been changed.`,
    suggestion: 'Install the newest Vi Sync, or use another data folder.',
  });
}

function migrate(database: Database, steps: readonly string[]): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  for (const [index, sql] of steps.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** In words, why a file can't be worked with though nothing says that it is damaged; errors that are none of files stay as they are. */
export function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const { code, message } = error;
  if (!(error instanceof Sqlite.SqliteError) && !('syscall' in error)) return error;
  const [kind, title, suggestion] =
    code === 'SQLITE_FULL' || code === 'ENOSPC'
      ? ['full', 'The disk is full', 'Make room on the disk that holds it, and start Vi Sync again.']
      : /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|^E(ACCES|PERM|ROFS)$/.test(code)
        ? [
            'denied',
            'The manifest can’t be opened',
            'Check that you may read and write the file and its folder, and that the disk is not read-only.',
          ]
        : [
            'other',
            'The manifest can’t be read',
            'Check that the disk is whole and connected. If the file itself can’t be read any more, move it away: it is built again from the folder and the dataset, and nothing is uploaded twice.',
          ];
  const facts = { case: kind, file, message };
  const problem = { facts, title, detail: `${file} (${message}).`, suggestion };
  return new ManifestError('manifest-unreadable', problem, { cause: error });
}
