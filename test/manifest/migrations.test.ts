import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../app/manifest/database.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { migrations } from '../../app/manifest/migrations.ts';
import { readDatabase, temporaryFolder, writeDatabase } from './temp-manifest.ts';

/** A row or two in every table of the first version. */
const firstRows = `
  INSERT INTO mirror (id, mirror_id, folder, endpoint, organization_id, dataset_id, dataset_name, sandbox, folds_case, created_at, last_scan_at,
    watermark, unlisted) VALUES (1, 'm-1', '/one', 'http://x', 'o', 'd', 'name', 1, 0, 5, 6, 7, 0), (4, 'm-4', '/four', 'http://x', 'o', 'e', NULL, 0, 1, 5, 6, 7, 2);
  INSERT INTO setting VALUES ('', 'retention', '"ask"');
  INSERT INTO local VALUES (1, 'a.png', 'a.png', '', 'a.png', 5, 6, 7, 9223372036854775807, 8, '${'ab'.repeat(32)}', -5, 'md5:ff', 'image/png', 1, 2, NULL, 41, 0),
    (1, 'sub/b.png', 'sub/b.png', 'sub', 'b.png', 5, 6, 7, -3, 8, NULL, NULL, NULL, NULL, NULL, NULL, '{"code":"x","title":"t","detail":"d","suggestion":"s"}', 40, 0);
  INSERT INTO remote VALUES (1, 'asset', 'a.png', 5, 'sha256', '${'ab'.repeat(32)}', '${'ab'.repeat(32)}', 'e', 3, 9, 'image/png', 1, 2, '{}', 'a.png', 'a.png', NULL, 0),
    (1, 'other', 'c.png', NULL, NULL, NULL, NULL, 'e', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, NULL, 0);
  INSERT INTO synced (mirror, key, path, asset_id, filename, local_size, sha256, inode, birthtime_ns, remote_size, hash_algorithm, hash, contents_updated)
    VALUES (1, 'a.png', 'a.png', 'asset', 'a.png', 5, '${'ab'.repeat(32)}', 9223372036854775807, 8, 5, 'sha256', '${'ab'.repeat(32)}', 9);
  INSERT INTO session VALUES (3, 1, 's-3', 5, 6, NULL, NULL);
  INSERT INTO session_file (session, filename, mirror, key, path, size, sha256, crc32c, inode, birthtime_ns, step, target, replaces)
    VALUES (3, 'b.png', 1, 'sub/b.png', 'sub/b.png', 5, '${'cd'.repeat(32)}', 5, 6, 7, 'sent', '{"url":"http://x"}', NULL);
  INSERT INTO session_spend VALUES (1, 'o', 5, 0), (2, 'o', 6, 1);
  INSERT INTO decision VALUES (1, 'f:a.png', 'print', '{"kind":"skip"}', 5);
  INSERT INTO failure VALUES (1, 'f:b.png', 'print', '{"code":"x","title":"t","detail":"d","suggestion":"s"}', 2, 99);
  INSERT INTO trash VALUES (1, 1, 'old.png', '.vi-sync/trash/x/old.png', 5, NULL, 'replaced-by-download', 'kept', 5);
  INSERT INTO activity VALUES (1, 1, 5, 'uploaded', 'a.png', 'Uploaded.');
  INSERT INTO entry VALUES (1, 'f:a.png', 'a.png', 'a.png', 'in-sync', 5, 'a.png', 'asset', NULL, 5);`;

const name = z.object({ name: z.string() });

/** Every row of every table, as text: a number beyond 2^53 stays what it is. */
function contents(file: string, columns: ReadonlyMap<string, readonly string[]>): Record<string, unknown[]> {
  return Object.fromEntries(
    [...columns].map(([table, names]) => {
      const list = names.map((column) => `quote("${column}") AS "${column}"`).join(', ');
      return [table, readDatabase(file, `SELECT ${list} FROM "${table}" ORDER BY 1, 2`)];
    }),
  );
}

function columnsOf(file: string): Map<string, string[]> {
  const tables = readDatabase(
    file,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
  );
  return new Map(
    tables.map((row) => {
      const table = name.parse(row).name;
      return [
        table,
        readDatabase(file, `SELECT name FROM pragma_table_info('${table}')`).map(
          (each) => name.parse(each).name,
        ),
      ];
    }),
  );
}

describe('a manifest of each version that there has been', () => {
  test.for(migrations.map((_, index) => index + 1))('%d opens, and keeps what it has', async (version) => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'manifest.db');
    openDatabase(file, migrations.slice(0, 1)).close();
    writeDatabase(file, firstRows);
    const columns = columnsOf(file);
    expect(columns.size).toBe(14);
    const before = contents(file, columns);
    expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);
    openDatabase(file, migrations.slice(0, version)).close();
    expect(readDatabase(file, 'PRAGMA user_version')).toEqual([{ user_version: version }]);

    const manifest = openManifest(folder);
    expect(manifest.rebuild).toBeNull();
    expect(manifest.mirrors.all().map(({ mirrorId }) => mirrorId)).toEqual(['m-1', 'm-4']);
    // What was counted from the rows is right from the first moment.
    expect(manifest.remote.count(1)).toBe(2);
    expect(manifest.local.nextObservation()).toBeGreaterThan(41);
    expect(manifest.local.get(1, 'a.png')?.stamp.inode).toBe(9_223_372_036_854_775_807n);
    manifest.close();
    expect(contents(file, columns)).toEqual(before);
    expect(readDatabase(file, 'PRAGMA user_version')).toEqual([{ user_version: migrations.length }]);
    expect(readDatabase(file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(readDatabase(file, 'PRAGMA foreign_key_check')).toEqual([]);
  });

  test.for(migrations.map((_, index) => index + 1))(
    '%d is rebuilt when it is damaged, and then brought up to date',
    async (version) => {
      const folder = await temporaryFolder();
      const file = path.join(folder, 'manifest.db');
      openDatabase(file, migrations.slice(0, 1)).close();
      writeDatabase(file, firstRows);
      const kept = new Map(
        [...columnsOf(file)].filter(
          ([table]) => !['local', 'remote', 'entry', 'entry_count'].includes(table),
        ),
      );
      // What is observed anew, or decided anew, begins anew.
      kept.set('mirror', [
        'id',
        'mirror_id',
        'folder',
        'endpoint',
        'organization_id',
        'dataset_id',
        'dataset_name',
      ]);
      kept.set(
        'synced',
        (kept.get('synced') ?? []).filter((column) => column !== 'settled'),
      );
      const before = contents(file, kept);
      openDatabase(file, migrations.slice(0, version)).close();
      await writeFile(path.join(folder, 'manifest.damage.json'), '{"what":"something"}');

      const manifest = openManifest(folder);
      expect(manifest.rebuild?.damage).toBe('something');
      expect(manifest.mirrors.get(1)).toMatchObject({ watermark: null, lastFullListingAt: null });
      expect(manifest.mirrors.get(1).approvedAt).not.toBeNull();
      manifest.close();
      const after = contents(file, kept);
      expect(after.activity?.splice(1)).toHaveLength(2);
      expect(after).toEqual(before);
      expect(readDatabase(file, 'PRAGMA user_version')).toEqual([{ user_version: migrations.length }]);
    },
  );
});
