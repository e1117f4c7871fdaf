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
  readonly #newest: Statement<[{ mirror: number | null; before: number | null; limit: number }], ActivityRow>;
  readonly #prune: Statement<[number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO activity (mirror, at, kind, path, message) VALUES (?, ?, ?, ?, ?)',
    );
    this.#newest = database.prepare(`
      SELECT a.id, a.at, m.mirror_id, a.kind, a.path, a.message FROM activity a
      JOIN mirror m ON m.id = a.mirror AND m.removed_at IS NULL
      WHERE (@mirror IS NULL OR a.mirror = @mirror) AND (@before IS NULL OR a.id < @before) ORDER BY a.id DESC LIMIT @limit`);
    this.#prune = database.prepare('DELETE FROM activity WHERE id <= ?');
  }

  add(mirror: number, activity: Omit<Activity, 'id' | 'mirrorId'>): number {
    const { at, kind, path, message } = activity;
    const id = Number(this.#insert.run(mirror, at, kind, path, message).lastInsertRowid);
    if (id % 1000 === 0) this.#prune.run(id - mostActivities);
    return id;
  }

  /** The newest first; of all mirrors when `mirror` is null; only those before the one with the ID `before`, if that is given. */
  newest(limit: number, mirror: number | null = null, before: number | null = null): Activity[] {
    return this.#newest.all({ mirror, before, limit }).map((row) =>
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
