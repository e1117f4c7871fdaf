import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isIgnoredName, isMirroredPath } from '../../app/observe/ignore-rules.ts';
import { watchLocally } from '../../app/observe/local-watch.ts';
import { temporaryFolder } from '../manifest/temp-manifest.ts';

test('what happens in the folder is hinted, once it is quiet; what is ignored is not', async () => {
  const folder = await temporaryFolder();
  const hinted = new Set<string>();
  const { promise: isReady, resolve } = Promise.withResolvers<void>();
  const watch = watchLocally({
    folder,
    quietMs: 30,
    longestMs: 500,
    isWatched: (each) => !each.split('/').some(isIgnoredName),
    onReady: () => undefined,
    onHints: (paths) => {
      for (const each of paths) hinted.add(each);
      if (paths.has('')) resolve();
    },
    onFailure: (problem) => {
      throw new Error(problem.detail);
    },
  });
  onTestFinished(() => watch.close());
  // Before it is ready, something may have been missed: the folder as a whole is hinted.
  await isReady;
  await fs.mkdir(path.join(folder, 'sub/.vi-sync'), { recursive: true });
  await fs.writeFile(path.join(folder, 'sub/a.png'), 'x');
  await fs.writeFile(path.join(folder, 'sub/.vi-sync/b.png'), 'x');
  await fs.writeFile(path.join(folder, '.c.png'), 'x');
  await expect
    .poll(() => [...hinted].filter((each) => each.startsWith('sub')), { timeout: 5000 })
    .not.toEqual([]);
  await fs.rm(path.join(folder, 'sub/a.png'));
  await expect.poll(() => hinted.has('sub/a.png'), { timeout: 5000 }).toBe(true);
  expect([...hinted].filter((each) => /vi-sync|\.c/.test(each))).toEqual([]);
});

test('after close nothing is hinted', async () => {
  const folder = await temporaryFolder();
  let hints = 0;
  const watch = watchLocally({
    folder,
    quietMs: 10,
    longestMs: 50,
    isWatched: () => true,
    onReady: () => undefined,
    onHints: () => {
      hints += 1;
    },
    onFailure: () => undefined,
  });
  await watch.close();
  hints = 0;
  await fs.writeFile(path.join(folder, 'a.png'), 'x');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(hints).toBe(0);
});

test.for([
  ['.a.png', true],
  ['.vi-sync', true],
  ['~$a.png', true],
  ['a.png~', true],
  ['Unfinished.crdownload', true],
  ['IMG.jpg.download', true],
  ['__MACOSX', true],
  ['@eaDir', true],
  ['$RECYCLE.BIN', true],
  ['a.png', false],
  ['download', false],
  ['tmp', false],
] as const)('%s is ignored: %s', ([name, expected]) => {
  expect(isIgnoredName(name)).toBe(expected);
});

test('a path is mirrored if each of its parts is', () => {
  expect(isMirroredPath('a/b/c.JPG')).toBe(true);
  expect(isMirroredPath('a/.b/c.jpg')).toBe(false);
  expect(isMirroredPath('a/b/c.txt')).toBe(false);
  expect(isMirroredPath('.jpg')).toBe(false);
});
