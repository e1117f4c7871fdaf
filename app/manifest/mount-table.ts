import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** Folders in a mirror that were disks of their own when they were last seen. */
export class MountTable {
  readonly #add: Statement<[number, string]>;
  readonly #delete: Statement<[number, string]>;
  readonly #all: Statement<[number], { folder: string }>;

  constructor(database: Database) {
    this.#add = database.prepare('INSERT INTO mount (mirror, folder) VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#delete = database.prepare('DELETE FROM mount WHERE mirror = ? AND folder = ?');
    this.#all = database.prepare('SELECT folder FROM mount WHERE mirror = ? ORDER BY folder');
  }

  add(mirror: number, folder: string): void {
    this.#add.run(mirror, folder);
  }

  delete(mirror: number, folder: string): void {
    this.#delete.run(mirror, folder);
  }

  /** Paths relative to the mirror's folder. */
  all(mirror: number): string[] {
    return this.#all.all(mirror).map(({ folder }) => folder);
  }
}
