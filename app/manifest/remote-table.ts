import type { Statement } from 'better-sqlite3';
import { hashFromPair, nullableNumber, problemColumn, problemFrom, recordFrom } from './column-values.ts';
import type { Database } from './database.ts';
import type { RemoteFile } from './observations.ts';

export const remoteColumns = (alias: string): string =>
  [
    'asset_id',
    'filename',
    'size',
    'hash_algorithm',
    'hash',
    'sha256',
    'etag',
    'annotations',
    'contents_updated',
    'mime',
    'width',
    'height',
    'custom_metadata',
    'target_path',
    'target_key',
    'name_problem',
  ]
    .map((column) => `${alias}.${column} AS r_${column}`)
    .join(', ');

/** A row of {@link remoteColumns} read with safe integers; all null when an outer join found none. */
export interface RemoteRow {
  readonly r_asset_id: string | null;
  readonly r_filename: string;
  readonly r_size: bigint | null;
  readonly r_hash_algorithm: string | null;
  readonly r_hash: string | null;
  readonly r_sha256: string | null;
  readonly r_etag: string;
  readonly r_annotations: bigint | null;
  readonly r_contents_updated: bigint | null;
  readonly r_mime: string | null;
  readonly r_width: bigint | null;
  readonly r_height: bigint | null;
  readonly r_custom_metadata: string;
  readonly r_target_path: string | null;
  readonly r_target_key: string | null;
  readonly r_name_problem: string | null;
}

export function remoteFrom(row: RemoteRow): RemoteFile | null {
  if (row.r_asset_id === null) return null;
  return {
    assetId: row.r_asset_id,
    filename: row.r_filename,
    size: nullableNumber(row.r_size),
    hash: hashFromPair(row.r_hash_algorithm, row.r_hash),
    sha256: row.r_sha256,
    etag: row.r_etag,
    annotations: nullableNumber(row.r_annotations),
    contentsLastUpdated: nullableNumber(row.r_contents_updated),
    mime: row.r_mime,
    width: nullableNumber(row.r_width),
    height: nullableNumber(row.r_height),
    customMetadata: recordFrom(row.r_custom_metadata),
    target:
      row.r_target_path === null || row.r_target_key === null
        ? null
        : { path: row.r_target_path, key: row.r_target_key },
    nameProblem: problemFrom(row.r_name_problem),
  };
}

/** The assets as listings have shown them. */
export class RemoteTable {
  readonly #put: Statement<unknown[]>;
  readonly #delete: Statement<[number, string]>;
  readonly #get: Statement<[number, string], RemoteRow>;
  readonly #has: Statement<[number, string], { found: number }>;
  readonly #byFilename: Statement<[number, string], RemoteRow>;
  readonly #someAlgorithm: Statement<[number], { hash_algorithm: string }>;
  readonly #count: Statement<[number], { n: number }>;
  readonly #setSha256: Statement<[string, number, string, string | null, number | null]>;

  constructor(database: Database) {
    // An asset that is as it was is not written at all. What we have measured of its content stays as long as the content does.
    this.#put = database.prepare(`
      INSERT INTO remote (mirror, asset_id, filename, size, hash_algorithm, hash, sha256, etag, annotations, contents_updated, mime,
        width, height, custom_metadata, target_path, target_key, name_problem)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (mirror, asset_id) DO UPDATE SET filename = excluded.filename, size = excluded.size,
        hash_algorithm = excluded.hash_algorithm, hash = excluded.hash,
        sha256 = CASE WHEN excluded.sha256 IS NOT NULL THEN excluded.sha256
          WHEN size IS excluded.size AND hash IS excluded.hash AND contents_updated IS excluded.contents_updated THEN sha256 END,
        etag = excluded.etag, annotations = excluded.annotations, contents_updated = excluded.contents_updated,
        mime = excluded.mime, width = excluded.width, height = excluded.height, custom_metadata = excluded.custom_metadata,
        target_path = excluded.target_path, target_key = excluded.target_key, name_problem = excluded.name_problem
      WHERE etag <> excluded.etag OR filename <> excluded.filename OR size IS NOT excluded.size OR hash IS NOT excluded.hash
        OR hash_algorithm IS NOT excluded.hash_algorithm OR annotations IS NOT excluded.annotations
        OR contents_updated IS NOT excluded.contents_updated OR custom_metadata <> excluded.custom_metadata
        OR target_path IS NOT excluded.target_path OR name_problem IS NOT excluded.name_problem`);
    this.#delete = database.prepare('DELETE FROM remote WHERE mirror = ? AND asset_id = ?');
    const select = `SELECT ${remoteColumns('r')} FROM remote r`;
    this.#get = database
      .prepare<[number, string], RemoteRow>(`${select} WHERE mirror = ? AND asset_id = ?`)
      .safeIntegers();
    this.#has = database.prepare(
      'SELECT EXISTS (SELECT 1 FROM remote WHERE mirror = ? AND asset_id = ?) AS found',
    );
    // Named: without statistics the database would walk through all of the mirror's rows.
    this.#byFilename = database
      .prepare<[number, string], RemoteRow>(
        `${select} INDEXED BY remote_filename WHERE mirror = ? AND filename = ? ORDER BY contents_updated DESC LIMIT 1`,
      )
      .safeIntegers();
    this.#someAlgorithm = database.prepare(
      'SELECT hash_algorithm FROM (SELECT hash_algorithm FROM remote WHERE mirror = ? LIMIT 100) WHERE hash_algorithm IS NOT NULL LIMIT 1',
    );
    this.#count = database.prepare('SELECT assets AS n FROM asset_count WHERE mirror = ?');
    this.#setSha256 = database.prepare(
      'UPDATE remote SET sha256 = ? WHERE mirror = ? AND asset_id = ? AND hash IS ? AND contents_updated IS ?',
    );
  }

  put(mirror: number, file: RemoteFile): void {
    this.#put.run(
      mirror,
      file.assetId,
      file.filename,
      file.size,
      file.hash?.algorithm ?? null,
      file.hash?.contents ?? null,
      file.sha256,
      file.etag,
      file.annotations,
      file.contentsLastUpdated,
      file.mime,
      file.width,
      file.height,
      JSON.stringify(file.customMetadata),
      file.target?.path ?? null,
      file.target?.key ?? null,
      problemColumn(file.nameProblem),
    );
  }

  delete(mirror: number, assetId: string): void {
    this.#delete.run(mirror, assetId);
  }

  get(mirror: number, assetId: string): RemoteFile | null {
    const row = this.#get.get(mirror, assetId);
    return row === undefined ? null : remoteFrom(row);
  }

  has(mirror: number, assetId: string): boolean {
    return this.#has.get(mirror, assetId)?.found === 1;
  }

  byFilename(mirror: number, filename: string): RemoteFile | null {
    const row = this.#byFilename.get(mirror, filename);
    return row === undefined ? null : remoteFrom(row);
  }

  /** An algorithm in which the service names hashes; null if none of a hundred assets has one. */
  someAlgorithm(mirror: number): string | null {
    return this.#someAlgorithm.get(mirror)?.hash_algorithm ?? null;
  }

  count(mirror: number): number {
    return this.#count.get(mirror)?.n ?? 0;
  }

  /** Records the SHA-256 of an asset's content as we have read it; does nothing if the asset has other content by now. */
  setSha256(mirror: number, file: RemoteFile, sha256: string): void {
    this.#setSha256.run(sha256, mirror, file.assetId, file.hash?.contents ?? null, file.contentsLastUpdated);
  }
}
