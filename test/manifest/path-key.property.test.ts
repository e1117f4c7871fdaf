import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldForSearch, identityKey, isTwinKey, remoteNameOf, twinKey } from '../../app/manifest/path-key.ts';

const name = fc.string({ unit: 'grapheme', minLength: 1 });

test('every normal form of a path is the same path', () => {
  fc.assert(
    fc.property(name, fc.boolean(), (path, folds) => {
      expect(identityKey(path.normalize('NFD'), folds)).toBe(identityKey(path.normalize('NFC'), folds));
    }),
  );
});

test('a key of a key is the key', () => {
  fc.assert(
    fc.property(name, fc.boolean(), (path, folds) => {
      const key = identityKey(path, folds);
      expect(identityKey(key, folds)).toBe(key);
    }),
  );
});

test('case counts exactly where the disk says so', () => {
  expect(identityKey('Train/IMG.jpg', true)).toBe(identityKey('train/img.JPG', true));
  expect(identityKey('Train/IMG.jpg', false)).not.toBe(identityKey('train/img.JPG', false));
  expect(identityKey('ΣΑΣ', true)).toBe(identityKey('σας', true));
});

test('a twin has a key that no path has', () => {
  fc.assert(
    fc.property(
      name.filter((path) => !path.includes('\0')),
      (path) => {
        const key = identityKey(path, false);
        expect(isTwinKey(key)).toBe(false);
        expect(isTwinKey(twinKey(key, path))).toBe(true);
      },
    ),
  );
});

test('a name in the dataset is the base name, composed', () => {
  expect(remoteNameOf('a/b/u\u0308.png')).toBe('\u00fc.png');
  expect(foldForSearch('A\u0308B')).toBe('\u00e4b');
});
