import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { DigestThread } from './content-digest.ts';
import type { Database } from './database.ts';
import { type ReceivedContent, receiveContent } from './receive-content.ts';

/** Content on disk. Its size and digests are known once it is stored. */
export interface Blob extends ReceivedContent {
  readonly blobId: string;
  readonly mime: string;
}

/**
 * Files of content, and what is known about them. The database learns of a file before its first byte and forgets it
 * after its removal: whenever the process is killed, the next start knows which files nobody needs.
 */
export class BlobStore {
  readonly #db: Database;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #digests = new DigestThread();
  readonly #folders = new Set<string>();
  readonly #statements;
  /** Asked for at every removal, so that what belongs to a blob (thumbnails) goes with it. */
  readonly #companions: (blobId: string) => readonly string[];

  constructor(
    db: Database,
    folder: string,
    now: () => number,
    companions: (blobId: string) => readonly string[],
  ) {
    this.#db = db;
    this.#folder = folder;
    this.#now = now;
    this.#companions = companions;
    this.#statements = {
      begin: db.prepare<[string, string]>(
        `INSERT INTO blob (blob_id, state, mime) VALUES (?, 'receiving', ?)`,
      ),
      complete: db.prepare<[number, string, number, string]>(
        `UPDATE blob SET state = 'stored', size = ?, sha256 = ?, crc32c = ? WHERE blob_id = ?`,
      ),
      find: db.prepare<[string], Blob>(
        `SELECT blob_id AS blobId, mime, size, sha256, crc32c FROM blob WHERE blob_id = ? AND state <> 'receiving'`,
      ),
      doom: db.prepare<[number, string]>(`UPDATE blob SET state = 'doomed', doomed_at = ? WHERE blob_id = ?`),
      due: db
        .prepare<[number], string>(`SELECT blob_id FROM blob WHERE state = 'doomed' AND doomed_at <= ?`)
        .pluck(),
      forget: db.prepare<[string]>('DELETE FROM blob WHERE blob_id = ?'),
      unfinished: db.prepare(`UPDATE blob SET state = 'doomed', doomed_at = 0 WHERE state = 'receiving'`),
    };
  }

  /** Call once, before anything else: what was on its way when the process ended is removed. */
  async recover(): Promise<void> {
    this.#statements.unfinished.run();
    await this.sweep();
  }

  /**
   * Stores a stream under a new name. When the stream ends early, nothing of it remains.
   * @param extension Of the file on disk (with the dot, or ''): those who look at the content want to see one.
   * @param onStored Runs in the transaction that makes the blob known as complete.
   */
  async receive(
    source: AsyncIterable<Uint8Array>,
    { mime, extension }: { readonly mime: string; readonly extension: string },
    onStored: (blob: Blob) => void = () => undefined,
  ): Promise<Blob> {
    const blobId = randomBytes(16).toString('hex') + extension;
    this.#statements.begin.run(blobId, mime);
    try {
      const content = await receiveContent(source, this.#makePath(blobId), this.#digests);
      const blob = { blobId, mime, ...content };
      this.#db.transaction(() => {
        this.#statements.complete.run(blob.size, blob.sha256, blob.crc32c, blobId);
        onStored(blob);
      })();
      return blob;
    } catch (error) {
      this.#statements.doom.run(0, blobId);
      await this.#remove(blobId);
      throw error;
    }
  }

  find(blobId: string): Blob | undefined {
    return this.#statements.find.get(blobId);
  }

  path(blobId: string): string {
    return path.join(this.#folder, blobId.slice(0, 2), blobId);
  }

  /** Marks a blob for removal, in the transaction that takes away its last use; `sweep` removes it from then on. */
  doom(blobId: string, at: number): void {
    this.#statements.doom.run(at, blobId);
  }

  /** Removes what is marked and due. */
  async sweep(): Promise<void> {
    for (const blobId of this.#statements.due.all(this.#now())) await this.#remove(blobId);
  }

  async close(): Promise<void> {
    await this.#digests.close();
  }

  #makePath(blobId: string): string {
    const file = this.path(blobId);
    const folder = path.dirname(file);
    if (!this.#folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      this.#folders.add(folder);
    }
    return file;
  }

  async #remove(blobId: string): Promise<void> {
    for (const file of [this.path(blobId), ...this.#companions(blobId)]) await fs.rm(file, { force: true });
    if (this.#db.open) this.#statements.forget.run(blobId);
  }
}
