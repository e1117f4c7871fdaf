import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListedAsset } from '../../app/pull/listing.ts';
import { isPlaceOn, isReserved, isSafePlace } from '../../app/pull/place-rules.ts';
import { placeAssets } from '../../app/pull/placement.ts';
import { type NameRules, nameKey } from '../../app/vi/index.ts';
import { hostileNames } from './hostile-names.ts';

const name = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.constantFrom('a.png', 'A.png', 'b/a.png', 'a.png/b.png', 'b', 'a~1.png', ''),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const rules: fc.Arbitrary<NameRules> = fc.record({
  forbidsPunctuation: fc.boolean(),
  foldsCase: fc.boolean(),
  foldsNormalForm: fc.boolean(),
});
const assets: fc.Arbitrary<ListedAsset[]> = fc.uniqueArray(
  fc.record({
    assetId: fc.oneof(
      fc.constantFrom('1', '2', 'a', 'A', '../../x', 'x'.repeat(255)),
      fc.string({ minLength: 1, maxLength: 4 }),
    ),
    filename: name,
    claimedPath: fc.option(name),
    timeCreated: fc.option(fc.integer({ min: 0, max: 3 })),
    size: fc.constant(1),
    hash: fc.constant(null),
    contentsLastUpdated: fc.constant(0),
    etag: fc.constant(''),
  }),
  { selector: (asset) => asset.assetId, maxLength: 12 },
);

test('every asset has a place of its own inside the folder, on a disk of any rules', () => {
  fc.assert(
    fc.property(assets, rules, (listed, how) => {
      const placed = placeAssets(listed, how);
      expect(placed.map(({ assetId }) => assetId).sort()).toEqual(
        listed.map(({ assetId }) => assetId).sort(),
      );
      const keys = new Set<string>();
      for (const { path: place } of placed) {
        expect(isSafePlace(place)).toBe(true);
        expect(isPlaceOn(place, how)).toBe(true);
        expect(isReserved(place)).toBe(false);
        expect(path.relative('/pulled', path.resolve('/pulled', place))).toBe(place);
        for (const part of place.split('/')) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
        keys.add(nameKey(place, how));
      }
      expect(keys.size).toBe(placed.length);
      // No file is a folder of another one.
      for (const key of keys) {
        for (const other of keys) expect(other.startsWith(`${key}/`)).toBe(false);
      }
    }),
    { numRuns: 3000 },
  );
});

test('the same assets have the same places in whatever order they come, and the older one has the place that two want', () => {
  fc.assert(
    fc.property(
      assets.chain((listed) =>
        fc.tuple(fc.constant(listed), fc.shuffledSubarray(listed, { minLength: listed.length })),
      ),
      rules,
      ([listed, shuffled], how) => {
        const places = (some: ListedAsset[]) =>
          Object.fromEntries(placeAssets(some, how).map((asset) => [asset.assetId, asset.path]));
        expect(places(shuffled)).toEqual(places(listed));
      },
    ),
    { numRuns: 1000 },
  );
  const twin = (assetId: string, timeCreated: number | null): ListedAsset => ({
    assetId,
    filename: 'a.png',
    claimedPath: 'train/a.png',
    timeCreated,
    size: 1,
    hash: null,
    contentsLastUpdated: 0,
    etag: '',
  });
  const how = { forbidsPunctuation: false, foldsCase: false, foldsNormalForm: false };
  expect(
    placeAssets([twin('x', null), twin('b', 2), twin('c', 1), twin('a', 2)], how).map((asset) => [
      asset.path,
      asset.mapped,
    ]),
  ).toEqual([
    ['train/a.png', null],
    ['train/a~a.png', 'taken'],
    ['train/a~b.png', 'taken'],
    ['train/a~x.png', 'taken'],
  ]);
});

test('an asset that comes later takes no place from those that are there', () => {
  fc.assert(
    fc.property(assets, assets, rules, (first, second, how) => {
      const old = first.map((asset) => ({ ...asset, timeCreated: 1 }));
      const ids = new Set(old.map((asset) => asset.assetId));
      const late = second
        .filter((asset) => !ids.has(asset.assetId))
        .map((asset) => ({ ...asset, timeCreated: 2 }));
      const before = placeAssets(old, how);
      const after = new Map(placeAssets([...late, ...old], how).map((asset) => [asset.assetId, asset.path]));
      for (const asset of before) expect(after.get(asset.assetId)).toBe(asset.path);
    }),
    { numRuns: 1000 },
  );
});
