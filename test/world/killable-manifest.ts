import Sqlite from 'better-sqlite3';
import { type Database, openDatabase } from '../../app/manifest/database.ts';
import { type Manifest, manifestOn } from '../../app/manifest/manifest.ts';

/**
 * A manifest in memory that can be taken as it is at any moment, as a kill of its process would leave it: with what is committed, and
 * without the rest.
 */
export class KillableManifest {
  readonly manifest: Manifest;
  readonly database: Database;
  #commits = 0;
  #killAt = Number.POSITIVE_INFINITY;

  /**
   * @param from what an earlier one has left; null: a new one
   * @param onKill called in the moment after the commit that {@link killAfterCommits} says
   * @param onClose called with what it leaves behind when it is closed in order
   */
  constructor(from: Buffer | null, onKill: () => void, onClose: (left: Buffer) => void) {
    this.database = from === null ? openDatabase(':memory:') : reopen(from);
    const plain = manifestOn(this.database);
    this.manifest = {
      ...plain,
      transaction: (change) => {
        const isOutermost = !this.database.inTransaction;
        const result = plain.transaction(change);
        if (isOutermost) {
          this.#commits += 1;
          if (this.#commits >= this.#killAt) {
            this.#killAt = Number.POSITIVE_INFINITY;
            onKill();
          }
        }
        return result;
      },
      close: () => {
        onClose(this.database.serialize());
        plain.close();
      },
    };
  }

  /** Kills with the commit after so many others. */
  killAfterCommits(commits: number): void {
    this.#killAt = this.#commits + commits;
  }

  /** What is committed; null in the middle of a transaction, where no kill can be told from one just before it. */
  snapshot(): Buffer | null {
    return this.database.inTransaction ? null : this.database.serialize();
  }
}

function reopen(from: Buffer): Database {
  const database = new Sqlite(from);
  database.pragma('foreign_keys = ON');
  database.pragma('temp_store = MEMORY');
  return database;
}
