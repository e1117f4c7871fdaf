import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';
import { type LocalRow, localColumns, localFrom } from './local-table.ts';
import type { LocalFile, RemoteFile, SyncedBase } from './observations.ts';
import type { QueuedKind } from './queued-table.ts';
import { type RemoteRow, remoteColumns, remoteFrom } from './remote-table.ts';
import { type SyncedRow, syncedColumns, syncedFrom } from './synced-table.ts';

/** What the three trees say about one file. */
export interface Triple {
  readonly local: LocalFile | null;
  readonly remote: RemoteFile | null;
  readonly synced: SyncedBase | null;
}

/** A file that was synced at one path and is seen at another. */
export interface MovedFile {
  readonly synced: SyncedBase;
  readonly local: LocalFile;
}

/** Those that wait to be done in this way; '': those that are to be looked at. */
export type Queued = QueuedKind | '';

/** Rows read at once: a plan of a million differences holds no more than these. */
const pageSize = 2000;

/**
 * The queries that find what a plan must look at. The indexes are named: without statistics the database would at times walk through
 * all rows in the wanted order where it should look up a few. Each costs as much as what differs, not as much as there is: indexes hold the
 * unsettled rows alone.
 */
export class Differences {
  readonly #unsettled: Statement<[number, string, string, number], LocalRow & RemoteRow & SyncedRow>;
  readonly #unboundRemote: Statement<[number, string, string, number], RemoteRow>;
  readonly #unboundLocal: Statement<[number, string, string, number], LocalRow>;
  readonly #unboundByName: Statement<[number, string], LocalRow>;
  readonly #nextByName: Statement<[number, string, string], { key: string; path: string; sha256: string }>;
  readonly #remoteByName: Statement<[number, string], RemoteRow>;
  readonly #firstForPlace: Statement<[number, string], { asset_id: string }>;
  readonly #movedSame: Statement<[number], LocalRow & SyncedRow>;
  readonly #movedOver: Statement<[number], LocalRow & SyncedRow>;
  readonly #movedCopy: Statement<[number], LocalRow & SyncedRow>;
  readonly #syncedContent: Statement<[number, string, string], { path: string }>;
  readonly #remoteContent: Statement<[number, string], { filename: string }>;
  readonly #localContent: Statement<[number, string, string], { path: string }>;
  readonly #endOfPage: Statement<[number, string, number], { key: string }>;
  readonly #unsettleDiffering: Statement<[{ mirror: number; after: string; last: string }]>;
  readonly #unsettleAll: Statement<[number]>;
  readonly #goneHere: Statement<[number], { path: string }>;
  readonly #goneThere: Statement<[number], { path: string }>;

