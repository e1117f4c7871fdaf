import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { realRandomness } from '../../app/engine/real-clock.ts';
import { probeFoldsCase } from '../../app/observe/case-probe.ts';
import { picture } from '../engine/pictures.ts';
import { foldingDisk } from './folding-disk.ts';
import { scanWorld } from './scan-world.ts';
import { nothingToDo, planOf, statesOf, syncedWorld } from './synced-world.ts';

const folded = (...names: string[]) => syncedWorld(names, { foldsCase: true, disk: foldingDisk });

test('the double folds as such a disk does', async () => {
  const world = await scanWorld({ disk: foldingDisk });
  expect(await probeFoldsCase(world.disk, world.root, realRandomness)).toBe(true);
  await world.write('Train/A.png', picture(1, 500));
  expect(await world.disk.look(world.at('train/a.PNG'))).toMatchObject({ kind: 'file' });
  expect(await world.disk.look(world.at('train/b.png'))).toMatchObject({ kind: 'missing' });
  expect(await world.disk.names(world.at('TRAIN'))).toEqual(['A.png']);
});

describe('on a disk that folds case', () => {
  // What watchers report of a rename: one half, the other, both in either order, or something above.
  const halves = (from: string, to: string) => [[from], [to], [to, from], ['sub']];

  test.for([
    ['sub/IMG.png', 'sub/img.png'],
    ['sub/u\u0308.png', 'sub/\u00fc.png'],
    ['sub/\u00dc.png', 'sub/u\u0308.png'],
  ] as const)('%s renamed to %s is the same file, whatever is hinted', async ([from, to]) => {
    for (const hints of halves(from, to)) {
      const world = await folded(from, 'sub/other.png');
      await fs.rename(world.at(from), world.at(to));
      expect(await world.hint(...hints)).toMatchObject({ gone: 0 });
      expect(world.known()).toEqual([to, 'sub/other.png'].sort());
      expect(await planOf(world)).toMatchObject({ bound: 0, ...nothingToDo });
      expect(statesOf(world)).toEqual({ [to]: 'in-sync', 'sub/other.png': 'in-sync' });
      expect(await world.scan()).toMatchObject({ changed: 0, gone: 0 });
    }
  });

  test('a file or folder that is gone is known to be, however the hint spells it', async () => {
    for (const [gone, hint] of [
      ['Train', 'train'],
      ['Train/\u00fc.png', 'train/u\u0308.png'],
    ] as const) {
      const world = await folded('Train/\u00fc.png', 'c.png');
      await fs.rm(world.at(gone), { recursive: true });
      expect(await world.hint(hint)).toMatchObject({ gone: 1 });
      expect(world.known()).toEqual(['c.png']);
    }
  });

  test('a folder renamed in case alone: no file is read again, none is gone', async () => {
    for (const hints of [
      ['Train'],
      ['train'],
      ['Train', 'train'],
      ['train', 'Train'],
      ['Train/x/a.png'],
      ['train/x'],
    ]) {
      const world = await folded('Train/x/a.png', 'Train/b.png', 'c.png');
      await fs.rename(world.at('Train'), world.at('train'));
      expect(await world.hint(...hints)).toMatchObject({ gone: 0 });
      expect(await planOf(world)).toMatchObject({ bound: 0, ...nothingToDo });
      expect(await world.scan()).toMatchObject({ gone: 0 });
      expect(world.reads).toEqual([]);
      expect(world.known()).toEqual(['c.png', 'train/b.png', 'train/x/a.png']);
      expect(await planOf(world)).toMatchObject({ bound: 0, ...nothingToDo });
      expect(statesOf(world)).toEqual({
        'c.png': 'in-sync',
        'train/b.png': 'in-sync',
        'train/x/a.png': 'in-sync',
      });
    }
  });

  test('a folder renamed in case alone, while one of its files was deleted', async () => {
    const world = await folded('Train/a.png', 'Train/b.png');
    await fs.rename(world.at('Train'), world.at('train'));
    await fs.rm(world.at('train/a.png'));
    expect(await world.hint('Train', 'train')).toMatchObject({ gone: 1 });
    expect(world.known()).toEqual(['train/b.png']);
  });

  test('a file deleted and another of its name, spelled otherwise: changed, not gone', async () => {
    const world = await folded('A.png');
    await fs.rm(world.at('A.png'));
    await world.write('a.png', picture(9, 600));
    expect(await world.hint('A.png', 'a.png')).toMatchObject({ gone: 0, changed: 1 });
    expect(await planOf(world)).toMatchObject({ upload: { files: 1 } });
    expect(world.known()).toEqual(['a.png']);
  });
});

test('where it does not, two names that differ in case are two files', async () => {
  const world = await scanWorld();
  for (const [index, name] of ['a.png', 'A.png', 'T/x.png', 't/x.png'].entries()) {
    await world.write(name, picture(index, 500));
  }
  await world.scan();
  expect(world.known()).toEqual(['A.png', 'T/x.png', 'a.png', 't/x.png']);
  await fs.rm(world.at('a.png'));
  expect(await world.hint('a.png', 'A.png')).toMatchObject({ gone: 1 });
  expect(world.known()).toEqual(['A.png', 'T/x.png', 't/x.png']);
});
