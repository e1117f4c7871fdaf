import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { ManifestError } from './manifest-error.ts';

export interface ManifestLock {
  release(): void;
}

/** Reachable until they are released: a collected connection would give its lock away while the engine still runs. */
const held = new Set<Sqlite.Database>();

/**
 * Takes the data folder for this engine alone. The lock is SQLite's on a file of its own, so the system drops it when the process
 * dies, however it dies: a stale lock can't exist, and no process ID has to be believed.
 *
 * @throws ManifestError `manifest-in-use`
 */
export function lockManifest(dataDir: string): ManifestLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, 'engine.lock');
  const holder = path.join(dataDir, 'engine.pid');
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new ManifestError(
      'manifest-in-use',
      {
        title: 'Vi Sync is already running',
        facts: { folder: dataDir },
        detail: `Another Vi Sync${describeHolder(holder)} is working with the data in ${dataDir}.`,
        suggestion:
          'Use the one that runs, or end it first. Two at a time would upload the same files twice.',
      },
      { cause: error },
    );
  }
  held.add(lock);
  writeFileSync(holder, `${process.pid}\n`);
  return {
    release() {
      held.delete(lock);
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

/** For the message alone; the lock itself does not depend on it. */
function describeHolder(file: string): string {
  try {
    const id = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(id) ? ` (process ${id})` : '';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
