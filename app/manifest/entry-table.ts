import type { Statement } from 'better-sqlite3';
import {
  type FileState,
  fileStateSchema,
  type HoldReason,
  holdReasonSchema,
  type Problem,
} from '../contract.ts';
import { problemColumn, problemFrom } from './column-values.ts';
import type { Database } from './database.ts';
import { foldForSearch } from './path-key.ts';

/** The item of a file: something on the disk, or something that was there when it was last in sync. */
export function fileItem(key: string): string {
  return `f:${key}`;
}

/** The key of a file's item; null for an asset's. */
export function keyOfItem(item: string): string | null {
  return item.startsWith('f:') ? item.slice(2) : null;
}

/** The item of an asset that no file of this mirror has ever been. */
export function assetItem(assetId: string): string {
  return `a:${assetId}`;
}

/** What a person is asked, or may decide otherwise. */
export interface EntryHold {
  readonly reason: HoldReason;
  /** What an answer is bound to. */
  readonly fingerprint: string;
}

/** One line of a mirror's list of files. Derived: it can be dropped and made again at any time. */
export interface Entry {
  readonly item: string;
  readonly path: string;
  readonly state: FileState;
  /** Bytes. */
  readonly size: number | null;
  /** Of the file on disk, if there is one. */
  readonly key: string | null;
  readonly assetId: string | null;
  readonly problem: Problem | null;
  readonly hold: EntryHold | null;
}

/** An entry as a list shows it. */
export interface EntryRow extends Entry {
  readonly mime: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly annotations: number | null;
  readonly changedAt: number;
}

/** How many holds of one reason there are, and how many annotations their assets had when last seen. */
export interface HoldCount {
  readonly reason: HoldReason;
  /** True for what is left alone without an answer, and could be decided otherwise. */
  readonly isOptional: boolean;
  readonly count: number;
  readonly annotations: number;
  /** Assets of which the service tells no number. */
  readonly unknown: number;
}

interface HoldCountRow {
  reason: string;
  held: number;
  count: number;
  annotations: number | null;
  unknown: number;
}

export interface EntryQuery {
  readonly state?: FileState | undefined;
  readonly search?: string | undefined;
  readonly sort: 'path' | 'state' | 'size' | 'changedAt';
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface HeldQuery {
  readonly reason: HoldReason | null;
  /** Whatever its case and normal form. */
  readonly path: string | null;
  readonly includeOptional: boolean;
  readonly offset: number;
  readonly limit: number;
}

interface PageRow {
  item: string;
  path: string;
  state: string;
  size: number | null;
  key: string | null;
  asset_id: string | null;
  problem: string | null;
  hold: string | null;
  fingerprint: string | null;
  changed_at: number;
  mime: string | null;
  width: number | null;
  height: number | null;
  annotations: number | null;
}

/** Where an entry stands in the order of paths. */
export interface EntryPlace {
  readonly folded: string;
  readonly item: string;
}

/** A count for each state, all 0. */
export const noFiles: Readonly<Record<FileState, number>> = {
  'in-sync': 0,
  waiting: 0,
  uploading: 0,
  processing: 0,
  downloading: 0,
  'local-only': 0,
  'remote-only': 0,
  differs: 0,
  held: 0,
  problem: 0,
  ignored: 0,
};

const sortColumns = { path: '', state: 'e.state ', size: 'e.size ', changedAt: 'e.changed_at ' } as const;

/** What a person sees of a mirror, file by file, ready to be counted, searched, sorted and paged. */
export class EntryTable {
  readonly #database: Database;
  readonly #put: Statement<unknown[]>;
  readonly #setState: Statement<[FileState, string | null, number, number, string]>;
  readonly #delete: Statement<[number, string]>;
  readonly #hold: Statement<[number, string], { hold: string | null; fingerprint: string | null }>;
  readonly #holdCounts: Statement<[number], HoldCountRow>;
  readonly #counts: Statement<[number], { state: string; files: number }>;
  readonly #pages = new Map<string, Statement<unknown[], PageRow>>();
  readonly #totals = new Map<string, Statement<unknown[], { n: number }>>();

