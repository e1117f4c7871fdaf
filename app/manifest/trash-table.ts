import type { Statement } from 'better-sqlite3';
import type { TrashedFile } from '../contract.ts';
import type { Database } from './database.ts';

export type TrashReason = TrashedFile['reason'];

/** A file that was taken out of the folder and can be got back. Paths are relative to the mirror's folder. */
export interface TrashRecord {
  readonly id: number;
  /** Number of the mirror. */
  readonly mirror: number;
  /** Where it was. */
  readonly path: string;
  /** Where it is now. */
  readonly trashPath: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly reason: TrashReason;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface TrashRow {
  id: number;
  mirror: number;
  path: string;
  trash_path: string;
  size: number;
  sha256: string | null;
  reason: TrashReason;
  at: number;
}

/**
 * What lies in the trash. A row is `moving` from before the file is moved until whatever replaces it is in place: one that is found
 * moving after a kill tells where the file went.
 */
export class TrashTable {
  readonly #insert: Statement<unknown[]>;
  readonly #keep: Statement<[number]>;
  readonly #move: Statement<[number]>;
  readonly #delete: Statement<[number]>;
  readonly #get: Statement<[number], TrashRow>;
  readonly #moving: Statement<[number], TrashRow>;
  readonly #places: Statement<[number], { trash_path: string }>;
  readonly #page: Statement<[{ mirror: number | null; limit: number; offset: number }], TrashRow>;
  readonly #count: Statement<[{ mirror: number | null }], { n: number; bytes: number | null }>;
  readonly #before: Statement<[number, number], TrashRow>;

  constructor(database: Database) {
    this.#insert = database.prepare(`
      INSERT INTO trash (mirror, path, trash_path, size, sha256, reason, step, at) VALUES (?, ?, ?, ?, ?, ?, 'moving', ?)`);
    this.#keep = database.prepare(`UPDATE trash SET step = 'kept' WHERE id = ?`);
    this.#move = database.prepare(`UPDATE trash SET step = 'moving' WHERE id = ?`);
    this.#delete = database.prepare('DELETE FROM trash WHERE id = ?');
    const select = 'SELECT id, mirror, path, trash_path, size, sha256, reason, at FROM trash';
    const isKept = `step = 'kept' AND mirror IN (SELECT id FROM mirror WHERE removed_at IS NULL)`;
    this.#get = database.prepare(`${select} WHERE id = ? AND ${isKept}`);
    this.#moving = database.prepare(`${select} WHERE mirror = ? AND step = 'moving' ORDER BY id`);
    this.#places = database.prepare('SELECT trash_path FROM trash WHERE mirror = ?');
    const kept = `${isKept} AND (@mirror IS NULL OR mirror = @mirror)`;
    this.#page = database.prepare(
      `${select} WHERE ${kept} ORDER BY at DESC, id DESC LIMIT @limit OFFSET @offset`,
    );
    this.#count = database.prepare(`SELECT count(*) AS n, sum(size) AS bytes FROM trash WHERE ${kept}`);
    this.#before = database.prepare(
      `${select} WHERE mirror = ? AND step = 'kept' AND at < ? ORDER BY at LIMIT 1000`,
    );
  }

  insert(mirror: number, file: Omit<TrashRecord, 'id' | 'mirror' | 'at'>, at: number): number {
    const { path, trashPath, size, sha256, reason } = file;
    return Number(this.#insert.run(mirror, path, trashPath, size, sha256, reason, at).lastInsertRowid);
  }

  keep(id: number): void {
    this.#keep.run(id);
  }

  /** It is about to leave the trash for its place in the folder. */
  leave(id: number): void {
    this.#move.run(id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  /** Null: it is not in the trash (any more). */
  get(id: number): TrashRecord | null {
    const row = this.#get.get(id);
    return row === undefined ? null : trashFrom(row);
  }

  moving(mirror: number): TrashRecord[] {
    return this.#moving.all(mirror).map(trashFrom);
  }

  /** Paths in the trash of all that has a record. */
  places(mirror: number): string[] {
    return this.#places.all(mirror).map((row) => row.trash_path);
  }

  /** The newest first; of all mirrors when `mirror` is null. `bytes`: of all of them. */
  page(
    mirror: number | null,
    offset: number,
    limit: number,
  ): { total: number; bytes: number; items: TrashRecord[] } {
    const all = this.#count.get({ mirror });
    return {
      total: all?.n ?? 0,
      bytes: all?.bytes ?? 0,
      items: this.#page.all({ mirror, limit, offset }).map(trashFrom),
    };
  }

  /** The oldest of those that were put there before then, at most a thousand. */
  before(mirror: number, at: number): TrashRecord[] {
    return this.#before.all(mirror, at).map(trashFrom);
  }
}

function trashFrom({ trash_path: trashPath, ...row }: TrashRow): TrashRecord {
  return { ...row, trashPath };
}
