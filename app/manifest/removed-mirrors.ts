import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** Tables that may have many rows of a mirror, with what tells two rows of it apart: in the order that leaves triggers the least to do. */
const tables = [
  ['entry', 'item'],
  ['local', 'key'],
  ['remote', 'asset_id'],
  ['synced', 'key'],
  ['session_file', 'session, filename'],
  ['activity', 'id'],
  ['trash', 'id'],
  ['deletion', 'id'],
  ['decision', 'item'],
  ['failure', 'item'],
] as const;

/** Takes what was known of removed mirrors out of the manifest, so little at once that nobody has to wait for it. */
export class RemovedMirrors {
  readonly #database: Database;
  readonly #pages: readonly Statement<[number, number, number]>[];
  readonly #mirror: Statement<[number]>;

  constructor(database: Database) {
    this.#database = database;
    this.#pages = tables.map(([table, key]) =>
      database.prepare(`DELETE FROM ${table} WHERE mirror = ? AND (${key}) IN (
        SELECT ${key} FROM ${table} WHERE mirror = ? LIMIT ?)`),
    );
    this.#mirror = database.prepare('DELETE FROM mirror WHERE id = ? AND removed_at IS NOT NULL');
  }

  /**
   * Clears away at most so many rows of a removed mirror, in one transaction.
   *
   * @returns true when nothing is left of it
   */
  clear(mirror: number, rows: number): boolean {
    return this.#database.transaction(() => {
      let left = rows;
      for (const page of this.#pages) {
        left -= page.run(mirror, mirror, left).changes;
        if (left <= 0) return false;
      }
      // What else there is of it are a few rows, and go with it.
      this.#mirror.run(mirror);
      return true;
    })();
  }
}
