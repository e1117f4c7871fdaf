import type { Statement } from 'better-sqlite3';
import { hashColumn, hashFrom, nullableNumber, problemColumn, problemFrom } from './column-values.ts';
import type { Database } from './database.ts';
import type { ContentHash, FileStamp, LocalFile } from './observations.ts';
import { folderOf, twinKey, twinKeyEnd } from './path-key.ts';

/** What a scan needs to know of a file that it has seen before. */
export interface KnownFile {
  readonly key: string;
  readonly path: string;
  readonly stamp: FileStamp;
  /** False when its content could not be read: it is to be tried again, whatever its stamp. */
  readonly isRead: boolean;
  /** When it was observed, as {@link LocalTable.nextObservation} counts. */
  readonly observed: number;
}

export const localColumns = `l.key AS l_key, l.path AS l_path, l.remote_name AS l_remote_name, l.size AS l_size, l.mtime_ns AS l_mtime_ns,
  l.ctime_ns AS l_ctime_ns, l.inode AS l_inode, l.birthtime_ns AS l_birthtime_ns, l.sha256 AS l_sha256, l.crc32c AS l_crc32c,
  l.other_hash AS l_other_hash, l.mime AS l_mime, l.width AS l_width, l.height AS l_height, l.problem AS l_problem`;

/** A row of {@link localColumns} read with safe integers; all null when an outer join found none. */
export interface LocalRow {
  readonly l_key: string | null;
  readonly l_path: string;
  readonly l_remote_name: string;
  readonly l_size: bigint;
  readonly l_mtime_ns: bigint;
  readonly l_ctime_ns: bigint;
  readonly l_inode: bigint;
  readonly l_birthtime_ns: bigint;
  readonly l_sha256: string | null;
  readonly l_crc32c: bigint | null;
  readonly l_other_hash: string | null;
  readonly l_mime: string | null;
  readonly l_width: bigint | null;
  readonly l_height: bigint | null;
  readonly l_problem: string | null;
}

export function localFrom(row: LocalRow): LocalFile | null {
  if (row.l_key === null) return null;
  return {
    key: row.l_key,
    path: row.l_path,
    remoteName: row.l_remote_name,
    stamp: {
      size: Number(row.l_size),
      mtimeNs: row.l_mtime_ns,
      ctimeNs: row.l_ctime_ns,
      inode: row.l_inode,
      birthtimeNs: row.l_birthtime_ns,
    },
    content:
      row.l_sha256 === null || row.l_crc32c === null
        ? null
        : { sha256: row.l_sha256, crc32c: Number(row.l_crc32c), otherHash: hashFrom(row.l_other_hash) },
    mime: row.l_mime,
    width: nullableNumber(row.l_width),
    height: nullableNumber(row.l_height),
    problem: problemFrom(row.l_problem),
  };
}

interface KnownRow {
  key: string;
  path: string;
  size: bigint;
  mtime_ns: bigint;
  ctime_ns: bigint;
  inode: bigint;
  birthtime_ns: bigint;
  is_read: bigint;
  observed: bigint;
}

/** Observations that one run of the engine can number: enough for centuries. */
const observationsInARun = 2 ** 32;

/** The text that comes next after this one, in the order of the database. */
function after(text: string): string {
  return `${text}\u0000`;
}

/** The tree of files as scans have seen them. */
export class LocalTable {
  readonly #put: Statement<unknown[]>;
  readonly #delete: Statement<[number, string]>;
  readonly #get: Statement<[number, string], LocalRow>;
  readonly #known: Statement<[number, string], KnownRow>;
  readonly #knownInFolder: Statement<[number, string], KnownRow>;
  readonly #twin: Statement<[number, string, string], KnownRow>;
  readonly #nextFolder: Statement<[number, string, string], { folder: string | null }>;
  readonly #someInside: Statement<[number, string, string, string, string, number], LocalRow>;
  readonly #setOtherHash: Statement<[string | null, number, string, string]>;
  #observation: number;

