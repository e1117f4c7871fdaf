import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { type Database, openDatabase } from '../../app/manifest/database.ts';
import { type KeptTable, keptTables } from '../../app/manifest/kept-copy.ts';
import { type Manifest, manifestOn } from '../../app/manifest/manifest.ts';
import { markSpendsUnknown } from '../../app/manifest/spend-table.ts';
import { columnsOf } from '../../app/manifest/table-columns.ts';

export interface KillableManifestOptions {
  /** Called in the moment after the commit that `killAfterCommits` says. */
  readonly onKill: () => void;
  /** Called with what it leaves behind when it is closed in order. */
  readonly onClose: (left: Buffer) => void;
  /** Milliseconds of a clock that only goes on. */
  readonly steady: () => number;
  /** Milliseconds since the epoch. */
  readonly wall: () => number;
}

/**
 * A manifest in memory that can be taken as it is at any moment, as a kill of its process would leave it: with what is committed, and
 * without the rest.
 */
export class KillableManifest {
  readonly manifest: Manifest;
  readonly database: Database;
  #commits = 0;
  #killAt = Number.POSITIVE_INFINITY;
  /** What each commit has left, while a power cut is expected. */
  #history: { readonly at: number; readonly left: Buffer }[] | null = null;
  readonly #steady: () => number;
  readonly #wall: () => number;

  /**
   * @param from what an earlier one has left; null: a new one
   */
  constructor(from: Buffer | null, { onKill, onClose, steady, wall }: KillableManifestOptions) {
    this.#steady = steady;
    this.#wall = wall;
    this.database = from === null ? openDatabase(':memory:') : reopen(from);
    const plain = manifestOn(this.database);
    this.manifest = {
      ...plain,
      transaction: (change) => {
        const isOutermost = !this.database.inTransaction;
        const result = plain.transaction(change);
        if (isOutermost) {
          this.#commits += 1;
          this.#remember();
          if (this.#commits >= this.#killAt) {
            this.#killAt = Number.POSITIVE_INFINITY;
            onKill();
          }
        }
        return result;
      },
      close: () => {
        onClose(this.database.serialize());
        plain.close();
      },
    };
  }

  /** Its memory is given back, after whoever used it has ended. */
  dispose(): void {
    this.#history = null;
    this.database.close();
  }

  /** Kills with the commit after so many others. */
  killAfterCommits(commits: number): void {
    this.#killAt = this.#commits + commits;
  }

  /** From now on it is remembered what each commit has left: a power cut is going to take some of them away. */
  expectPowerCut(): void {
    this.#history ??= [{ at: this.#steady(), left: this.database.serialize() }];
  }

  /** What a power cut leaves: what was committed so many milliseconds ago, or as far back as is remembered. Null within a transaction. */
  snapshotBefore(lostMs: number): Buffer | null {
    const now = this.snapshot();
    if (now === null || this.#history === null) return now;
    const at = this.#steady() - lostMs;
    const before = (this.#history.findLast((state) => state.at <= at) ?? this.#history[0])?.left ?? now;
    return before.equals(now) ? now : withKept(before, now, this.#wall());
  }

  #remember(): void {
    this.#history?.push({ at: this.#steady(), left: this.database.serialize() });
  }

  /** What is committed; null in the middle of a transaction, where no kill can be told from one just before it. */
  snapshot(): Buffer | null {
    return this.database.inTransaction ? null : this.database.serialize();
  }
}

/** An older state with what has a copy of its own that is flushed with every commit, as the next start puts it back. */
function withKept(before: Buffer, latest: Buffer, now: number): Buffer {
  const database = reopen(before);
  const kept = reopen(latest);
  try {
    database.transaction(() => {
      for (const table of keptTables) putBack(database, kept, table);
    })();
    markSpendsUnknown(database, now, true);
    return database.serialize();
  } finally {
    database.close();
    kept.close();
  }
}

function putBack(database: Database, kept: Database, { name, except }: KeptTable): void {
  const all = columnsOf(database, 'main', name);
  const columns = all.map((column) => column.name).filter((column) => !except.includes(column));
  const key = all.filter((column) => column.key > 0).map((column) => column.name);
  const rowsOf = (from: Database, names: readonly string[]) =>
    z.array(z.array(z.unknown())).parse(
      from
        .prepare(`SELECT ${names.join(', ')} FROM ${name}`)
        .safeIntegers()
        .raw()
        .all(),
    );
  const isKey = key.map((column) => `${column} = ?`).join(' AND ');
  const there = kept.prepare(`SELECT 1 FROM ${name} WHERE ${isKey}`);
  for (const row of rowsOf(database, key)) {
    if (there.get(...row) === undefined) database.prepare(`DELETE FROM ${name} WHERE ${isKey}`).run(...row);
  }
  const others = columns.filter((column) => !key.includes(column));
  const update = others.map((column) => `${column} = excluded.${column}`).join(', ');
  const put =
    database.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${key.join(', ')}) DO ${others.length === 0 ? 'NOTHING' : `UPDATE SET ${update}`}`);
  for (const row of rowsOf(kept, columns)) put.run(...row);
}

function reopen(from: Buffer): Database {
  const database = new Sqlite(from);
  database.pragma('foreign_keys = ON');
  database.pragma('temp_store = MEMORY');
  return database;
}
