import type { Statement } from 'better-sqlite3';
import { type Activity, type ActivityKind, activitySchema, type Told, toldSchema } from '../contract.ts';
import type { Database } from './database.ts';
import { likeText } from './like-text.ts';
import { foldForSearch } from './path-key.ts';

/** How many activities are kept; older ones are dropped. */
const mostActivities = 10_000;

interface ActivityRow {
  id: number;
  at: number;
  mirror_id: string;
  kind: string;
  path: string | null;
  message: string;
  told: string | null;
}

/** Which activities. What is left out does not matter. */
export interface ActivityQuery {
  /** Of this mirror; null: of all. */
  readonly mirror?: number | null | undefined;
  /** Only those before the one with this ID. */
  readonly before?: number | null | undefined;
  readonly kinds?: readonly ActivityKind[] | undefined;
  /** Part of the path or the message, whatever its case. */
  readonly search?: string | undefined;
  /** Of this path alone. */
  readonly path?: string | undefined;
}

/** What has happened, for a person to read. */
export class ActivityTable {
  readonly #insert: Statement<[number, number, string, string | null, string, string | null]>;
  readonly #database: Database;
  readonly #pages = new Map<string, Statement<unknown[], ActivityRow>>();
  readonly #prune: Statement<[number]>;

  constructor(database: Database) {
    this.#database = database;
    // SQLite itself folds ASCII alone.
    database.function('folded', { deterministic: true }, (text) =>
      typeof text === 'string' ? foldForSearch(text) : text,
    );
    this.#insert = database.prepare(
      'INSERT INTO activity (mirror, at, kind, path, message, told) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#prune = database.prepare('DELETE FROM activity WHERE id <= ?');
  }

  add(mirror: number, activity: Omit<Activity, 'id' | 'mirrorId'>): number {
    const { at, kind, path, message, told } = activity;
    const column = told === undefined ? null : JSON.stringify(told);
    const id = Number(this.#insert.run(mirror, at, kind, path, message, column).lastInsertRowid);
    if (id % 1000 === 0) this.#prune.run(id - mostActivities);
    return id;
  }

  /** The newest first. */
  newest(limit: number, query: ActivityQuery = {}): Activity[] {
    const where: string[] = [];
    const values: unknown[] = [];
    const add = (condition: string, ...given: unknown[]) => {
      where.push(condition);
      values.push(...given);
    };
    const { mirror = null, before = null, kinds, search = '', path } = query;
    if (mirror !== null) add('a.mirror = ?', mirror);
    if (before !== null) add('a.id < ?', before);
    if (path !== undefined) add('a.path = ?', path);
    if (kinds !== undefined) add(`a.kind IN (${kinds.map(() => '?').join(', ')})`, ...kinds);
    if (search !== '') {
      const text = likeText(search);
      add(`(folded(a.message) LIKE ? ESCAPE '\\' OR folded(a.path) LIKE ? ESCAPE '\\')`, text, text);
    }
    return this.#page(where)
      .all(...values, limit)
      .map((row) =>
        activitySchema.parse({
          id: row.id,
          at: row.at,
          mirrorId: row.mirror_id,
          kind: row.kind,
          path: row.path,
          message: row.message,
          told: toldFrom(row.told),
        }),
      );
  }

  #page(where: readonly string[]): Statement<unknown[], ActivityRow> {
    const condition = where.length === 0 ? 'true' : where.join(' AND ');
    let statement = this.#pages.get(condition);
    if (statement === undefined) {
      statement = this.#database.prepare<unknown[], ActivityRow>(`
        SELECT a.id, a.at, m.mirror_id, a.kind, a.path, a.message, a.told FROM activity a
        JOIN mirror m ON m.id = a.mirror AND m.removed_at IS NULL
        WHERE ${condition} ORDER BY a.id DESC LIMIT ?`);
      this.#pages.set(condition, statement);
    }
    return statement;
  }
}

function toldFrom(column: string | null): Told | undefined {
  return column === null ? undefined : toldSchema.parse(JSON.parse(column));
}
