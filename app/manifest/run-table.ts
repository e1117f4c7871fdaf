import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** One run of an engine on this manifest, from its opening to its end. */
export interface Run {
  /** Higher than that of any run before. */
  readonly number: number;
  /** True when the run before did not end by itself: its process was killed, or the power went. */
  readonly isAfterKill: boolean;
  /** When the whole file was last checked for damage, milliseconds since the epoch; 0: never. */
  readonly checkedAt: number;
}

interface RunRow {
  number: number;
  is_open: number;
  checked_at: number;
}

/** What the manifest knows of the runs of its engine. */
export class RunTable {
  readonly #get: Statement<[], RunRow>;
  readonly #begin: Statement<[]>;
  readonly #end: Statement<[]>;
  readonly #checked: Statement<[number]>;

  constructor(database: Database) {
    this.#get = database.prepare('SELECT number, is_open, checked_at FROM run');
    this.#begin = database.prepare('UPDATE run SET number = number + 1, is_open = 1');
    this.#end = database.prepare('UPDATE run SET is_open = 0');
    this.#checked = database.prepare('UPDATE run SET checked_at = ?');
  }

  begin(): Run {
    const before = this.#get.get();
    this.#begin.run();
    return {
      number: (before?.number ?? 0) + 1,
      isAfterKill: before?.is_open === 1,
      checkedAt: before?.checked_at ?? 0,
    };
  }

  end(): void {
    this.#end.run();
  }

  setChecked(at: number): void {
    this.#checked.run(at);
  }
}
