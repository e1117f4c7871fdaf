import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type BlobStore, shelfOf } from './blob-store.ts';
import { thumbnailOf } from './content-check.ts';

export interface StoredThumbnail {
  readonly path: string;
  readonly mime: string;
  readonly size: number;
}

/** Thumbnails of blobs: made when first asked for, then kept as long as the blob. */
export class Thumbnails {
  readonly #folder: string;
  /** Wiped at every start. */
  readonly #temporary: string;
  readonly #making = new Map<string, Promise<void>>();

  constructor(folder: string, temporary: string) {
    this.#folder = folder;
    this.#temporary = temporary;
  }

  path(blobId: string): string {
    return path.join(this.#folder, shelfOf(blobId), `${blobId}.thumbnail`);
  }

  /** Undefined when the blob's content gives no picture. */
  async find(blobs: BlobStore, blobId: string): Promise<StoredThumbnail | undefined> {
    const file = this.path(blobId);
    const found = await look(file);
    if (found !== undefined) return found.size === 0 ? undefined : found;
    let making = this.#making.get(blobId);
    if (making === undefined) {
      making = this.#make(blobs, blobId, file).finally(() => this.#making.delete(blobId));
      this.#making.set(blobId, making);
    }
    await making;
    const made = await look(file);
    return made === undefined || made.size === 0 ? undefined : made;
  }

  async #make(blobs: BlobStore, blobId: string, file: string): Promise<void> {
    const thumbnail = await thumbnailOf(blobs.path(blobId));
    // An empty file remembers that there is nothing to see.
    const bytes = thumbnail?.bytes ?? new Uint8Array();
    await fs.mkdir(path.dirname(file), { recursive: true });
    const temporary = path.join(this.#temporary, randomUUID());
    await fs.writeFile(temporary, bytes);
    await fs.rename(temporary, file);
    // The blob may have gone meanwhile, and its thumbnail before it was there.
    if (blobs.find(blobId) === undefined) await fs.rm(file, { force: true });
  }
}

async function look(file: string): Promise<StoredThumbnail | undefined> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return { path: file, mime: mimes[buffer.toString('latin1')] ?? 'image/jpeg', size };
  } finally {
    await handle.close();
  }
}

/** By their first bytes; thumbnails have no other type than these and JPEG. */
const mimes: Readonly<Record<string, string>> = { RIFF: 'image/webp', '\x89PNG': 'image/png' };
