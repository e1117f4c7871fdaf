import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../app/manifest/database.ts';
import { openManifest } from '../../app/manifest/manifest.ts';
import { migrations } from '../../app/manifest/migrations.ts';
import { addMirror, readDatabase, temporaryFolder } from './temp-manifest.ts';

const first =
  "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT) STRICT; INSERT INTO thing VALUES (1, 'kept');";
const second = 'ALTER TABLE thing ADD COLUMN size INTEGER; UPDATE thing SET size = 7;';

test('an older database is brought up to date, step by step, and keeps what it has', async () => {
  const file = path.join(await temporaryFolder(), 'm.db');
  openDatabase(file, [first]).close();
  openDatabase(file, [first, second]).close();
  expect(readDatabase(file, 'SELECT * FROM thing')).toEqual([{ id: 1, name: 'kept', size: 7 }]);
  expect(readDatabase(file, 'PRAGMA user_version')).toEqual([{ user_version: 2 }]);
});

test('a step that fails leaves the database as it was before that step', async () => {
  const file = path.join(await temporaryFolder(), 'm.db');
  expect(() => openDatabase(file, [first, `${second} INSERT INTO nowhere VALUES (1);`])).toThrow(
    expect.objectContaining({ code: 'manifest-unreadable' }),
  );
  expect(readDatabase(file, 'SELECT * FROM thing')).toEqual([{ id: 1, name: 'kept' }]);
  expect(readDatabase(file, 'PRAGMA user_version')).toEqual([{ user_version: 1 }]);
  openDatabase(file, [first, second]).close();
});

test('a newer database is refused in words and not touched, also not its log', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'manifest.db');
  openManifest(folder).close();
  const next = openDatabase(file, [...migrations, first]);
  next.exec(`UPDATE thing SET name = 'in the log'`);
  for (const suffix of ['', '-wal']) await copyFile(file + suffix, `${file}-copy${suffix}`);
  next.close();
  // As a kill has left it.
  for (const suffix of ['', '-wal']) await rename(`${file}-copy${suffix}`, file + suffix);
  const bytes = async () => Promise.all(['', '-wal'].map((suffix) => readFile(file + suffix)));
  const before = await bytes();
  expect(before[1]?.length).toBeGreaterThan(0);
  expect(() => openManifest(folder)).toThrow(
    expect.objectContaining({
      code: 'manifest-newer',
      problem: expect.objectContaining({
        title: 'Made by a newer Vi Sync',
        detail: expect.stringContaining(
          `has version ${migrations.length + 1}; this program knows versions up to ${migrations.length}`,
        ),
        suggestion: expect.stringContaining('Install the newest Vi Sync'),
      }),
    }),
  );
  expect(await bytes()).toEqual(before);
  // Damaged or not, a newer one is not ours to rebuild.
  await writeFile(path.join(folder, 'manifest.damage.json'), '{"what":"something"}');
  expect(() => openManifest(folder)).toThrow(expect.objectContaining({ code: 'manifest-newer' }));
  expect(await bytes()).toEqual(before);
});

test('the real schema survives being opened again', async () => {
  const folder = await temporaryFolder();
  const manifest = openManifest(folder);
  const mirror = addMirror(manifest, '/somewhere');
  manifest.close();
  const again = openManifest(folder);
  expect(again.mirrors.all()).toEqual([mirror]);
  again.close();
  expect(readDatabase(path.join(folder, 'manifest.db'), 'PRAGMA user_version')).toEqual([
    { user_version: migrations.length },
  ]);
});

test('one holder at a time, in this process as well', async () => {
  const folder = await temporaryFolder();
  const manifest = openManifest(folder);
  expect(() => openManifest(folder)).toThrow(expect.objectContaining({ code: 'manifest-in-use' }));
  expect(() => openManifest(folder)).toThrow(new RegExp(`process ${process.pid}`));
  manifest.close();
  openManifest(folder).close();
});

test('a process that was killed holds nothing', async () => {
  const folder = await temporaryFolder();
  const module = path.resolve('app/manifest/manifest.ts');
  const script = `import { openManifest } from ${JSON.stringify(module)};
    openManifest(${JSON.stringify(folder)}); setInterval(() => { globalThis.gc(); console.log('open'); }, 50);`;
  // Nobody refers to what was opened, and what nobody refers to is collected: the lock must hold all the same.
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(() => openManifest(folder)).toThrow(expect.objectContaining({ code: 'manifest-in-use' }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  openManifest(folder).close();
});
