import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Database } from './database.ts';
import { type ReceivedContent, receiveContent } from './receive-content.ts';

/** Content on disk. Its size and digests are known once it is stored. */
export interface Blob extends ReceivedContent {
  readonly blobId: string;
  readonly mime: string;
}

export interface ReceiveOptions {
  readonly mime: string;
  /** Of the file on disk (with the dot, or ''): those who look at the content want to see one. */
  readonly extension: string;
  /** Gets content that is in memory as a whole: looking at it there is cheaper than on disk. */
  readonly onWhole?: (blobId: string, bytes: Uint8Array) => void;
  /** Runs in the transaction that makes the blob known. */
  readonly onStored?: (blob: Blob) => void;
}

/**
 * Files of content, and what is known about them. A file is written first and known after, and forgotten only after its
 * removal: when a process is killed in between, files that nobody knows remain, which the next start finds.
 */
export class BlobStore {
  readonly #db: Database;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #folders = new Set<string>();
  readonly #receiving = new Set<Promise<unknown>>();
  readonly #statements;
  /** Asked for at every removal, so that what belongs to a blob (its thumbnail) goes with it. */
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
      insert: db.prepare<[string, string, number, string, number]>(
        'INSERT INTO blob (blob_id, mime, size, sha256, crc32c) VALUES (?, ?, ?, ?, ?)',
      ),
      find: db.prepare<[string], Blob>(
        'SELECT blob_id AS blobId, mime, size, sha256, crc32c FROM blob WHERE blob_id = ?',
      ),
      doom: db.prepare<[number, string]>('UPDATE blob SET doomed_at = ? WHERE blob_id = ?'),
      due: db.prepare<[number], string>('SELECT blob_id FROM blob WHERE doomed_at <= ?').pluck(),
      forget: db.prepare<[string]>('DELETE FROM blob WHERE blob_id = ?'),
    };
  }

  /** Removes files below a folder that belong to no blob. Their names begin with the ID of one. */
  async removeUnknown(folder: string): Promise<void> {
    const options = { withFileTypes: true, recursive: true } as const;
    const entries = await fs.readdir(folder, options).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    for (const entry of entries) {
      const known = this.find(entry.name) ?? this.find(path.parse(entry.name).name);
      if (entry.isFile() && known === undefined) await fs.rm(path.join(entry.parentPath, entry.name));
    }
  }

  /** Stores a stream under a new name. When the stream ends early, nothing of it remains. */
  receive(source: Readable, options: ReceiveOptions): Promise<Blob> {
    const receiving = this.#receive(source, options).finally(() => this.#receiving.delete(receiving));
    this.#receiving.add(receiving);
    return receiving;
  }

  /** Waits for what is being received, whether it ends well or breaks off. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#receiving);
  }

  async #receive(source: Readable, options: ReceiveOptions): Promise<Blob> {
    const { mime, extension, onWhole, onStored } = options;
    const blobId = newBlobId() + extension;
    const file = this.#makePath(blobId);
    try {
      const content = await receiveContent(source, file, (bytes) => onWhole?.(blobId, bytes));
      const blob = { blobId, mime, ...content };
      this.#db.transaction(() => {
        this.#statements.insert.run(blobId, mime, blob.size, blob.sha256, blob.crc32c);
        onStored?.(blob);
      })();
      return blob;
    } catch (error) {
      await fs.rm(file, { force: true });
      throw error;
    }
  }

  find(blobId: string): Blob | undefined {
    return this.#statements.find.get(blobId);
  }

  path(blobId: string): string {
    return path.join(this.#folder, shelfOf(blobId), blobId);
  }

  /** Marks a blob for removal, in the transaction that takes away its last use; `sweep` removes it from then on. */
  doom(blobId: string, at: number): void {
    this.#statements.doom.run(at, blobId);
  }

  /** Removes what is marked and due. */
  async sweep(): Promise<void> {
    for (const blobId of this.#statements.due.all(this.#now())) {
      for (const file of [this.path(blobId), ...this.#companions(blobId)]) await fs.rm(file, { force: true });
      if (!this.#db.open) return;
      this.#statements.forget.run(blobId);
    }
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
}

/** In the order of time, so that new ones stand side by side in the database; the rest is random. */
function newBlobId(): string {
  return Date.now().toString(36).padStart(9, '0') + randomUUID().replaceAll('-', '').slice(12);
}

/** The subfolder of a blob: one of 16, by its last random digit. */
export function shelfOf(blobId: string): string {
  return path.parse(blobId).name.slice(-1);
}
