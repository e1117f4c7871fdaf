import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findHold } from '../../app/cli/hold-argument.ts';
import { findMirror, findMirrors } from '../../app/cli/mirror-argument.ts';
import type { EngineApi, Hold, MirrorStatus } from '../../app/contract.ts';
import { EngineDouble } from '../host/engine-double.ts';

let root: string;
beforeAll(async () => {
  root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-')));
  await fs.mkdir(path.join(root, 'photos'));
  await fs.symlink(path.join(root, 'photos'), path.join(root, 'link'));
});
afterAll(() => fs.rm(root, { recursive: true, force: true }));

/** An engine that has these mirrors, and nothing else. */
function engineWith(...mirrors: Partial<MirrorStatus>[]): EngineApi {
  const double = new EngineDouble();
  const statuses = mirrors.map((changes) => ({ ...double.status(), ...changes }));
  return {
    // The answer is that of the only call that is made here.
    call: async (name) => (name === 'status' ? { mirrors: statuses } : {}) as never,
    on: () => () => undefined,
  };
}

const shelves = () => ({
  mirrorId: 'fe73fecd-e558',
  folder: path.join(root, 'photos'),
  datasetId: 'shelves',
  datasetName: 'Warehouse shelves',
});
const gone = () => ({
  mirrorId: 'fe73aaaa-0000',
  folder: path.join(root, 'unplugged'),
  datasetId: 'pallets',
  datasetName: 'Warehouse shelves',
});

describe('a mirror on the command line', () => {
  test.each([
    ['its folder', () => path.join(root, 'photos')],
    ['its folder from here', () => path.relative(process.cwd(), path.join(root, 'photos'))],
    ['its folder behind a link', () => path.join(root, 'link')],
    ['its ID', () => 'fe73fecd-e558'],
    ['the beginning of its ID', () => 'fe73f'],
    ['its dataset', () => 'shelves'],
    ['its dataset as the service writes it', () => 'northwind_shelves'],
  ])('is found by %s', async (_what, text) => {
    expect((await findMirror(engineWith(shelves(), gone()), text())).datasetId).toBe('shelves');
  });

  test('is found by its folder also when that is not there', async () => {
    const found = await findMirror(engineWith(shelves(), gone()), path.join(root, 'unplugged'));
    expect(found.datasetId).toBe('pallets');
  });

  test.each([
    ['a name that two have', 'Warehouse shelves', 'usage'],
    ['a beginning that two have', 'fe73', 'usage'],
    ['a beginning that is too short', 'fe7', 'no-such-mirror'],
    ['something else', 'nothing', 'no-such-mirror'],
    ['nothing, where there are two', undefined, 'usage'],
  ])('is not guessed from %s', async (_what, text, code) => {
    await expect(findMirror(engineWith(shelves(), gone()), text)).rejects.toMatchObject({ code });
  });

  test('need not be named when it is the only one', async () => {
    expect((await findMirror(engineWith(shelves()), undefined)).datasetId).toBe('shelves');
    await expect(findMirror(engineWith(), undefined)).rejects.toMatchObject({ code: 'no-mirrors' });
    await expect(findMirror(engineWith(), 'x')).rejects.toMatchObject({ code: 'no-mirrors' });
  });

  test('can be all of them, but not one and all', async () => {
    expect(await findMirrors(engineWith(shelves(), gone()), undefined, true)).toHaveLength(2);
    await expect(findMirrors(engineWith(shelves()), 'shelves', true)).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(findMirrors(engineWith(), undefined, true)).rejects.toMatchObject({ code: 'no-mirrors' });
  });
});

describe('a question on the command line', () => {
  const hold = (item: string, where: string): Partial<Hold> => ({
    item,
    path: where,
    reason: 'both-changed',
  });

  /** Answers as the engine does: by the path whatever its case, or by the item. */
  function engineHolding(...holds: Partial<Hold>[]): EngineApi {
    return {
      call: async (name, args) => {
        const { path: wanted, item } = args as { path?: string; item?: string };
        const items = holds.filter(
          (each) => wanted === undefined || each.path?.toLowerCase() === wanted.toLowerCase(),
        );
        const found = holds.find((each) => each.item === item) ?? null;
        return (name === 'hold' ? { hold: found } : { total: items.length, items }) as never;
      },
      on: () => () => undefined,
    };
  }
  const mirror = () => ({ ...new EngineDouble().status(), ...shelves() });

  test.each([
    ['its path in the mirror', () => 'train/a.png'],
    ['its path on this disk', () => path.join(root, 'photos', 'train', 'a.png')],
    ['its item', () => 'f:train/a.png'],
  ])('is found by %s', async (_what, text) => {
    const engine = engineHolding(hold('f:train/a.png', 'train/a.png'), hold('f:b.png', 'b.png'));
    expect(await findHold(engine, mirror(), text())).toMatchObject({ path: 'train/a.png' });
  });

  test('is the one of just this case where two differ in nothing else, and otherwise the only one', async () => {
    const two = engineHolding(hold('f:A.png', 'A.png'), hold('f:a.png', 'a.png'));
    expect(await findHold(two, mirror(), 'a.png')).toMatchObject({ item: 'f:a.png' });
    expect(await findHold(engineHolding(hold('f:A.png', 'A.png')), mirror(), 'a.png')).toMatchObject({
      item: 'f:A.png',
    });
  });

  test('is asked for by its item when two have one path, and told when there is none', async () => {
    const two = engineHolding(hold('f:a.png', 'a.png'), hold('a:asset-1', 'a.png'));
    await expect(findHold(two, mirror(), 'a.png')).rejects.toMatchObject({
      code: 'hold-ambiguous',
      detail: expect.stringContaining('f:a.png (both-changed) and a:asset-1 (both-changed)'),
    });
    expect(await findHold(two, mirror(), 'a:asset-1')).toMatchObject({ item: 'a:asset-1' });
    await expect(findHold(two, mirror(), 'c.png')).rejects.toMatchObject({ code: 'no-hold' });
  });

  test('goes by its asset where its item could not be typed', async () => {
    const displaced = {
      ...hold('f:a.png\0asset-1', 'a.png'),
      remote: { assetId: 'asset-1' } as Hold['remote'],
    };
    const two = engineHolding(hold('f:a.png', 'a.png'), displaced as Hold);
    await expect(findHold(two, mirror(), 'a.png')).rejects.toMatchObject({
      detail: expect.stringContaining('f:a.png (both-changed) and a:asset-1 (both-changed)'),
    });
    expect(await findHold(two, mirror(), 'a:asset-1')).toBe(displaced);
    await expect(findHold(two, mirror(), 'a:asset-2')).rejects.toMatchObject({ code: 'no-hold' });
  });
});
