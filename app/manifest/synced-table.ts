import type { Statement } from 'better-sqlite3';
import { hashFromPair, nullableNumber } from './column-values.ts';
import type { Database } from './database.ts';
import type { FileIdentity, SyncedBase } from './observations.ts';

export const syncedColumns = `s.key AS s_key, s.path AS s_path, s.asset_id AS s_asset_id, s.filename AS s_filename,
  s.local_size AS s_local_size, s.sha256 AS s_sha256, s.inode AS s_inode, s.birthtime_ns AS s_birthtime_ns,
  s.remote_size AS s_remote_size, s.hash_algorithm AS s_hash_algorithm, s.hash AS s_hash, s.contents_updated AS s_contents_updated`;

/** A row of {@link syncedColumns} read with safe integers; all null when an outer join found none. */
export interface SyncedRow {
  readonly s_key: string | null;
  readonly s_path: string;
  readonly s_asset_id: string;
  readonly s_filename: string;
  readonly s_local_size: bigint;
  readonly s_sha256: string;
  readonly s_inode: bigint;
  readonly s_birthtime_ns: bigint;
  readonly s_remote_size: bigint | null;
  readonly s_hash_algorithm: string | null;
  readonly s_hash: string | null;
  readonly s_contents_updated: bigint | null;
}

export function syncedFrom(row: SyncedRow): SyncedBase | null {
  if (row.s_key === null) return null;
  return {
    key: row.s_key,
    path: row.s_path,
    assetId: row.s_asset_id,
    filename: row.s_filename,
    local: {
      size: Number(row.s_local_size),
      sha256: row.s_sha256,
      inode: row.s_inode,
      birthtimeNs: row.s_birthtime_ns,
    },
    remote: {
      size: nullableNumber(row.s_remote_size),
      hash: hashFromPair(row.s_hash_algorithm, row.s_hash),
      contentsLastUpdated: nullableNumber(row.s_contents_updated),
    },
  };
}

/** The merge bases: which file is which asset, and what both were when they were last equal. */
export class SyncedTable {
  readonly #put: Statement<unknown[]>;
  readonly #delete: Statement<[number, string]>;
  readonly #deleteAsset: Statement<[number, string, string]>;
  readonly #move: Statement<[string, string, bigint, bigint, number, string]>;
  readonly #setAsset: Statement<[string, number, string]>;
  readonly #setFilename: Statement<[string, number, string]>;
  readonly #settle: Statement<[number, string]>;
  readonly #unsettle: Statement<[number, string]>;
  readonly #get: Statement<[number, string], SyncedRow>;
  readonly #byAsset: Statement<[number, string], SyncedRow>;
  readonly #byFilename: Statement<[number, string], SyncedRow>;
  readonly #byIdentity: Statement<[number, bigint, bigint], SyncedRow>;
  readonly #count: Statement<[number], { n: number }>;