  /** @param run number of this run of the engine, higher than any before */
  constructor(database: Database, run: number) {
    this.#observation = run * observationsInARun;
    this.#put = database.prepare(`
      INSERT INTO local (mirror, key, path, folder, remote_name, size, mtime_ns, ctime_ns, inode, birthtime_ns, sha256, crc32c,
        other_hash, mime, width, height, problem, observed)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (mirror, key) DO UPDATE SET path = excluded.path, folder = excluded.folder, remote_name = excluded.remote_name,
        size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, inode = excluded.inode,
        birthtime_ns = excluded.birthtime_ns, sha256 = excluded.sha256, crc32c = excluded.crc32c, other_hash = excluded.other_hash,
        mime = excluded.mime, width = excluded.width, height = excluded.height, problem = excluded.problem,
        observed = excluded.observed`);
    this.#delete = database.prepare('DELETE FROM local WHERE mirror = ? AND key = ?');
    this.#get = database
      .prepare<[number, string], LocalRow>(`SELECT ${localColumns} FROM local l WHERE mirror = ? AND key = ?`)
      .safeIntegers();
    const known = `SELECT key, path, size, mtime_ns, ctime_ns, inode, birthtime_ns, sha256 IS NOT NULL AS is_read, observed
      FROM local`;
    this.#known = database
      .prepare<[number, string], KnownRow>(`${known} WHERE mirror = ? AND key = ?`)
      .safeIntegers();
    this.#twin = database
      .prepare<[number, string, string], KnownRow>(
        `${known} WHERE mirror = ? AND key > ? AND key < ? ORDER BY key LIMIT 1`,
      )
      .safeIntegers();
    // Named: without statistics the database would walk through all of the mirror's rows.
    this.#knownInFolder = database
      .prepare<[number, string], KnownRow>(`${known} INDEXED BY local_folder WHERE mirror = ? AND folder = ?`)
      .safeIntegers();
    this.#nextFolder = database.prepare(
      'SELECT min(folder) AS folder FROM local WHERE mirror = ? AND folder >= ? AND folder < ?',
    );
    this.#someInside = database
      .prepare<[number, string, string, string, string, number], LocalRow>(`
        SELECT ${localColumns} FROM local l INDEXED BY local_folder
        WHERE mirror = ? AND folder >= ? AND folder < ? AND (folder = ? OR folder >= ?) ORDER BY folder LIMIT ?`)
      .safeIntegers();
    this.#setOtherHash = database.prepare(
      'UPDATE local SET other_hash = ? WHERE mirror = ? AND key = ? AND sha256 = ?',
    );
  }

  /**
   * The next moment, for the order of observations: what was observed at a higher number is newer. A clock would not do: it may be set
   * back, and two moments may be one.
   */
  nextObservation(): number {
    this.#observation += 1;
    return this.#observation;
  }

  put(mirror: number, file: LocalFile, observed: number): void {
    const { stamp, content } = file;
    this.#put.run(
      mirror,
      file.key,
      file.path,
      folderOf(file.path),
      file.remoteName,
      stamp.size,
      stamp.mtimeNs,
      stamp.ctimeNs,
      stamp.inode,
      stamp.birthtimeNs,
      content?.sha256 ?? null,
      content?.crc32c ?? null,
      hashColumn(content?.otherHash ?? null),
      file.mime,
      file.width,
      file.height,
      problemColumn(file.problem),
      observed,
    );
  }

  delete(mirror: number, key: string): void {
    this.#delete.run(mirror, key);
  }

  get(mirror: number, key: string): LocalFile | null {
    const row = this.#get.get(mirror, key);
    return row === undefined ? null : localFrom(row);
  }

  known(mirror: number, key: string): KnownFile | null {
    const row = this.#known.get(mirror, key);
    return row === undefined ? null : knownFrom(row);
  }

  /** The first of the files that go by a key of their own because another one has this key. */
  twinOf(mirror: number, key: string): KnownFile | null {
    const row = this.#twin.get(mirror, twinKey(key, ''), twinKeyEnd(key));
    return row === undefined ? null : knownFrom(row);
  }

  /** The files directly in a folder; '' is the mirror's own. */
  knownInFolder(mirror: number, folder: string): KnownFile[] {
    return this.#knownInFolder.all(mirror, folder).map(knownFrom);
  }

  /** Every folder that holds a file, among a folder and those below it; '' is the mirror's own. Looks each up: files are not counted. */
  folders(mirror: number, ancestor = ''): string[] {
    const isAnyIn = this.#nextFolder.get(mirror, ancestor, after(ancestor))?.folder === ancestor;
    const folders = isAnyIn ? [ancestor] : [];
    // What lies below it begins with its name and a slash; `0` comes right after the slash.
    const [first, end] = ancestor === '' ? [after(''), '\u{10ffff}'] : [`${ancestor}/`, `${ancestor}0`];
    for (let from = first; ; ) {
      const next = this.#nextFolder.get(mirror, from, end)?.folder ?? null;
      if (next === null) return folders;
      folders.push(next);
      from = after(next);
    }
  }

  /** Some of the files that are known in a folder and below it; '' is the mirror's own. */
  someInside(mirror: number, folder: string, most = 20): LocalFile[] {
    // What lies below it begins with its name and a slash; `0` comes right after the slash.
    const [below, end] = folder === '' ? ['', '\u{10ffff}'] : [`${folder}/`, `${folder}0`];
    return this.#someInside
      .all(mirror, folder, end, folder, below, most)
      .flatMap((row) => localFrom(row) ?? []);
  }

  /** Adds a hash of the content with this SHA-256; does nothing if the file has other content by now. */
  setOtherHash(mirror: number, key: string, sha256: string, hash: ContentHash): void {
    this.#setOtherHash.run(hashColumn(hash), mirror, key, sha256);
  }
}

function knownFrom(row: KnownRow): KnownFile {
  return {
    key: row.key,
    path: row.path,
    stamp: {
      size: Number(row.size),
      mtimeNs: row.mtime_ns,
      ctimeNs: row.ctime_ns,
      inode: row.inode,
      birthtimeNs: row.birthtime_ns,
    },
    isRead: row.is_read === 1n,
    observed: Number(row.observed),
  };
}
