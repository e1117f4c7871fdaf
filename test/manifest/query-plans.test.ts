import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../../app/manifest/database.ts';
import { hideValues } from '../../app/manifest/kept-plans.ts';
import { manifestOn } from '../../app/manifest/manifest.ts';

/** Tables with as many rows as there are files. */
const large = new Set(['local', 'remote', 'synced', 'entry']);

/**
 * Statements that may read every row of a mirror, and who runs them: nothing that happens with every poll, hint or transfer. Each is known
 * by its beginning, or whole if it ends with a semicolon.
 */
const mayReadAll = [
  // A person looks at a page, deep in a list or by a search; it is cut in an index.
  'WITH page AS MATERIALIZED',
  'SELECT count(*) AS n FROM entry e',
  // A page of a mirror that is removed.
  ...['entry', 'local', 'remote', 'synced'].map((table) => `DELETE FROM ${table} WHERE mirror = ? AND (`),
  // What has no pages goes with it.
  'DELETE FROM mirror WHERE id = ? AND removed_at IS NOT NULL;',
  // The end of a listing of the whole dataset.
  ...['SELECT asset_id', 'DELETE'].map((verb) => `${verb} FROM remote WHERE mirror = ? AND NOT EXISTS (`),
  // A setting has changed.
  'UPDATE synced SET settled = 0 WHERE mirror = ?;',
  // Looks at a hundred rows at most.
  'SELECT hash_algorithm FROM (SELECT hash_algorithm FROM remote WHERE mirror = ? LIMIT 100)',
  // A count for a person.
  'SELECT count(*) AS n FROM synced WHERE mirror = ?;',
].map(hideValues);

const detail = z.object({ detail: z.string() });

function stepsOf(database: Database, sql: string): string[] {
  const named = [...sql.matchAll(/@(\w+)/g)].map(([, parameter = '']) => [parameter, null]);
  const values = named.length > 0 ? [Object.fromEntries(named)] : [];
  const count = [...sql.matchAll(/\?/g)].length;
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values, ...Array.from({ length: count }, () => null))
    .map((row) => detail.parse(row).detail);
}

/** Steps of a query plan that go through all rows of a large table, or through all of one mirror. */
function walks(database: Database, sql: string): string[] {
  const aliases = new Map<string, string>();
  for (const [, table = '', alias] of sql.matchAll(
    /\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?!INDEXED|ON|WHERE|SET|LEFT|CROSS|JOIN|ORDER|LIMIT)(\w+))?/g,
  )) {
    aliases.set(alias ?? table, table);
  }
  const steps = stepsOf(database, sql);
  return steps.filter((step) => {
    const [, kind, name = ''] = /^(SCAN|SEARCH) (\w+)/.exec(step) ?? [];
    const table = aliases.get(name) ?? name;
    if (kind === undefined || !large.has(table)) return false;
    // A partial index holds what a plan must look at, and no more.
    if (/USING (?:COVERING )?INDEX \w+_(?:unbound|unsettled)\b/.test(step)) return false;
    return kind === 'SCAN' || !/\(mirror=\? AND .*\)/.test(step);
  });
}

function prepared(): { database: Database; statements: string[] } {
  const database = openDatabase(':memory:');
  const statements: string[] = [];
  const original = database.prepare.bind(database);
  Object.defineProperty(database, 'prepare', {
    configurable: true,
    value: (sql: string) => {
      statements.push(sql.trim());
      return original(sql);
    },
  });
  const manifest = manifestOn(database);
  for (const sort of ['path', 'state', 'size', 'changedAt'] as const) {
    for (const search of [undefined, 'x']) {
      manifest.entries.page(1, { sort, search, descending: false, offset: 0, limit: 1 });
    }
  }
  Reflect.deleteProperty(database, 'prepare');
  return { database, statements };
}

/** What a trigger does, as statements of their own. */
function bodyOf(trigger: string): string[] {
  const body = trigger.slice(trigger.indexOf('BEGIN') + 'BEGIN'.length, trigger.lastIndexOf('END'));
  return body
    .split(';')
    .map((sql) => sql.trim().replace(/\b(?:NEW|OLD)\.\w+/g, '?'))
    .filter((sql) => sql !== '');
}

test('no statement goes through all files, but the few that say why', () => {
  const { database, statements } = prepared();
  const triggers = database
    .prepare(`SELECT sql FROM sqlite_schema WHERE type = 'trigger'`)
    .pluck()
    .all()
    .flatMap((sql) => bodyOf(z.string().parse(sql)));
  expect(statements.length).toBeGreaterThan(80);
  expect(triggers.length).toBeGreaterThan(20);
  const found = [...statements, ...triggers]
    .filter((sql) => !mayReadAll.some((start) => `${sql};`.startsWith(start)))
    .flatMap((sql) => walks(database, sql).map((step) => `${step} ← ${sql}`));
  expect(found).toEqual([]);
  database.close();
});

test('what looks one row up sorts nothing: that takes ten times as long as to find it', () => {
  const { database, statements } = prepared();
  const lookups = statements.filter((sql) => sql.endsWith('LIMIT 1'));
  const sorts = (sql: string) => stepsOf(database, sql).some((step) => step.includes('TEMP B-TREE'));
  expect(lookups.length).toBeGreaterThan(5);
  expect(lookups.filter(sorts)).toEqual([]);
  expect(sorts('SELECT path FROM local WHERE mirror = ? AND folder = ? ORDER BY size LIMIT 1')).toBe(true);
  database.close();
});

test('the check finds a walk through a table, and one through a mirror', () => {
  const database = openDatabase(':memory:');
  expect(walks(database, 'SELECT max(observed) AS last FROM local')).toHaveLength(1);
  expect(walks(database, 'SELECT count(*) AS n FROM remote r WHERE r.mirror = ?')).toHaveLength(1);
  expect(walks(database, 'SELECT path FROM local WHERE mirror = ? AND key = ?')).toEqual([]);
  for (const start of mayReadAll) {
    const { statements } = prepared();
    expect(
      statements.some((sql) => `${sql};`.startsWith(start)),
      start,
    ).toBe(true);
  }
  database.close();
});