  constructor(database: Database) {
    this.#database = database;
    this.#put = database.prepare(`
      INSERT INTO entry (mirror, item, path, folded, state, size, key, asset_id, problem, hold, fingerprint, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (mirror, item) DO UPDATE SET path = excluded.path, folded = excluded.folded, state = excluded.state,
        size = excluded.size, key = excluded.key, asset_id = excluded.asset_id, problem = excluded.problem,
        hold = excluded.hold, fingerprint = excluded.fingerprint,
        changed_at = CASE WHEN state <> excluded.state OR problem IS NOT excluded.problem THEN excluded.changed_at ELSE changed_at END
      WHERE path <> excluded.path OR state <> excluded.state OR size IS NOT excluded.size OR key IS NOT excluded.key
        OR asset_id IS NOT excluded.asset_id OR problem IS NOT excluded.problem OR hold IS NOT excluded.hold
        OR fingerprint IS NOT excluded.fingerprint`);
    this.#setState = database.prepare(
      'UPDATE entry SET state = ?, problem = ?, changed_at = ?, hold = NULL, fingerprint = NULL WHERE mirror = ? AND item = ?',
    );
    this.#delete = database.prepare('DELETE FROM entry WHERE mirror = ? AND item = ?');
    this.#hold = database.prepare('SELECT hold, fingerprint FROM entry WHERE mirror = ? AND item = ?');
    this.#holdCounts = database.prepare(`
      SELECT e.hold AS reason, e.state = 'held' AS held, count(*) AS count, sum(r.annotations) AS annotations,
        count(r.asset_id) - count(r.annotations) AS unknown
      FROM entry e INDEXED BY entry_hold LEFT JOIN remote r ON r.mirror = e.mirror AND r.asset_id = e.asset_id
      WHERE e.mirror = ? AND e.hold IS NOT NULL GROUP BY e.hold, held ORDER BY e.hold, held DESC`);
    this.#counts = database.prepare('SELECT state, files FROM entry_count WHERE mirror = ?');
  }

  /** True when something about it is new. */
  put(mirror: number, entry: Entry, at: number): boolean {
    const { item, path, state, size, key, assetId, problem, hold } = entry;
    const folded = foldForSearch(path);
    return (
      this.#put.run(
        mirror,
        item,
        path,
        folded,
        state,
        size,
        key,
        assetId,
        problemColumn(problem),
        hold?.reason ?? null,
        hold?.fingerprint ?? null,
        at,
      ).changes > 0
    );
  }

  setState(mirror: number, item: string, state: FileState, problem: Problem | null, at: number): void {
    this.#setState.run(state, problemColumn(problem), at, mirror, item);
  }

  /** True when it was there. */
  delete(mirror: number, item: string): boolean {
    return this.#delete.run(mirror, item).changes > 0;
  }

  /** What is asked about an item now. */
  holdOf(mirror: number, item: string): EntryHold | null {
    const row = this.#hold.get(mirror, item);
    return row === undefined ? null : holdFrom(row);
  }

  /** What waits for a person, and what they may decide otherwise. */
  holdCounts(mirror: number): HoldCount[] {
    return this.#holdCounts.all(mirror).map((row) => ({
      reason: holdReasonSchema.parse(row.reason),
      isOptional: row.held === 0,
      count: row.count,
      annotations: row.annotations ?? 0,
      unknown: row.unknown,
    }));
  }

  /** The items with a question, in the order of paths; of one reason, or of one path, if that is given. */
  held(mirror: number, query: HeldQuery): { total: number; items: EntryRow[] } {
    const where = ['e.mirror = ?'];
    const values: unknown[] = [mirror];
    where.push(query.reason === null ? 'e.hold IS NOT NULL' : 'e.hold = ?');
    if (query.reason !== null) values.push(query.reason);
    if (!query.includeOptional) where.push(`e.state = 'held'`);
    if (query.path !== null) {
      where.push('e.folded = ?');
      values.push(foldForSearch(query.path));
    }
    const condition = where.join(' AND ');
    const statement = this.#pageOf(`${condition} ORDER BY e.folded, e.item`, 'e.folded, e.item');
    const items = statement.all(...values, query.limit, query.offset).map(entryFrom);
    const total =
      query.path === null ? this.#heldTotal(mirror, query) : this.#countOf(condition).get(...values)?.n;
    return { total: total ?? 0, items };
  }

  #heldTotal(mirror: number, { reason, includeOptional }: HeldQuery): number {
    return this.holdCounts(mirror)
      .filter((each) => reason === null || each.reason === reason)
      .filter(({ isOptional }) => includeOptional || !isOptional)
      .reduce((sum, { count }) => sum + count, 0);
  }

  get(mirror: number, item: string): EntryRow | null {
    const order = 'e.item';
    const row = this.#pageOf(`e.mirror = ? AND e.item = ?`, order).get(mirror, item, 1, 0);
    return row === undefined ? null : entryFrom(row);
  }

  /** The item of exactly this path; where two have it, the file's rather than an asset's. */
  atPath(mirror: number, path: string): EntryRow | null {
    const order = 'e.item DESC';
    const statement = this.#pageOf(`e.mirror = ? AND e.folded = ? AND e.path = ? ORDER BY ${order}`, order);
    const row = statement.get(mirror, foldForSearch(path), path, 1, 0);
    return row === undefined ? null : entryFrom(row);
  }

  /** The items after this one, in the order of paths; the first ones when `after` is null. */
  following(mirror: number, after: EntryPlace | null, limit: number): EntryRow[] {
    const order = 'e.folded, e.item';
    const condition = `e.mirror = ? AND (e.folded, e.item) > (?, ?) ORDER BY ${order}`;
    const { folded, item } = after ?? { folded: '', item: '' };
    return this.#pageOf(condition, order).all(mirror, folded, item, limit, 0).map(entryFrom);
  }

  /** Number of files in each state; a state without files is 0. */
  counts(mirror: number): Record<FileState, number> {
    const counts = { ...noFiles };
    for (const row of this.#counts.all(mirror)) counts[fileStateSchema.parse(row.state)] = row.files;
    return counts;
  }

  page(mirror: number, query: EntryQuery): { total: number; items: EntryRow[] } {
    const where = ['e.mirror = ?'];
    const values: unknown[] = [mirror];
    if (query.state !== undefined) {
      where.push('e.state = ?');
      values.push(query.state);
    }
    if (query.search !== undefined && query.search !== '') {
      // A third of the time that LIKE takes.
      where.push('instr(e.folded, ?) > 0');
      values.push(foldForSearch(query.search));
    }
    const condition = where.join(' AND ');
    return {
      total: this.#total(mirror, query, condition, values),
      items: this.#page(query, condition)
        .all(...values, query.limit, query.offset)
        .map(entryFrom),
    };
  }

  #total(mirror: number, query: EntryQuery, condition: string, values: unknown[]): number {
    if (query.search === undefined || query.search === '') {
      const counts = this.counts(mirror);
      if (query.state !== undefined) return counts[query.state];
      return Object.values(counts).reduce((sum, files) => sum + files, 0);
    }
    return this.#countOf(condition).get(...values)?.n ?? 0;
  }

  #countOf(condition: string): Statement<unknown[], { n: number }> {
    let statement = this.#totals.get(condition);
    if (statement === undefined) {
      statement = this.#database.prepare<unknown[], { n: number }>(
        `SELECT count(*) AS n FROM entry e WHERE ${condition}`,
      );
      this.#totals.set(condition, statement);
    }
    return statement;
  }

  #page(query: EntryQuery, condition: string): Statement<unknown[], PageRow> {
    const direction = query.descending ? 'DESC' : 'ASC';
    const sort = sortColumns[query.sort];
    const order = `${sort === '' ? '' : `${sort}${direction}, `}e.folded ${direction}, e.item ${direction}`;
    return this.#pageOf(`${condition} ORDER BY ${order}`, order);
  }

  /** Entries with what both sides say of them. Its last two values are how many, and from which on. */
  #pageOf(text: string, order: string): Statement<unknown[], PageRow> {
    let statement = this.#pages.get(text);
    if (statement === undefined) {
      // The page is cut in the index alone; the other tables are asked for its few rows only.
      statement = this.#database.prepare<unknown[], PageRow>(`
        WITH page AS MATERIALIZED (SELECT e.mirror, e.item FROM entry e WHERE ${text} LIMIT ? OFFSET ?)
        SELECT e.item, e.path, e.state, e.size, e.key, e.asset_id, e.problem, e.hold, e.fingerprint, e.changed_at, coalesce(l.mime, r.mime) AS mime,
          coalesce(l.width, r.width) AS width, coalesce(l.height, r.height) AS height, r.annotations
        FROM page CROSS JOIN entry e ON e.mirror = page.mirror AND e.item = page.item
        LEFT JOIN local l ON l.mirror = e.mirror AND l.key = e.key
        LEFT JOIN remote r ON r.mirror = e.mirror AND r.asset_id = e.asset_id
        ORDER BY ${order}`);
      this.#pages.set(text, statement);
    }
    return statement;
  }
}

function entryFrom(row: PageRow): EntryRow {
  return {
    item: row.item,
    path: row.path,
    state: fileStateSchema.parse(row.state),
    size: row.size,
    key: row.key,
    assetId: row.asset_id,
    problem: problemFrom(row.problem),
    hold: holdFrom(row),
    mime: row.mime,
    width: row.width,
    height: row.height,
    annotations: row.annotations,
    changedAt: row.changed_at,
  };
}

function holdFrom(row: { hold: string | null; fingerprint: string | null }): EntryHold | null {
  if (row.hold === null || row.fingerprint === null) return null;
  return { reason: holdReasonSchema.parse(row.hold), fingerprint: row.fingerprint };
}
