import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** When ingestion sessions were created, for the budget that the service gives each organization. */
export class SpendTable {
  readonly #insert: Statement<[string, number]>;
  readonly #since: Statement<[string, number], { at: number }>;
  readonly #prune: Statement<[number]>;

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT INTO session_spend (organization_id, at) VALUES (?, ?)');
    this.#since = database.prepare(
      'SELECT at FROM session_spend WHERE organization_id = ? AND at > ? ORDER BY at',
    );
    this.#prune = database.prepare('DELETE FROM session_spend WHERE at <= ?');
  }

  add(organizationId: string, at: number): void {
    this.#insert.run(organizationId, at);
  }

  since(organizationId: string, at: number): number[] {
    return this.#since.all(organizationId, at).map((row) => row.at);
  }

  prune(before: number): void {
    this.#prune.run(before);
  }
}
