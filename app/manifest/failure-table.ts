import type { Statement } from 'better-sqlite3';
import type { Problem } from '../contract.ts';
import { problemColumn, problemFrom } from './column-values.ts';
import type { Database } from './database.ts';

/** A transfer that did not work, and when it may be tried again. */
export interface Failure {
  readonly item: string;
  /** What was to be transferred; the failure says nothing about anything else. */
  readonly fingerprint: string;
  readonly problem: Problem;
  readonly tries: number;
  /** Null: not before the file, the asset or a person's wish changes. */
  readonly nextAt: number | null;
}

interface FailureRow {
  item: string;
  fingerprint: string;
  problem: string;
  tries: number;
  next_at: number | null;
}

export class FailureTable {
  readonly #put: Statement<[number, string, string, string | null, number, number | null]>;
  readonly #get: Statement<[number, string], FailureRow>;
  readonly #delete: Statement<[number, string]>;
  readonly #next: Statement<[number, number], { at: number | null }>;
  readonly #retry: Statement<[number, number]>;
  readonly #clear: Statement<[number]>;

  constructor(database: Database) {
    this.#put = database.prepare(`
      INSERT INTO failure (mirror, item, fingerprint, problem, tries, next_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (mirror, item) DO UPDATE SET fingerprint = excluded.fingerprint, problem = excluded.problem,
        tries = excluded.tries, next_at = excluded.next_at`);
    this.#get = database.prepare('SELECT * FROM failure WHERE mirror = ? AND item = ?');
    this.#delete = database.prepare('DELETE FROM failure WHERE mirror = ? AND item = ?');
    this.#next = database.prepare('SELECT min(next_at) AS at FROM failure WHERE mirror = ? AND next_at > ?');
    this.#retry = database.prepare('UPDATE failure SET next_at = ? WHERE mirror = ? AND next_at IS NOT NULL');
    this.#clear = database.prepare('DELETE FROM failure WHERE mirror = ?');
  }

  put(mirror: number, failure: Failure): void {
    const { item, fingerprint, problem, tries, nextAt } = failure;
    this.#put.run(mirror, item, fingerprint, problemColumn(problem), tries, nextAt);
  }

  /** The failure of just this transfer; null when there is none, or one of another version. */
  get(mirror: number, item: string, fingerprint: string): Failure | null {
    const row = this.#get.get(mirror, item);
    if (row === undefined || row.fingerprint !== fingerprint) return null;
    const problem = problemFrom(row.problem);
    if (problem === null) return null;
    return { item, fingerprint, problem, tries: row.tries, nextAt: row.next_at };
  }

  delete(mirror: number, item: string): void {
    this.#delete.run(mirror, item);
  }

  /** When the next failed transfer may be tried again; null when none waits. */
  nextAt(mirror: number, after: number): number | null {
    return this.#next.get(mirror, after)?.at ?? null;
  }

  /** The service is back: what waits for its next try need not wait longer. */
  retryNow(mirror: number, now: number): void {
    this.#retry.run(now, mirror);
  }

  /** A person wants everything tried again. */
  clear(mirror: number): void {
    this.#clear.run(mirror);
  }
}
