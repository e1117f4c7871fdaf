import type { Statement } from 'better-sqlite3';
import { answerSchema } from '../contract.ts';
import type { BoundAnswer } from '../plan/answers.ts';
import type { Database } from './database.ts';

interface AnswerRow {
  item: string;
  fingerprint: string;
  answer: string;
}

/** What people have answered, each for one item as it was when they saw it. The plan drops an answer when it is void, or done. */
export class AnswerTable {
  readonly #put: Statement<unknown[]>;
  readonly #delete: Statement<[number, string]>;
  readonly #all: Statement<[number], AnswerRow>;
  #version = 0;

  constructor(database: Database) {
    this.#put = database.prepare(`
      INSERT INTO decision (mirror, item, fingerprint, answer, answered_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (mirror, item) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer,
        answered_at = excluded.answered_at`);
    this.#delete = database.prepare('DELETE FROM decision WHERE mirror = ? AND item = ?');
    this.#all = database.prepare('SELECT item, fingerprint, answer FROM decision WHERE mirror = ?');
  }

  /** Another number each time that somebody has answered: an answer may come while a plan is being made. */
  get version(): number {
    return this.#version;
  }

  put(mirror: number, item: string, { fingerprint, ...answer }: BoundAnswer, at: number): void {
    this.#put.run(mirror, item, fingerprint, JSON.stringify(answer), at);
    this.#version += 1;
  }

  delete(mirror: number, item: string): void {
    this.#delete.run(mirror, item);
  }

  /** Item → answer. */
  all(mirror: number): Map<string, BoundAnswer> {
    return new Map(
      this.#all.all(mirror).map(({ item, fingerprint, answer }) => {
        return [item, { fingerprint, ...answerSchema.parse(JSON.parse(answer)) }];
      }),
    );
  }
}
