import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

export type TrashReason = 'replaced-by-download';

/** A file that was taken out of the folder and can be got back. Paths are relative to the mirror's folder. */
export interface TrashRecord {
  readonly id: number;
  /** Where it was. */
  readonly path: string;
  /** Where it is now. */
  readonly trashPath: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly reason: TrashReason;
}

interface TrashRow {
  id: number;
  path: string;
  trash_path: string;
  size: number;
  sha256: string | null;
  reason: TrashReason;
}

/**
 * What lies in the trash. A row is `moving` from before the file is moved until whatever replaces it is in place: one that is found
 * moving after a kill tells where the file went.
 */
export class TrashTable {
  readonly #insert: Statement<unknown[]>;
  readonly #keep: Statement<[number]>;
  readonly #delete: Statement<[number]>;
  readonly #moving: Statement<[number], TrashRow>;
  readonly #all: Statement<[number], TrashRow>;

  constructor(database: Database) {
    this.#insert = database.prepare(`
      INSERT INTO trash (mirror, path, trash_path, size, sha256, reason, step, at) VALUES (?, ?, ?, ?, ?, ?, 'moving', ?)`);
    this.#keep = database.prepare(`UPDATE trash SET step = 'kept' WHERE id = ?`);
    this.#delete = database.prepare('DELETE FROM trash WHERE id = ?');
    const select = 'SELECT id, path, trash_path, size, sha256, reason FROM trash WHERE mirror = ?';
    this.#moving = database.prepare(`${select} AND step = 'moving' ORDER BY id`);
    this.#all = database.prepare(`${select} AND step = 'kept' ORDER BY id DESC`);
  }

  insert(mirror: number, file: Omit<TrashRecord, 'id'>, at: number): number {
    const { path, trashPath, size, sha256, reason } = file;
    return Number(this.#insert.run(mirror, path, trashPath, size, sha256, reason, at).lastInsertRowid);
  }

  keep(id: number): void {
    this.#keep.run(id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  moving(mirror: number): TrashRecord[] {
    return this.#moving.all(mirror).map(trashFrom);
  }

  /** The newest first. */
  all(mirror: number): TrashRecord[] {
    return this.#all.all(mirror).map(trashFrom);
  }
}

function trashFrom(row: TrashRow): TrashRecord {
  const { id, path, size, sha256, reason } = row;
  return { id, path, trashPath: row.trash_path, size, sha256, reason };
}
