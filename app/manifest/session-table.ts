import type { Statement } from 'better-sqlite3';
import type { AnnotationFate } from '../engine/environment.ts';
import type { AgreedAnnotations } from '../plan/operation.ts';
import { nullableNumber } from './column-values.ts';
import type { Database } from './database.ts';
import type { FileIdentity } from './observations.ts';

/** How far the upload of one file of a session has come, for all we know: a kill may come between the deed and its record. */
export type UploadStep =
  /** Not begun. */
  | 'announced'
  /** Its bytes are on their way, or a kill has interrupted them: the service may have them all. */
  | 'sending'
  /** The service has taken its bytes, and processes them. */
  | 'sent'
  /** It is not sent any more: it has changed, say. The service may wait for it for long; nobody else does. */
  | 'abandoned';

/** One file of a session whose outcome is not known yet. */
export interface SessionFile {
  readonly session: number;
  /** Name in the dataset. */
  readonly filename: string;
  readonly key: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly crc32c: number;
  readonly identity: FileIdentity;
  readonly step: UploadStep;
  /** The signed URL as JSON. It takes this file and nothing else, for some minutes. */
  readonly target: string;
  /** The asset whose content this file replaces; null for a new asset. */
  readonly replaces: string | null;
  /** ID of that asset. */
  readonly replacesAsset: string | null;
  /** Null: nobody was asked about this overwrite. */
  readonly agreedAnnotations: AgreedAnnotations | null;
}

export interface SessionRecord {
  readonly id: number;
  readonly mirror: number;
  readonly sessionId: string;
  /** What becomes of the annotations of assets that it overwrites. */
  readonly annotations: AnnotationFate;
  /** By our clock. */
  readonly createdAt: number;
  /** By the service's clock. */
  readonly serviceCreated: number | null;
  /** By our clock; null while it runs. */
  readonly finishedAt: number | null;
  /** By the service's clock. */
  readonly serviceFinished: number | null;
}

interface FileRow {
  session: bigint;
  filename: string;
  key: string;
  path: string;
  size: bigint;
  sha256: string;
  crc32c: bigint;
  inode: bigint;
  birthtime_ns: bigint;
  step: UploadStep;
  target: string;
  replaces: string | null;
  replaces_asset: string | null;
  agreed_annotations: bigint | null;
}

interface SessionRow {
  id: number;
  mirror: number;
  session_id: string;
  annotations: AnnotationFate;
  created_at: number;
  service_created: number | null;
  finished_at: number | null;
  service_finished: number | null;
}

/** A number that no asset has stands for one that the service does not tell. */
const unknownCount = -1;

function agreedFrom(column: bigint | null): AgreedAnnotations | null {
  const count = nullableNumber(column);
  return count === unknownCount ? 'unknown' : count;
}

function fileFrom(row: FileRow): SessionFile {
  return {
    session: Number(row.session),
    filename: row.filename,
    key: row.key,
    path: row.path,
    size: Number(row.size),
    sha256: row.sha256,
    crc32c: Number(row.crc32c),
    identity: { inode: row.inode, birthtimeNs: row.birthtime_ns },
    step: row.step,
    target: row.target,
    replaces: row.replaces,
    replacesAsset: row.replaces_asset,
    agreedAnnotations: agreedFrom(row.agreed_annotations),
  };
}

function sessionFrom(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    mirror: row.mirror,
    sessionId: row.session_id,
    annotations: row.annotations,
    createdAt: row.created_at,
    serviceCreated: row.service_created,
    finishedAt: row.finished_at,
    serviceFinished: row.service_finished,
  };
}

/**
 * Ingestion sessions with files whose outcome is open. They are written before the first byte is sent, so that whoever starts after a
 * kill finds what may have been uploaded, and waits for it instead of uploading it again.
 */
