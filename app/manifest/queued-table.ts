import type { Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { Database } from './database.ts';
import type { Triple } from './differences.ts';

/** What waits for its turn. */
export const queuedKinds = [
  'upload',
  'overwrite',
  'download',
  'compare',
  'trash',
  'delete',
  'move-aside',
] as const;
export type QueuedKind = (typeof queuedKinds)[number];

/** All that waits to be done in the same way. */
export interface QueuedSum {
  readonly kind: QueuedKind;
  readonly files: number;
  /** To be moved; 0 where only one side changes. */
  readonly bytes: number;
}

const sumRow = z.object({ kind: z.enum(queuedKinds), files: z.number(), bytes: z.number() });

/**
 * Marks of what is decided and waits for its turn, so that a plan that has enough to do need not look at the rest again. A mark is on the
 * one row that was decided about: the base, or the file or asset that has none. It says nothing more than that: whoever begins the work
 * decides anew. Triggers take it away when the row changes, or anything that it may be paired with.
 */
export class QueuedTable {
  readonly #markBase: Statement<[string, number, string, string]>;
  readonly #markFile: Statement<[string, number, string, string]>;
  readonly #markAsset: Statement<[string, number, string, string]>;
  readonly #clear: readonly Statement<[number]>[];
  readonly #sums: Statement<[{ mirror: number }]>;

  constructor(database: Database) {
    const mark = (table: string, key: string): Statement<[string, number, string, string]> =>
      database.prepare(`UPDATE ${table} SET queued = ? WHERE mirror = ? AND ${key} = ? AND queued <> ?`);
    this.#markBase = mark('synced', 'key');
    this.#markFile = mark('local', 'key');
    this.#markAsset = mark('remote', 'asset_id');
    this.#clear = [
      `synced SET queued = '' WHERE mirror = ? AND settled = 0`,
      `local SET queued = '' WHERE mirror = ? AND bound = 0`,
      `remote SET queued = '' WHERE mirror = ? AND bound = 0`,
    ].map((rest) => database.prepare(`UPDATE ${rest} AND queued > ''`));
    // The kind decides which side's bytes move.
    this.#sums = database.prepare(`
      SELECT kind, sum(files) AS files, sum(bytes) AS bytes FROM (
        SELECT queued AS kind, count(*) AS files, sum(size) AS bytes FROM local INDEXED BY local_unbound
        WHERE mirror = @mirror AND bound = 0 AND queued > '' GROUP BY queued
        UNION ALL
        SELECT queued, count(*), total(size) FROM remote INDEXED BY remote_unbound
        WHERE mirror = @mirror AND bound = 0 AND queued > '' GROUP BY queued
        UNION ALL
        SELECT s.queued, count(*), total(CASE s.queued WHEN 'overwrite' THEN l.size WHEN 'upload' THEN l.size ELSE r.size END)
        FROM synced s INDEXED BY synced_unsettled
        LEFT JOIN local l ON l.mirror = s.mirror AND l.key = s.key
        LEFT JOIN remote r ON r.mirror = s.mirror AND r.asset_id = s.asset_id
        WHERE s.mirror = @mirror AND s.settled = 0 AND s.queued > '' GROUP BY s.queued
      ) GROUP BY kind`);
  }

  /** Marks what a decision was about. False where there are two rows, which are looked at with every plan. */
  mark(mirror: number, { synced, local, remote }: Triple, kind: QueuedKind): boolean {
    if (synced !== null) this.#markBase.run(kind, mirror, synced.key, kind);
    else if (remote === null && local !== null) this.#markFile.run(kind, mirror, local.key, kind);
    else if (local === null && remote !== null) this.#markAsset.run(kind, mirror, remote.assetId, kind);
    else return false;
    return true;
  }

  /** What was decided about these does not wait for its turn. */
  unmark(mirror: number, { synced, local, remote }: Triple): void {
    if (synced !== null) {
      this.#markBase.run('', mirror, synced.key, '');
      return;
    }
    if (local !== null) this.#markFile.run('', mirror, local.key, '');
    if (remote !== null) this.#markAsset.run('', mirror, remote.assetId, '');
  }

  /** Everything is to be decided about anew. */
  clear(mirror: number): void {
    for (const statement of this.#clear) statement.run(mirror);
  }

  /** Everything that is marked, by kind. */
  sums(mirror: number): QueuedSum[] {
    return z
      .array(sumRow)
      .parse(this.#sums.all({ mirror }))
      .map(({ kind, files, bytes }) => ({ kind, files, bytes: movesBytes(kind) ? bytes : 0 }));
  }
}

function movesBytes(kind: QueuedKind): boolean {
  return kind === 'upload' || kind === 'overwrite' || kind === 'download' || kind === 'compare';
}
