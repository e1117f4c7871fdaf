import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';

/** Digests that only a switch asks for: made when an asset is first shown with it, and kept. */
export type LazyAlgorithm = 'md5' | 'sha1';

/** Makes the digest of each of these blobs known that isn't yet. */
export async function ensureDigests(
  db: Database,
  blobs: BlobStore,
  algorithm: LazyAlgorithm,
  blobIds: readonly string[],
): Promise<void> {
  const missing = db
    .prepare<[string], string>(`SELECT blob_id FROM blob WHERE blob_id = ? AND ${algorithm} IS NULL`)
    .pluck();
  const keep = db.prepare<[string, string]>(`UPDATE blob SET ${algorithm} = ? WHERE blob_id = ?`);
  for (const blobId of blobIds) {
    if (missing.get(blobId) === undefined) continue;
    const digest = createHash(algorithm);
    for await (const chunk of createReadStream(blobs.path(blobId))) digest.update(chunk);
    keep.run(digest.digest('hex'), blobId);
  }
}
