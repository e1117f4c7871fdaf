import type { CustomMetadata } from './asset-store.ts';
import type { BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';
import { randomId } from './identifiers.ts';
import type { FailureMode, IngestionCode, RetentionMode } from './ingestion-codes.ts';

export interface SessionRow {
  readonly id: number;
  readonly sessionId: string;
  readonly dataset: number;
  readonly state: 'open' | 'finished' | 'failed';
  readonly failureMode: FailureMode;
  readonly retentionMode: RetentionMode;
  readonly createdAt: number;
  readonly lastUpdated: number;
  /** When a file that is not uploaded by then times out. */
  readonly deadline: number;
  readonly endedAt: number | null;
  readonly generation: number;
  readonly total: number;
  readonly succeeded: number;
  readonly errored: number;
}

/** `waiting` for its bytes, `uploaded` and to be processed, or settled. `abandoned`: the session failed before its turn. */
export type SessionFileState = 'waiting' | 'uploaded' | 'succeeded' | 'errored' | 'abandoned';

export interface SessionFileRow {
  readonly session: number;
  /** Place in the request, from 0. */
  readonly position: number;
  readonly state: SessionFileState;
  readonly filename: string;
  readonly kind: string;
  readonly mime: string;
  /** As declared, like `crc32c`. */
  readonly size: number;
  readonly crc32c: number | null;
  readonly customMetadata: CustomMetadata | undefined;
  readonly blobId: string | null;
  readonly code: IngestionCode | null;
  readonly settledAt: number | null;
}

type StoredFile = Omit<SessionFileRow, 'customMetadata'> & { readonly customMetadata: string | null };

export interface NewSessionFile {
  readonly kind: string;
  readonly filename: string;
  readonly mime: string;
  readonly size: number;
  readonly crc32c: number | null;
  readonly customMetadata?: CustomMetadata | undefined;
}

export interface NewSession {
  readonly dataset: number;
  readonly failureMode: FailureMode;
  readonly retentionMode: RetentionMode;
  readonly deadline: number;
  readonly files: readonly NewSessionFile[];
}

const SESSION = `id, session_id AS sessionId, dataset, state, failure_mode AS failureMode,
  retention_mode AS retentionMode, created_at AS createdAt, last_updated AS lastUpdated, deadline, ended_at AS endedAt,
  generation, total, succeeded, errored`;
const FILE = `session, position, state, filename, kind, mime, size, crc32c, custom_metadata AS customMetadata,
  blob_id AS blobId, code, settled_at AS settledAt`;

/** Ingestion sessions and their files. */
export class SessionStore {
  readonly #db: Database;
  readonly #blobs: BlobStore;
  readonly #now: () => number;
  readonly #statements;
  #arrivals: number;

  constructor(db: Database, blobs: BlobStore, now: () => number) {
    this.#db = db;
    this.#blobs = blobs;
    this.#now = now;
    this.#statements = {
      insert: db.prepare(
        `INSERT INTO session (session_id, dataset, state, failure_mode, retention_mode, created_at, last_updated,
          deadline, total)
        VALUES (@sessionId, @dataset, 'open', @failureMode, @retentionMode, @now, @now, @deadline, @total)`,
      ),
      insertFile: db.prepare(
        `INSERT INTO session_file (session, position, state, filename, kind, mime, size, crc32c, custom_metadata)
        VALUES (@session, @position, 'waiting', @filename, @kind, @mime, @size, @crc32c, @customMetadata)`,
      ),
      find: db.prepare<[string], SessionRow>(`SELECT ${SESSION} FROM session WHERE session_id = ?`),
      byRow: db.prepare<[number], SessionRow>(`SELECT ${SESSION} FROM session WHERE id = ?`),
      open: db.prepare<[], number>(`SELECT id FROM session WHERE state = 'open' ORDER BY id`).pluck(),
      file: db.prepare<[number, number], StoredFile>(
        `SELECT ${FILE} FROM session_file WHERE session = ? AND position = ?`,
      ),
      errors: db.prepare<[number], StoredFile>(
        `SELECT ${FILE} FROM session_file WHERE session = ? AND state = 'errored' ORDER BY settled_at, position`,
      ),
      inState: db.prepare<[number, string], StoredFile>(
        `SELECT ${FILE} FROM session_file WHERE session = ? AND state = ? ORDER BY arrival, position`,
      ),
      uploaded: db.prepare<[string, number, number, number]>(
        `UPDATE session_file SET state = 'uploaded', blob_id = ?, arrival = ?
          WHERE session = ? AND position = ? AND state IN ('waiting', 'uploaded')`,
      ),
      lastArrival: db
        .prepare<[], number>(
          `SELECT max(arrival) FROM session_file WHERE session IN (SELECT id FROM session WHERE state = 'open')`,
        )
        .pluck(),
      settle: db.prepare<[string, string | null, number, number, number]>(
        `UPDATE session_file SET state = ?, code = ?, settled_at = ? WHERE session = ? AND position = ?`,
      ),
      count: db.prepare<[number, number, number, number]>(
        `UPDATE session SET succeeded = succeeded + ?, errored = errored + ?, last_updated = ?,
          generation = generation + 1 WHERE id = ?`,
      ),
      abandon: db.prepare<[number, number]>(
        `UPDATE session_file SET state = 'abandoned', settled_at = ?
          WHERE session = ? AND state IN ('waiting', 'uploaded')`,
      ),
      end: db.prepare<[string, number, number, number]>(
        `UPDATE session SET state = ?, ended_at = ?, last_updated = ?, generation = generation + 1 WHERE id = ?`,
      ),
      since: db
        .prepare<[number], number>('SELECT created_at FROM session WHERE created_at > ? ORDER BY created_at')
        .pluck(),
    };
    this.#arrivals = this.#statements.lastArrival.get() ?? 0;
  }

  create(session: NewSession): SessionRow {
    const sessionId = randomId();
    this.#db.transaction(() => {
      const { lastInsertRowid } = this.#statements.insert.run({
        sessionId,
        dataset: session.dataset,
        failureMode: session.failureMode,
        retentionMode: session.retentionMode,
        now: this.#now(),
        deadline: session.deadline,
        total: session.files.length,
      });
      for (const [position, file] of session.files.entries()) {
        this.#statements.insertFile.run({
          ...file,
          session: lastInsertRowid,
          position,
          customMetadata: file.customMetadata === undefined ? null : JSON.stringify(file.customMetadata),
        });
      }
    })();
    const row = this.find(sessionId);
    if (row === undefined) throw new Error('The ingestion session was not written.');
    return row;
  }

  find(sessionId: string): SessionRow | undefined {
    return this.#statements.find.get(sessionId);
  }

  byRow(id: number): SessionRow | undefined {
    return this.#statements.byRow.get(id);
  }

  /** Rows of the sessions that are not ended. */
  open(): number[] {
    return this.#statements.open.all();
  }

  file(session: number, position: number): SessionFileRow | undefined {
    const stored = this.#statements.file.get(session, position);
    return stored === undefined ? undefined : parse(stored);
  }

  errors(session: number): SessionFileRow[] {
    return this.#statements.errors.all(session).map(parse);
  }

  /** In the order of their arrival. */
  filesIn(session: number, state: SessionFileState): SessionFileRow[] {
    return this.#statements.inState.all(session, state).map(parse);
  }

  /**
   * Notes the bytes of a file, within the transaction that stores them. Bytes that came before and are not processed yet
   * make way; for a file that is settled the new ones are dropped.
   */
  arrived(session: number, position: number, blobId: string): void {
    const before = this.file(session, position);
    const { changes } = this.#statements.uploaded.run(blobId, ++this.#arrivals, session, position);
    const dropped = changes === 0 ? blobId : before?.blobId;
    if (dropped !== undefined && dropped !== null) this.#blobs.doom(dropped, this.#now());
  }

  /** Ends one file: with a code it errored, and its bytes go. Within a transaction. */
  settle(file: SessionFileRow, code: IngestionCode | null): void {
    const now = this.#now();
    this.#statements.settle.run(
      code === null ? 'succeeded' : 'errored',
      code,
      now,
      file.session,
      file.position,
    );
    this.#statements.count.run(code === null ? 1 : 0, code === null ? 0 : 1, now, file.session);
    if (code !== null && file.blobId !== null) this.#blobs.doom(file.blobId, now);
  }

  /** Ends a session. Files without an outcome are abandoned, and their bytes go. Within a transaction. */
  end(session: SessionRow, state: 'finished' | 'failed'): void {
    const now = this.#now();
    for (const file of this.filesIn(session.id, 'uploaded')) {
      if (file.blobId !== null) this.#blobs.doom(file.blobId, now);
    }
    this.#statements.abandon.run(now, session.id);
    this.#statements.end.run(state, now, now, session.id);
  }

  /** When the sessions that began after `time` did, the oldest first. */
  createdAfter(time: number): number[] {
    return this.#statements.since.all(time);
  }

  inTransaction<Result>(work: () => Result): Result {
    return this.#db.transaction(work)();
  }
}

function parse(stored: StoredFile): SessionFileRow {
  return {
    ...stored,
    customMetadata: stored.customMetadata === null ? undefined : JSON.parse(stored.customMetadata),
  };
}
