import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ArrivedFiles } from '../../app/observe/arrived-files.ts';
import { scanAll, scanPaths } from '../../app/observe/local-scan.ts';
import { picture } from '../engine/pictures.ts';
import { scanWorld } from './scan-world.ts';

describe('a file that is missing where deletions go on to the dataset', () => {
  async function setup(needsWholeScan: boolean) {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 300));
    await world.scan();
    const options = {
      ...world.options(0),
      patience: {
        arrived: new ArrivedFiles(),
        isAnyArriving: () => false,
        needsWholeScan: () => needsWholeScan,
        // It was missing before, and for a long time.
        wasMissing: () => true,
        isLongMissing: () => true,
      },
    };
    await fs.rename(world.at('a.png'), world.at('b.png'));
    return { world, options };
  }

  test('is not gone because of hints: the one at its new place may be lost', async () => {
    const { world, options } = await setup(true);
    expect(await scanPaths(['a.png'], options)).toMatchObject({ gone: 0, missing: ['a.png'] });
    expect(world.known()).toEqual(['a.png']);
    expect(await scanAll(options)).toMatchObject({ gone: 1, changed: 1, missing: [] });
    expect(world.known()).toEqual(['b.png']);
  });

  test('is gone at once when it was found elsewhere, also by an earlier look', async () => {
    const { world, options } = await setup(true);
    expect(await scanPaths(['b.png'], options)).toMatchObject({ gone: 0, changed: 1 });
    expect(await scanPaths(['a.png'], options)).toMatchObject({ gone: 1 });
    expect(world.known()).toEqual(['b.png']);
    // Where it is now it is not elsewhere.
    await fs.rm(world.at('b.png'));
    expect(await scanPaths(['b.png'], options)).toMatchObject({ gone: 0, missing: ['b.png'] });
  });

  test('is gone by hints where a person is asked anyway', async () => {
    const { world, options } = await setup(false);
    expect(await scanPaths(['a.png'], options)).toMatchObject({ gone: 1 });
    expect(world.known()).toEqual([]);
  });
});
