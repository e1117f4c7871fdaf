import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** Where something was missing, so that it was deleted on the other side. */
export type DeletionSide = 'here' | 'there';

/** When deletions were carried out, for the guard against too many of them. */
export class DeletionTable {
  readonly #insert: Statement<[number, DeletionSide, number]>;
  readonly #since: Statement<[number, DeletionSide, number], { n: number }>;
  readonly #prune: Statement<[number, number]>;

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT INTO deletion (mirror, side, at) VALUES (?, ?, ?)');
    this.#since = database.prepare(
      'SELECT count(*) AS n FROM deletion WHERE mirror = ? AND side = ? AND at >= ?',
    );
    this.#prune = database.prepare('DELETE FROM deletion WHERE mirror = ? AND at < ?');
  }

  /** @param keepMs how long deletions count */
  add(mirror: number, side: DeletionSide, at: number, keepMs = 24 * 60 * 60_000): void {
    this.#prune.run(mirror, at - keepMs);
    this.#insert.run(mirror, side, at);
  }

  /** How many there were since then; the time is in milliseconds since the epoch. */
  since(mirror: number, side: DeletionSide, from: number): number {
    return this.#since.get(mirror, side, from)?.n ?? 0;
  }
}
