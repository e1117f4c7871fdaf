import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** One ingestion session that was created, or may have been. */
export interface Spend {
  /** By our clock. */
  readonly at: number;
  /** Whether it took the slot that is kept for edits. */
  readonly isReserve: boolean;
}

/** When ingestion sessions were created, for the budget that the service gives each organization. */
export class SpendTable {
  readonly #insert: Statement<[string, number, number]>;
  readonly #since: Statement<[string, number], { at: number; reserve: number }>;
  readonly #prune: Statement<[string, number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO session_spend (organization_id, at, reserve) VALUES (?, ?, ?)',
    );
    this.#since = database.prepare(
      'SELECT at, reserve FROM session_spend WHERE organization_id = ? AND at > ? ORDER BY at',
    );
    this.#prune = database.prepare('DELETE FROM session_spend WHERE organization_id = ? AND at <= ?');
  }

  add(organizationId: string, spend: Spend): void {
    this.#insert.run(organizationId, spend.at, spend.isReserve ? 1 : 0);
  }

  /** In the order of time. */
  since(organizationId: string, at: number): Spend[] {
    return this.#since.all(organizationId, at).map((row) => ({ at: row.at, isReserve: row.reserve === 1 }));
  }

  prune(organizationId: string, until: number): void {
    this.#prune.run(organizationId, until);
  }
}
