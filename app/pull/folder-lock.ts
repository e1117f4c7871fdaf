import Sqlite from 'better-sqlite3';
import { PullError } from './pull-error.ts';

export interface FolderLock {
  release(): void;
}

/** Reachable until they are released: a collected connection would give its lock away. */
const held = new Set<Sqlite.Database>();

/**
 * Takes a folder for one pull alone. The lock is SQLite's on a file of its own, as for the manifest: the system drops it when the
 * process dies, however it dies.
 *
 * @param folder - for the message
 * @throws PullError `folder-in-use`; errors of the disk
 */
export function lockFolder(file: string, folder: string): FolderLock {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new PullError(
      'folder-in-use',
      {
        title: 'Another pull is running',
        facts: { case: 'elsewhere', folder },
        detail: `Another Vi Sync is pulling into ${folder} at this moment.`,
        suggestion: 'Wait for its end, or end it, and repeat the pull.',
      },
      { cause: error },
    );
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}
