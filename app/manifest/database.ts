import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { ManifestError } from './manifest-error.ts';
import { migrations } from './migrations.ts';

export type { Database };

/**
 * Opens the database file, creates it where there is none, and brings an older one up to date: each migration in a transaction of
 * its own, so that a kill between two leaves a database that opens.
 *
 * @throws ManifestError `manifest-newer`, `manifest-unreadable`
 */
export function openDatabase(file: string, steps: readonly string[] = migrations): Database {
  mkdirSync(path.dirname(file), { recursive: true });
  let database: Database;
  try {
    database = new Sqlite(file, { timeout: 5000 });
    try {
      // A commit survives a kill of the process at once, and a power cut from the next checkpoint on; what a power cut takes away is
      // observed anew.
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = NORMAL');
      // A checkpoint waits for the disk, and whoever commits waits for it: fewer and larger ones.
      database.pragma('wal_autocheckpoint = 4000');
      database.pragma('foreign_keys = ON');
      database.pragma('temp_store = MEMORY');
      database.pragma('cache_size = -32768');
      migrate(database, file, steps);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    throw new ManifestError(
      'manifest-unreadable',
      {
        title: 'The manifest can’t be read',
        detail: `${file} (${error.message}).`,
        suggestion:
          'Check that the disk is whole and not full. If the file is damaged, move it away: it is built again from the folder and the dataset, and nothing is uploaded twice.',
      },
      { cause: error },
    );
  }
  return database;
}

function migrate(database: Database, file: string, steps: readonly string[]): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > steps.length) {
    throw new ManifestError('manifest-newer', {
      title: 'Made by a newer Vi Sync',
      detail: `${file} has version ${version}; this program knows versions up to ${steps.length}.`,
      suggestion: 'Install the newest Vi Sync, or use another data folder.',
    });
  }
  for (const [index, sql] of steps.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