  constructor(database: Database) {
    this.#put = database.prepare(`
      INSERT INTO synced (mirror, key, path, asset_id, filename, local_size, sha256, inode, birthtime_ns, remote_size, hash_algorithm,
        hash, contents_updated)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (mirror, key) DO UPDATE SET path = excluded.path, asset_id = excluded.asset_id, filename = excluded.filename,
        local_size = excluded.local_size, sha256 = excluded.sha256, inode = excluded.inode, birthtime_ns = excluded.birthtime_ns,
        remote_size = excluded.remote_size, hash_algorithm = excluded.hash_algorithm, hash = excluded.hash,
        contents_updated = excluded.contents_updated, settled = 0`);
    this.#delete = database.prepare('DELETE FROM synced WHERE mirror = ? AND key = ?');
    this.#deleteAsset = database.prepare('DELETE FROM synced WHERE mirror = ? AND asset_id = ? AND key <> ?');
    this.#move = database.prepare(
      'UPDATE synced SET key = ?, path = ?, inode = ?, birthtime_ns = ?, settled = 0 WHERE mirror = ? AND key = ?',
    );
    this.#setAsset = database.prepare('UPDATE synced SET asset_id = ? WHERE mirror = ? AND key = ?');
    this.#setFilename = database.prepare('UPDATE synced SET filename = ? WHERE mirror = ? AND key = ?');
    this.#settle = database.prepare('UPDATE synced SET settled = 1 WHERE mirror = ? AND key = ?');
    this.#unsettle = database.prepare('UPDATE synced SET settled = 0 WHERE mirror = ? AND key = ?');
    // The indexes are named: without statistics the database would walk through all of the mirror's rows.
    const by = (index: string) =>
      `SELECT ${syncedColumns} FROM synced s INDEXED BY ${index} WHERE mirror = ?`;
    this.#get = database
      .prepare<[number, string], SyncedRow>(
        `SELECT ${syncedColumns} FROM synced s WHERE mirror = ? AND key = ?`,
      )
      .safeIntegers();
    this.#byAsset = database
      .prepare<[number, string], SyncedRow>(`${by('synced_asset')} AND asset_id = ?`)
      .safeIntegers();
    this.#byFilename = database
      .prepare<[number, string], SyncedRow>(`${by('synced_filename')} AND filename = ?`)
      .safeIntegers();
    this.#byIdentity = database
      .prepare<[number, bigint, bigint], SyncedRow>(
        `${by('synced_inode')} AND inode = ? AND birthtime_ns = ?`,
      )
      .safeIntegers();
    this.#count = database.prepare('SELECT count(*) AS n FROM synced WHERE mirror = ?');
  }

  /** Records that a file and an asset are equal. An asset has one file: an older base of it at another path is taken back. */
  put(mirror: number, base: SyncedBase): void {
    this.#deleteAsset.run(mirror, base.assetId, base.key);
    this.#put.run(
      mirror,
      base.key,
      base.path,
      base.assetId,
      base.filename,
      base.local.size,
      base.local.sha256,
      base.local.inode,
      base.local.birthtimeNs,
      base.remote.size,
      base.remote.hash?.algorithm ?? null,
      base.remote.hash?.contents ?? null,
      base.remote.contentsLastUpdated,
    );
  }

  /** Follows a file to another path. The key must be free. */
  move(
    mirror: number,
    key: string,
    to: { key: string; path: string; inode: bigint; birthtimeNs: bigint },
  ): void {
    this.#move.run(to.key, to.path, to.inode, to.birthtimeNs, mirror, key);
  }

  /** The asset of this name goes by another ID now. */
  setAsset(mirror: number, key: string, assetId: string): void {
    this.#deleteAsset.run(mirror, assetId, key);
    this.#setAsset.run(assetId, mirror, key);
  }

  /** The asset was given another name. */
  setFilename(mirror: number, key: string, filename: string): void {
    this.#setFilename.run(filename, mirror, key);
  }

  delete(mirror: number, key: string): void {
    this.#delete.run(mirror, key);
  }

  /** Nothing is to be done about it until its file or its asset changes. */
  settle(mirror: number, key: string): void {
    this.#settle.run(mirror, key);
  }

  /** It is to be decided about anew: a person has answered. */
  unsettle(mirror: number, key: string): void {
    this.#unsettle.run(mirror, key);
  }

  get(mirror: number, key: string): SyncedBase | null {
    const row = this.#get.get(mirror, key);
    return row === undefined ? null : syncedFrom(row);
  }

  byAsset(mirror: number, assetId: string): SyncedBase | null {
    const row = this.#byAsset.get(mirror, assetId);
    return row === undefined ? null : syncedFrom(row);
  }

  byFilename(mirror: number, filename: string): SyncedBase | null {
    const row = this.#byFilename.get(mirror, filename);
    return row === undefined ? null : syncedFrom(row);
  }

  /** The base of one and the same file, wherever it is now. */
  byIdentity(mirror: number, { inode, birthtimeNs }: FileIdentity): SyncedBase | null {
    const row = birthtimeNs > 0n ? this.#byIdentity.get(mirror, inode, birthtimeNs) : undefined;
    return row === undefined ? null : syncedFrom(row);
  }

  count(mirror: number): number {
    return this.#count.get(mirror)?.n ?? 0;
  }
}