export class SessionTable {
  readonly #insert: Statement<[number, string, AnnotationFate, number, number | null]>;
  readonly #insertFile: Statement<unknown[]>;
  readonly #step: Statement<[UploadStep, number, string]>;
  readonly #finish: Statement<[number, number | null, number]>;
  readonly #all: Statement<[number], SessionRow>;
  readonly #files: Statement<[number], FileRow>;
  readonly #file: Statement<[number, string], FileRow>;
  readonly #openFiles: Statement<[number], FileRow>;
  readonly #deleteFile: Statement<[number, string]>;
  readonly #deleteEmpty: Statement<[number]>;
  readonly #delete: Statement<[number]>;
  readonly #isOpen: Statement<[{ mirror: number; key: string; filename: string }], { found: number }>;
  readonly #isFileOpen: Statement<[number, string], { found: number }>;
  readonly #pathOfContent: Statement<[number, string], { path: string }>;
  readonly #abandoned: Statement<[number], { n: number }>;
  readonly #isAny: Statement<[number], { found: number }>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO session (mirror, session_id, annotations, created_at, service_created) VALUES (?, ?, ?, ?, ?)',
    );
    this.#insertFile = database.prepare(`
      INSERT INTO session_file (session, filename, mirror, key, path, size, sha256, crc32c, inode, birthtime_ns, step, target, replaces,
        replaces_asset, agreed_annotations)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#step = database.prepare('UPDATE session_file SET step = ? WHERE session = ? AND filename = ?');
    this.#finish = database.prepare('UPDATE session SET finished_at = ?, service_finished = ? WHERE id = ?');
    this.#all = database.prepare('SELECT * FROM session WHERE mirror = ? ORDER BY id');
    const isOpen = `step <> 'abandoned'`;
    const file = `SELECT * FROM session_file WHERE ${isOpen} AND`;
    this.#files = database.prepare<[number], FileRow>(`${file} session = ? ORDER BY filename`).safeIntegers();
    this.#file = database
      .prepare<[number, string], FileRow>(`${file} session = ? AND filename = ?`)
      .safeIntegers();
    this.#openFiles = database
      .prepare<[number], FileRow>(`${file} mirror = ? ORDER BY session, filename`)
      .safeIntegers();
    this.#deleteFile = database.prepare('DELETE FROM session_file WHERE session = ? AND filename = ?');
    this.#deleteEmpty = database.prepare(`
      DELETE FROM session WHERE mirror = ? AND finished_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM session_file f WHERE f.session = session.id AND ${isOpen})`);
    this.#delete = database.prepare('DELETE FROM session WHERE id = ?');
    this.#isFileOpen = database.prepare(
      `SELECT EXISTS (SELECT 1 FROM session_file WHERE session = ? AND filename = ? AND ${isOpen}) AS found`,
    );
    this.#pathOfContent = database.prepare(
      `SELECT path FROM session_file WHERE mirror = ? AND sha256 = ? AND ${isOpen} LIMIT 1`,
    );
    this.#isAny = database.prepare(
      `SELECT EXISTS (SELECT 1 FROM session_file WHERE mirror = ? AND ${isOpen}) AS found`,
    );
    this.#abandoned = database.prepare(
      `SELECT count(*) AS n FROM session_file WHERE session = ? AND step = 'abandoned'`,
    );
    // By two indexes, and named: with OR in one, every open file of the mirror was looked at for each file.
    const isAnyBy = (index: string, column: string) =>
      `EXISTS (SELECT 1 FROM session_file INDEXED BY ${index} WHERE mirror = @mirror AND ${column} AND ${isOpen})`;
    this.#isOpen = database.prepare(`
      SELECT ${isAnyBy('session_file_key', 'key = @key')} OR ${isAnyBy('session_file_name', 'filename = @filename')} AS found`);
  }

  insert(session: {
    mirror: number;
    sessionId: string;
    annotations: AnnotationFate;
    createdAt: number;
    serviceCreated: number | null;
  }): number {
    const { mirror, sessionId, annotations, createdAt, serviceCreated } = session;
    return Number(
      this.#insert.run(mirror, sessionId, annotations, createdAt, serviceCreated).lastInsertRowid,
    );
  }

  insertFile(mirror: number, file: SessionFile): void {
    this.#insertFile.run(
      file.session,
      file.filename,
      mirror,
      file.key,
      file.path,
      file.size,
      file.sha256,
      file.crc32c,
      file.identity.inode,
      file.identity.birthtimeNs,
      file.step,
      file.target,
      file.replaces,
      file.replacesAsset,
      file.agreedAnnotations === 'unknown' ? unknownCount : file.agreedAnnotations,
    );
  }

  setStep(session: number, filename: string, step: UploadStep): void {
    this.#step.run(step, session, filename);
  }

  /** The service will do nothing more in this session. */
  finish(session: number, at: number, serviceFinished: number | null): void {
    this.#finish.run(at, serviceFinished, session);
  }

  all(mirror: number): SessionRecord[] {
    return this.#all.all(mirror).map(sessionFrom);
  }

  files(session: number): SessionFile[] {
    return this.#files.all(session).map(fileFrom);
  }

  /** One of a session's files, as long as its outcome is open. */
  file(session: number, filename: string): SessionFile | null {
    const row = this.#file.get(session, filename);
    return row === undefined ? null : fileFrom(row);
  }

  /** The open files of all of a mirror's sessions. */
  openFiles(mirror: number): SessionFile[] {
    return this.#openFiles.all(mirror).map(fileFrom);
  }

  /** The outcome of a file is known. */
  closeFile(session: number, filename: string): void {
    this.#deleteFile.run(session, filename);
  }

  /** How many files of a session are not sent any more. */
  abandoned(session: number): number {
    return this.#abandoned.get(session)?.n ?? 0;
  }

  /** Drops finished sessions without open files. */
  dropClosed(mirror: number): void {
    this.#deleteEmpty.run(mirror);
  }

  delete(session: number): void {
    this.#delete.run(session);
  }

  /** Whether the outcome of this very file is open. */
  isFileOpen(session: number, filename: string): boolean {
    return this.#isFileOpen.get(session, filename)?.found === 1;
  }

  /** Path of a file with this content that is on its way; null when there is none. */
  pathOfContent(mirror: number, sha256: string): string | null {
    return this.#pathOfContent.get(mirror, sha256)?.path ?? null;
  }

  /** Whether the outcome of any file is open. */
  isAnyOpen(mirror: number): boolean {
    return this.#isAny.get(mirror)?.found === 1;
  }

  /** Whether a file of this key, or one that becomes the asset of this name, is on its way. */
  isOpen(mirror: number, key: string, filename: string): boolean {
    return this.#isOpen.get({ mirror, key, filename })?.found === 1;
  }
}
