import type { Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { Database } from './database.ts';

/**
 * `regular` and `reserve`: an ingestion session that was created, or may have been; one that took the slot that is kept for edits.
 * `unknown`: what was spent up to then, and what is on its way since, nobody knows any more.
 */
export type SpendKind = 'regular' | 'reserve' | 'unknown';

const kinds: readonly SpendKind[] = ['regular', 'reserve', 'unknown'];

export interface Spend {
  /** By our clock. */
  readonly at: number;
  readonly kind: SpendKind;
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
    this.#insert.run(organizationId, spend.at, kinds.indexOf(spend.kind));
  }

  /** In the order of time. */
  since(organizationId: string, at: number): Spend[] {
    return this.#since
      .all(organizationId, at)
      .map((row) => ({ at: row.at, kind: kinds[row.reserve] ?? 'regular' }));
  }

  prune(organizationId: string, until: number): void {
    this.#prune.run(organizationId, until);
  }
}

const spendRow = z.object({ organization_id: z.string(), at: z.number().nullable() });

/** A session that was created longer ago is over, and listed. Milliseconds. */
const longestSessionMs = 60 * 60_000;

/**
 * Which files are on their way to the service is lost: until `at` all of the budget counts as spent, so that no session is begun before a
 * listing shows what those of that time have brought.
 *
 * @param at when the manifest was last written to
 * @param areSpendsKnown then an organization without a session in the hour before that does not wait
 */
export function markSpendsUnknown(database: Database, at: number, areSpendsKnown: boolean): void {
  const last = database
    .prepare(
      'SELECT m.organization_id, max(s.at) AS at FROM mirror m LEFT JOIN session_spend s USING (organization_id) GROUP BY m.organization_id',
    )
    .all()
    .map((row) => spendRow.parse(row));
  const spends = new SpendTable(database);
  for (const { organization_id: organizationId, at: known } of last) {
    const isOver = known === null || at - known > longestSessionMs;
    if (!areSpendsKnown || !isOver) spends.add(organizationId, { at, kind: 'unknown' });
  }
}
