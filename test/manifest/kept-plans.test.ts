import { expect, test } from 'vitest';
import { openDatabase } from '../../app/manifest/database.ts';
import { hideValues, keepPlans } from '../../app/manifest/kept-plans.ts';
import { manifestOn } from '../../app/manifest/manifest.ts';

const lookup =
  'SELECT * FROM remote INDEXED BY remote_filename WHERE mirror = ? AND filename = ? ORDER BY contents_updated DESC LIMIT 1';

test('values that are compared with are hidden from the planner, and nothing else is changed', () => {
  expect(hideValues('a = ? AND b <> @name AND c >= ? OR d IS NOT ? LIMIT ? OFFSET ?')).toBe(
    'a = ifnull(?, NULL) AND b <> ifnull(@name, NULL) AND c >= ifnull(?, NULL) OR d IS NOT ifnull(?, NULL) LIMIT ? OFFSET ?',
  );
  for (const sql of ['INSERT INTO a VALUES (?, ?)', 'a = b', 'x IN (?, ?)', '(a, b) > (?, ?)']) {
    expect(hideValues(sql)).toBe(sql);
  }
});

test('a lookup is planned once, not with each binding', () => {
  const database = openDatabase(':memory:');
  const planned = database.prepare(lookup);
  keepPlans(database);
  const kept = database.prepare(lookup);
  const time = (statement: typeof kept) => {
    const start = performance.now();
    for (let index = 0; index < 5000; index++) statement.get(1, `${index}`);
    return performance.now() - start;
  };
  const ratio = () => time(planned) / time(kept);
  ratio();
  // Six to ten in truth. If it were one, this SQLite would not look at values, and could do without.
  expect(Math.max(ratio(), ratio(), ratio())).toBeGreaterThan(2.5);
  database.close();
});

test('values of every kind find what they found before', () => {
  const database = openDatabase(':memory:');
  database.exec(`CREATE TABLE t (i INTEGER, x TEXT, b BLOB) STRICT;
    INSERT INTO t VALUES (1, '1', x'31'), (9007199254740993, 'ä', NULL), (NULL, NULL, x'00')`);
  const queries = ['i = ?', 'x = ?', 'b = ?', 'i >= ?', 'x <> ?', 'i IS ?', 'x IS NOT ?'];
  const values = [1, 9007199254740993n, '1', 'ä', 1.5, null, Buffer.from('1')];
  const found = (where: string) =>
    values.map((value) =>
      database.prepare(`SELECT rowid FROM t WHERE ${where} ORDER BY rowid`).pluck().all(value),
    );
  const before = queries.map(found);
  keepPlans(database);
  expect(queries.map(found)).toEqual(before);
  database.close();
});

test('the manifest keeps its plans', () => {
  const database = openDatabase(':memory:');
  manifestOn(database);
  expect(database.prepare('SELECT 1 FROM local WHERE mirror = ?').source).toContain('ifnull(?, NULL)');
  database.close();
});
