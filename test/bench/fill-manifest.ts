import path from 'node:path';
import { z } from 'zod';
import { type Database, openDatabase } from '../../app/manifest/database.ts';

/** How many files a folder of the made-up mirror has. */
const filesInAFolder = 1000;

/**
 * Fills a new manifest in a data folder with a mirror that is in sync: as many rows in each of the three trees, and in the list that a
 * person sees. Hashes and IDs are random, as real ones are, so that no index is in the order of another. The triggers are off meanwhile:
 * what they would write is written at once.
 */
export function fillManifest(dataDir: string, rows: number): void {
  const database = openDatabase(path.join(dataDir, 'manifest.db'));
  try {
    database.transaction(() => fill(database, rows))();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

const trigger = z.object({ name: z.string(), sql: z.string() });

function fill(database: Database, rows: number): void {
  const triggers = database
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all()
    .map((row) => trigger.parse(row));
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(`
    INSERT INTO mirror (id, mirror_id, folder, endpoint, organization_id, dataset_id, dataset_name, sandbox, folds_case, created_at,
      approved_at, last_scan_at, last_listing_at, last_full_listing_at, watermark)
    VALUES (1, 'mirror', '/nowhere/folder', 'http://127.0.0.1:1', 'organization', 'dataset', 'Dataset', 1, 0, 0, 1, 1, 1, 1, 2000000);
    CREATE TEMP TABLE made AS
      WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ${rows})
      SELECT n, printf('images/%04d', n / ${filesInAFolder}) AS folder, printf('picture-%07d.jpg', n) AS name,
        lower(hex(randomblob(32))) AS sha256, lower(hex(randomblob(12))) AS asset_id, abs(random() % 5000000) AS size
      FROM number;
    INSERT INTO local (mirror, key, path, folder, remote_name, size, mtime_ns, ctime_ns, inode, birthtime_ns, sha256, crc32c, mime, width,
      height, observed, bound)
    SELECT 1, folder || '/' || name, folder || '/' || name, folder, name, size, 1763000000123456789 + n, 1763000000123456789 + n,
      1000000 + n, 1763000000000000000 + n, sha256, 7, 'image/jpeg', 640, 480, n + 1, 1 FROM made;
    INSERT INTO remote (mirror, asset_id, filename, size, hash_algorithm, hash, sha256, etag, annotations, contents_updated, mime, width,
      height, custom_metadata, target_path, target_key, bound)
    SELECT 1, asset_id, name, size, 'sha256', sha256, sha256, asset_id, n % 3, 1000000 + n, 'image/jpeg', 640, 480,
      json_object('viSyncPath', folder || '/' || name), folder || '/' || name, folder || '/' || name, 1 FROM made ORDER BY asset_id;
    INSERT INTO synced (mirror, key, path, asset_id, filename, local_size, sha256, inode, birthtime_ns, remote_size, hash_algorithm, hash,
      contents_updated, settled)
    SELECT 1, folder || '/' || name, folder || '/' || name, asset_id, name, size, sha256, 1000000 + n, 1763000000000000000 + n, size,
      'sha256', sha256, 1000000 + n, 1 FROM made;
    INSERT INTO entry (mirror, item, path, folded, state, size, key, asset_id, changed_at)
    SELECT 1, 'f:' || folder || '/' || name, folder || '/' || name, folder || '/' || name, 'in-sync', size, folder || '/' || name,
      asset_id, 1763000000000 + n FROM made;
    INSERT INTO entry_count VALUES (1, 'in-sync', ${rows});
    INSERT INTO asset_count VALUES (1, ${rows});
    DROP TABLE made;`);
  for (const { sql } of triggers) database.exec(sql);
}