  constructor(database: Database) {
    this.#unsettled = database
      .prepare<[number, string, string, number], LocalRow & RemoteRow & SyncedRow>(`
        SELECT ${syncedColumns}, ${localColumns}, ${remoteColumns('r')} FROM synced s INDEXED BY synced_unsettled
        LEFT JOIN local l ON l.mirror = s.mirror AND l.key = s.key
        LEFT JOIN remote r ON r.mirror = s.mirror AND r.asset_id = s.asset_id
        WHERE s.mirror = ? AND s.settled = 0 AND s.queued = ? AND s.key > ? ORDER BY s.key LIMIT ?`)
      .safeIntegers();
    // An asset that was uploaded anew under another ID belongs to the base of its name, not to a new file.
    this.#unboundRemote = database
      .prepare<[number, string, string, number], RemoteRow>(`
        SELECT ${remoteColumns('r')} FROM remote r INDEXED BY remote_unbound
        WHERE r.mirror = ? AND r.bound = 0 AND r.queued = ? AND r.asset_id > ?
          AND NOT EXISTS (SELECT 1 FROM synced s INDEXED BY synced_filename
            WHERE s.mirror = r.mirror AND s.filename = r.filename AND NOT EXISTS (SELECT 1 FROM remote x
              WHERE x.mirror = s.mirror AND x.asset_id = s.asset_id))
        ORDER BY r.asset_id LIMIT ?`)
      .safeIntegers();
    const unbound = (index: string) =>
      `SELECT ${localColumns} FROM local l INDEXED BY ${index} WHERE l.mirror = ? AND l.bound = 0`;
    this.#unboundLocal = database
      .prepare<[number, string, string, number], LocalRow>(
        `${unbound('local_unbound')} AND l.queued = ? AND l.key > ? ORDER BY l.key LIMIT ?`,
      )
      .safeIntegers();
    this.#unboundByName = database
      .prepare<[number, string], LocalRow>(
        `${unbound('local_remote_name')} AND l.remote_name = ? ORDER BY l.key`,
      )
      .safeIntegers();
    this.#nextByName = database.prepare(`
      SELECT key, path, sha256 FROM local INDEXED BY local_remote_name
      WHERE mirror = ? AND remote_name = ? AND key > ? AND bound = 0 AND problem IS NULL AND sha256 IS NOT NULL ORDER BY key LIMIT 1`);
    this.#remoteByName = database
      .prepare<[number, string], RemoteRow>(`
        SELECT ${remoteColumns('r')} FROM remote r INDEXED BY remote_filename
        WHERE r.mirror = ? AND r.bound = 0 AND r.filename = ? ORDER BY r.contents_updated DESC LIMIT 1`)
      .safeIntegers();
    this.#firstForPlace = database.prepare(`
      SELECT asset_id FROM remote INDEXED BY remote_target WHERE mirror = ? AND target_key = ? AND bound = 0
      ORDER BY filename, asset_id LIMIT 1`);
    const leftItsPlace = `NOT EXISTS (SELECT 1 FROM local x WHERE x.mirror = s.mirror AND x.key = s.key)`;
    this.#movedSame = database
      .prepare<[number], LocalRow & SyncedRow>(`
        SELECT ${syncedColumns}, ${localColumns} FROM local l INDEXED BY local_unbound
        CROSS JOIN synced s INDEXED BY synced_inode ON s.mirror = l.mirror AND s.inode = l.inode AND s.birthtime_ns = l.birthtime_ns
        WHERE l.mirror = ? AND l.bound = 0 AND l.birthtime_ns > 0 AND ${leftItsPlace} ORDER BY l.key`)
      .safeIntegers();
    this.#movedOver = database
      .prepare<[number], LocalRow & SyncedRow>(`
        SELECT ${syncedColumns}, ${localColumns} FROM synced p INDEXED BY synced_unsettled
        CROSS JOIN local l ON l.mirror = p.mirror AND l.key = p.key AND l.birthtime_ns > 0
          AND NOT (l.inode = p.inode AND l.birthtime_ns = p.birthtime_ns)
        CROSS JOIN synced s INDEXED BY synced_inode ON s.mirror = l.mirror AND s.inode = l.inode AND s.birthtime_ns = l.birthtime_ns AND s.key <> p.key
        WHERE p.mirror = ? AND p.settled = 0 AND NOT EXISTS (SELECT 1 FROM local x WHERE x.mirror = s.mirror AND x.key = s.key
          AND x.inode = s.inode AND x.birthtime_ns = s.birthtime_ns)
        ORDER BY l.key`)
      .safeIntegers();
    this.#movedCopy = database
      .prepare<[number], LocalRow & SyncedRow>(`
        SELECT ${syncedColumns}, ${localColumns} FROM local l INDEXED BY local_unbound
        CROSS JOIN synced s INDEXED BY synced_sha256 ON s.mirror = l.mirror AND s.sha256 = l.sha256
        WHERE l.mirror = ? AND l.bound = 0 AND ${leftItsPlace}
        ORDER BY s.filename <> l.remote_name, l.key, s.key`)
      .safeIntegers();
    this.#syncedContent = database.prepare(`
      SELECT path FROM synced INDEXED BY synced_sha256 WHERE mirror = ? AND sha256 = ? AND key <> ? ORDER BY path LIMIT 1`);
    this.#remoteContent = database.prepare(`
      SELECT filename FROM remote INDEXED BY remote_sha256 WHERE mirror = ? AND sha256 = ? ORDER BY filename LIMIT 1`);
    this.#localContent = database.prepare(`
      SELECT path FROM local INDEXED BY local_sha256 WHERE mirror = ? AND sha256 = ? AND bound = 0 AND problem IS NULL AND key < ? ORDER BY key LIMIT 1`);
    this.#endOfPage = database.prepare(
      'SELECT key FROM synced WHERE mirror = ? AND key > ? ORDER BY key LIMIT 1 OFFSET ?',
    );
    this.#unsettleDiffering = database.prepare(`
      UPDATE synced SET settled = 0 WHERE mirror = @mirror AND settled = 1 AND key IN (
        SELECT s.key FROM synced s
        LEFT JOIN local l ON l.mirror = s.mirror AND l.key = s.key
        LEFT JOIN remote r ON r.mirror = s.mirror AND r.asset_id = s.asset_id
        WHERE s.mirror = @mirror AND s.key > @after AND s.key <= @last AND (l.key IS NULL OR r.asset_id IS NULL
          OR l.sha256 IS NOT s.sha256 OR r.contents_updated IS NOT s.contents_updated OR r.hash IS NOT s.hash
          OR r.size IS NOT s.remote_size))`);
    const unsettled =
      'SELECT s.path FROM synced s INDEXED BY synced_unsettled WHERE s.mirror = ? AND s.settled = 0';
    const isHere = 'EXISTS (SELECT 1 FROM local l WHERE l.mirror = s.mirror AND l.key = s.key)';
    const isThere = `EXISTS (SELECT 1 FROM remote r WHERE r.mirror = s.mirror AND r.asset_id = s.asset_id)`;
    // An asset that was uploaded anew under another ID is not gone.
    const hasHeir = `EXISTS (SELECT 1 FROM remote r INDEXED BY remote_filename
      WHERE r.mirror = s.mirror AND r.filename = s.filename AND r.bound = 0)`;
    this.#goneHere = database.prepare(`${unsettled} AND NOT ${isHere} AND (${isThere} OR ${hasHeir})`);
    this.#goneThere = database.prepare(`${unsettled} AND ${isHere} AND NOT ${isThere} AND NOT ${hasHeir}`);
    this.#unsettleAll = database.prepare('UPDATE synced SET settled = 0 WHERE mirror = ?');
  }

  /** Bases whose file or asset has changed since they were last decided about, in the order of keys, page by page. */
  unsettled(mirror: number, queued: Queued, after: string): Triple[] {
    return this.#unsettled.all(mirror, queued, after, pageSize).map((row) => ({
      local: localFrom(row),
      remote: remoteFrom(row),
      synced: syncedFrom(row),
    }));
  }

  /** Assets that are no file's yet, in the order of IDs, page by page. */
  unboundRemote(mirror: number, queued: Queued, after: string): RemoteFile[] {
    return this.#unboundRemote.all(mirror, queued, after, pageSize).flatMap((row) => remoteFrom(row) ?? []);
  }

  /** Files that are no asset's yet, in the order of keys, page by page. */
  unboundLocal(mirror: number, queued: Queued, after: string): LocalFile[] {
    return this.#unboundLocal.all(mirror, queued, after, pageSize).flatMap((row) => localFrom(row) ?? []);
  }

  /** The files that want to become the asset of this name. */
  unboundByName(mirror: number, remoteName: string): LocalFile[] {
    return this.#unboundByName.all(mirror, remoteName).flatMap((row) => localFrom(row) ?? []);
  }

  /** Of the files that want to become the asset of this name, and could, the first one with a key after this. */
  nextByName(
    mirror: number,
    remoteName: string,
    after: string,
  ): { key: string; path: string; sha256: string } | null {
    return this.#nextByName.get(mirror, remoteName, after) ?? null;
  }

  /** The asset of this name that is no file's yet; of several the one that was changed last. */
  unboundRemoteByName(mirror: number, filename: string): RemoteFile | null {
    const row = this.#remoteByName.get(mirror, filename);
    return row === undefined ? null : remoteFrom(row);
  }

  /** The asset that comes first among those without a file that would have this place in the folder. */
  firstForPlace(mirror: number, key: string): string | null {
    return this.#firstForPlace.get(mirror, key)?.asset_id ?? null;
  }

  /** Files seen at a new path that are, by inode and birth time, files that were synced and have left their place. */
  movedSame(mirror: number): MovedFile[] {
    return this.#movedSame.all(mirror).flatMap(movedFrom);
  }

  /** The same for files that took the place of another synced file: swaps, and one moved over another. */
  movedOver(mirror: number): MovedFile[] {
    return this.#movedOver.all(mirror).flatMap(movedFrom);
  }

  /** Files seen at a new path that have the content of one that was synced and is gone: the likeliest pairs first. */
  movedCopy(mirror: number): MovedFile[] {
    return this.#movedCopy.all(mirror).flatMap(movedFrom);
  }

  /** Path of a file or name of an asset with this content; null when a file of this key would be the first. */
  sameContent(mirror: number, sha256: string, key: string): string | null {
    return (
      this.#syncedContent.get(mirror, sha256, key)?.path ??
      this.#remoteContent.get(mirror, sha256)?.filename ??
      this.#localContent.get(mirror, sha256, key)?.path ??
      null
    );
  }

  /**
   * Marks every base that differs from its file or asset, whatever the marks said: the one query that reads everything, page by page.
   * For the start and the daily check.
   *
   * @param pause lets others run between two pages; rejects when the engine is closed
   * @returns how many were marked
   */
  async unsettleDiffering(mirror: number, pause: () => Promise<void>): Promise<number> {
    let marked = 0;
    for (let after = ''; ; ) {
      const last = this.#endOfPage.get(mirror, after, pageSize - 1)?.key;
      marked += this.#unsettleDiffering.run({ mirror, after, last: last ?? '\u{10ffff}' }).changes;
      if (last === undefined) return marked;
      after = last;
      await pause();
    }
  }

  /** Bases to be decided about whose file is gone, and whose asset is still there; of those paths that count. */
  countGoneHere(mirror: number, counts: (path: string) => boolean): number {
    return countRows(this.#goneHere.iterate(mirror), counts);
  }

  /** Bases to be decided about whose asset is gone, and whose file is still there; of those paths that count. */
  countGoneThere(mirror: number, counts: (path: string) => boolean): number {
    return countRows(this.#goneThere.iterate(mirror), counts);
  }

  /** Every base is to be decided about anew: a setting has changed. */
  unsettleAll(mirror: number): void {
    this.#unsettleAll.run(mirror);
  }
}

function countRows(rows: Iterable<{ path: string }>, counts: (path: string) => boolean): number {
  let count = 0;
  for (const { path } of rows) if (counts(path)) count += 1;
  return count;
}

function movedFrom(row: LocalRow & SyncedRow): MovedFile[] {
  const synced = syncedFrom(row);
  const local = localFrom(row);
  return synced === null || local === null ? [] : [{ synced, local }];
}
