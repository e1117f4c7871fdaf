import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HashPool } from '../../app/observe/hash-pool.ts';
import { picture } from '../engine/pictures.ts';
import { temporaryFolder } from '../manifest/temp-manifest.ts';

function pool(threads: number): HashPool {
  const made = new HashPool({ threads, idleMs: 50 });
  onTestFinished(() => made.close());
  return made;
}

test('reads many files at once, each its own', async () => {
  const folder = await temporaryFolder();
  const hashes = pool(2);
  const files = Array.from({ length: 40 }, (_, index) => path.join(folder, `p${index}.png`));
  await Promise.all(files.map((file, index) => fs.writeFile(file, picture(index, 500 + index))));
  const outcomes = await Promise.all(files.map((file) => hashes.run('read', { path: file })));
  const sha256 = outcomes.map((outcome) => (outcome.kind === 'read' ? outcome.hash.sha256 : outcome.kind));
  expect(new Set(sha256).size).toBe(40);
  const sizes = outcomes.map((outcome) => (outcome.kind === 'read' ? outcome.hash.size : 0));
  expect(sizes).toEqual(Array.from({ length: 40 }, (_, index) => picture(index, 500 + index).length));
});

test('what is wrong with a file is an answer, not an error', async () => {
  const folder = await temporaryFolder();
  const hashes = pool(1);
  expect(await hashes.run('read', { path: path.join(folder, 'none.png') })).toEqual({ kind: 'missing' });
  expect(await hashes.run('read', { path: folder })).toEqual({ kind: 'missing' });
  expect(await hashes.run('list', { path: path.join(folder, 'none') })).toEqual({ kind: 'missing' });
  await fs.writeFile(path.join(folder, 'a.png'), 'x');
  expect(await hashes.run('list', { path: path.join(folder, 'a.png') })).toEqual({ kind: 'not-a-folder' });
  expect(await hashes.run('hashIn', { path: path.join(folder, 'a.png'), algorithm: 'md5' })).toEqual({
    algorithm: 'md5',
    contents: '9dd4e461268c8034f5c8564e155c67a6',
  });
  expect(await hashes.run('hashIn', { path: path.join(folder, 'a.png'), algorithm: 'nothing' })).toBeNull();
});

test('whoever gives up, or closes, does not wait for a long file; a listing waits for none', async () => {
  const folder = await temporaryFolder();
  const hashes = pool(1);
  const big = path.join(folder, 'big.png');
  const handle = await fs.open(big, 'w');
  await handle.truncate(2 * 1024 ** 3);
  await handle.close();
  const abort = new AbortController();
  const first = hashes.run('read', { path: big }, abort.signal);
  const second = hashes.run('read', { path: big });
  expect(await hashes.run('list', { path: folder })).toMatchObject({ kind: 'listed' });
  abort.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  await Promise.all([expect(second).rejects.toMatchObject({ isClosed: true }), hashes.close()]);
  await expect(hashes.run('list', { path: folder })).rejects.toMatchObject({ isClosed: true });
});

test('threads that had nothing to do for a while are started again', async () => {
  const folder = await temporaryFolder();
  const hashes = pool(1);
  await hashes.run('list', { path: folder });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await hashes.run('list', { path: folder })).toMatchObject({ kind: 'listed' });
});
