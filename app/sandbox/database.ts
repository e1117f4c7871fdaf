import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

export type Database = BetterSqlite3.Database;

/** The data folder can't be used: another sandbox runs on it, or a newer version wrote it. */
export class SandboxDataError extends Error {
  override readonly name = 'SandboxDataError';
}

/** Numbered from 1; each runs in a transaction. Never change one that was released: add another. */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE dataset (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    asset_total INTEGER NOT NULL DEFAULT 0,
    annotation_total INTEGER NOT NULL DEFAULT 0,
    asset_annotated INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE dataset_tag (
    dataset INTEGER NOT NULL REFERENCES dataset (id),
    tag TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (dataset, tag)
  ) STRICT, WITHOUT ROWID;

  -- Files of content that is complete. One with doomed_at is removed from then on: first the file, then the row.
  CREATE TABLE blob (
    blob_id TEXT PRIMARY KEY,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    crc32c INTEGER NOT NULL,
    md5 TEXT,
    sha1 TEXT,
    doomed_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blob_doomed ON blob (doomed_at) WHERE doomed_at IS NOT NULL;

  CREATE TABLE asset (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset INTEGER NOT NULL REFERENCES dataset (id),
    asset_id TEXT NOT NULL,
    filename TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    blob_id TEXT NOT NULL REFERENCES blob (blob_id),
    custom_metadata TEXT NOT NULL,
    tags TEXT NOT NULL,
    annotation_total INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    time_created INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    contents_last_updated INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    prior TEXT,
    UNIQUE (dataset, asset_id),
    UNIQUE (dataset, filename)
  ) STRICT;
  CREATE INDEX asset_default ON asset (dataset, id);
  CREATE INDEX asset_modified ON asset (dataset, contents_last_updated, id);
  CREATE INDEX asset_size ON asset (dataset, size, id);
  CREATE INDEX asset_hidden ON asset (dataset, visible_at) WHERE visible_at > contents_last_updated AND prior IS NULL;

  CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL UNIQUE,
    dataset INTEGER NOT NULL REFERENCES dataset (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'failed')),
    failure_mode TEXT NOT NULL,
    retention_mode TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    ended_at INTEGER,
    generation INTEGER NOT NULL DEFAULT 1,
    total INTEGER NOT NULL,
    succeeded INTEGER NOT NULL DEFAULT 0,
    errored INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX session_created ON session (created_at);
  CREATE INDEX session_open ON session (id) WHERE state = 'open';

  CREATE TABLE session_file (
    session INTEGER NOT NULL REFERENCES session (id),
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'uploaded', 'succeeded', 'errored', 'abandoned')),
    filename TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    crc32c INTEGER,
    custom_metadata TEXT,
    blob_id TEXT,
    arrival INTEGER,
    code TEXT,
    settled_at INTEGER,
    PRIMARY KEY (session, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE bulk_delete (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL UNIQUE,
    dataset INTEGER NOT NULL REFERENCES dataset (id),
    spec TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- Assets up to last_asset existed when it began; those up to done_asset are dealt with.
    last_asset INTEGER NOT NULL,
    done_asset INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  `,
];

/**
 * Opens (or makes) the sandbox's database. The file is locked as long as it is open: two sandboxes on one folder would
 * both process its sessions. The system drops the lock with the process, however that ends.
 * @throws SandboxDataError when another sandbox has the folder, or the file is of a newer version.
 */
export function openDatabase(dataDir: string): Database {
  const file = path.join(dataDir, 'sandbox.sqlite');
  const db = new BetterSqlite3(file, { timeout: 2_000 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    // A killed process loses nothing with NORMAL: what it wrote is the system's already. Only a power cut could.
    db.pragma('synchronous = NORMAL');
    // A checkpoint waits for the disk, and with it every request: rather few, in pages of 4 KiB.
    db.pragma('wal_autocheckpoint = 8000');
    db.pragma('foreign_keys = ON');
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new SandboxDataError(
        `Another sandbox is running on the folder ${dataDir}. End it, or give this one a folder of its own.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function migrate(db: Database, file: string): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new SandboxDataError(
      `${file} was written by a newer version of Vi Sync. Update Vi Sync, or give the sandbox another folder.`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
  // Takes the lock now, so that a second sandbox fails at its start and not at its first upload.
  db.exec('BEGIN EXCLUSIVE; COMMIT');
}

/**
 * Whether the last process closed the database itself. Until this one does, the answer is no; `leaveInOrder` says that it has.
 */
export function cameInOrder(db: Database): boolean {
  return db.prepare(`DELETE FROM meta WHERE name = 'in-order'`).run().changes > 0;
}

export function leaveInOrder(db: Database): void {
  db.prepare(`INSERT INTO meta (name, value) VALUES ('in-order', 'yes')`).run();
}

/** A value that lives as long as the data folder: the given one, else the one that it has, else a new one. */
export function lastingValue(db: Database, name: string, make: () => string, given?: string): string {
  const found = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get(name);
  if (found !== undefined && given === undefined) return found.value;
  const value = given ?? make();
  db.prepare(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  ).run(name, value);
  return value;
}
