import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/**
 * IDs that the listing under way has shown, for as long as it runs. A temporary table: in memory, far smaller than a set of as many
 * texts, and gone with the connection.
 */
export class ListedTable {
  readonly #add: Statement<[number, string]>;
  readonly #clear: Statement<[number]>;
  readonly #count: Statement<[number], { n: number }>;
  readonly #missing: Statement<[number, number], { asset_id: string }>;
  readonly #dropMissing: Statement<[number]>;

  constructor(database: Database) {
    database.exec(`
      CREATE TEMP TABLE IF NOT EXISTS listed (
        mirror INTEGER NOT NULL,
        asset_id TEXT NOT NULL,
        PRIMARY KEY (mirror, asset_id)
      ) STRICT, WITHOUT ROWID`);
    this.#add = database.prepare('INSERT OR IGNORE INTO temp.listed (mirror, asset_id) VALUES (?, ?)');
    this.#clear = database.prepare('DELETE FROM temp.listed WHERE mirror = ?');
    this.#count = database.prepare('SELECT count(*) AS n FROM temp.listed WHERE mirror = ?');
    const isMissing = `NOT EXISTS (
      SELECT 1 FROM temp.listed l WHERE l.mirror = remote.mirror AND l.asset_id = remote.asset_id)`;
    this.#missing = database.prepare(
      `SELECT asset_id FROM remote WHERE mirror = ? AND ${isMissing} ORDER BY asset_id LIMIT ?`,
    );
    this.#dropMissing = database.prepare(`DELETE FROM remote WHERE mirror = ? AND ${isMissing}`);
  }

  /** @returns whether the listing shows it for the first time */
  add(mirror: number, assetId: string): boolean {
    return this.#add.run(mirror, assetId).changes > 0;
  }

  clear(mirror: number): void {
    this.#clear.run(mirror);
  }

  count(mirror: number): number {
    return this.#count.get(mirror)?.n ?? 0;
  }

  /** IDs of assets that are known and that the listing has not shown; at most so many. */
  missing(mirror: number, most: number): string[] {
    return this.#missing.all(mirror, most).map((row) => row.asset_id);
  }

  /** Forgets every asset that the listing has not shown. */
  dropMissing(mirror: number): void {
    this.#dropMissing.run(mirror);
  }
}
