import type { Statement } from 'better-sqlite3';
import { type Activity, activitySchema } from '../contract.ts';
import type { Database } from './database.ts';

/** How many activities are kept; older ones are dropped. */
const mostActivities = 10_000;

interface ActivityRow {
  id: number;
  at: number;
  mirror_id: string;
  kind: string;
  path: string | null;
  message: string;
}

/** What has happened, for a person to read. */
export class ActivityTable {
  readonly #insert: Statement<[number, number, string, string | null, string]>;
  readonly #newest: Statement<[number], ActivityRow>;
  readonly #prune: Statement<[number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO activity (mirror, at, kind, path, message) VALUES (?, ?, ?, ?, ?)',
    );
    this.#newest = database.prepare(`
      SELECT a.id, a.at, m.mirror_id, a.kind, a.path, a.message FROM activity a JOIN mirror m ON m.id = a.mirror
      ORDER BY a.id DESC LIMIT ?`);
    this.#prune = database.prepare('DELETE FROM activity WHERE id <= ?');
  }

  add(mirror: number, activity: Omit<Activity, 'id' | 'mirrorId'>): number {
    const { at, kind, path, message } = activity;
    const id = Number(this.#insert.run(mirror, at, kind, path, message).lastInsertRowid);
    if (id % 1000 === 0) this.#prune.run(id - mostActivities);
    return id;
  }

  newest(limit: number): Activity[] {
    return this.#newest.all(limit).map((row) =>
      activitySchema.parse({
        id: row.id,
        at: row.at,
        mirrorId: row.mirror_id,
        kind: row.kind,
        path: row.path,
        message: row.message,
      }),
    );
  }
}
