import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMirroredPath } from '../../app/observe/ignore-rules.ts';
import { pathMetadataKey, placeRemote, printable, proposedName } from '../../app/plan/names.ts';
import { remoteFile } from '../manifest/temp-manifest.ts';

const part = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '\\',
    'CON',
    'a.png',
    'nul.png',
    '.hidden.png',
    'a:b.png',
    'C:',
    ' ',
    'x.png.',
    '\0',
  ),
);
const hostile = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .chain((parts) => fc.constantFrom('/', '\\', '').map((separator) => parts.join(separator)))
  .chain((text) => fc.constantFrom(text, `${text}.png`, `/${text}.jpg`));

test('whatever an asset is called, and whatever path it claims, its place is inside the folder or nowhere', () => {
  fc.assert(
    fc.property(hostile, fc.option(hostile), fc.boolean(), (filename, claimed, folds) => {
      const customMetadata = claimed === null ? {} : { [pathMetadataKey]: claimed };
      const { target, nameProblem } = placeRemote(remoteFile(filename, 'x', { customMetadata }), folds);
      expect(target === null).toBe(nameProblem !== null);
      if (target === null) return;
      const absolute = path.resolve('/mirror', target.path);
      expect(absolute.startsWith('/mirror/')).toBe(true);
      expect(path.relative('/mirror', absolute)).toBe(target.path);
      expect(target.path).not.toMatch(/[\p{Cc}\\]|(^|\/)\.\.?(\/|$)/u);
      expect(isMirroredPath(target.path)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('two assets without a path of their own never have one place', () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const [first, second] = [
        placeRemote(remoteFile(a, 'x'), false),
        placeRemote(remoteFile(b, 'x'), false),
      ];
      if (a === b || first.target === null || second.target === null) return;
      expect(first.target.path).not.toBe(second.target.path);
    }),
    { numRuns: 1000 },
  );
});

test('a path that another machine has left is taken, one that leads elsewhere is not', () => {
  const at = (claimed: unknown) =>
    placeRemote(
      remoteFile('a.png', 'x', { assetId: 'a', customMetadata: { [pathMetadataKey]: claimed } }),
      false,
    ).target?.path;
  expect(at('train/night/a.png')).toBe('train/night/a.png');
  for (const claimed of [
    '../a.png',
    '/a.png',
    'a/../../b.png',
    'a//b.png',
    '.git/b.png',
    'train/b.txt',
    '',
    7,
    `${'x/'.repeat(600)}b.png`,
  ]) {
    expect(at(claimed)).toBe('a.png');
  }
});

test('a proposed name is of the file’s own folders', () => {
  expect(proposedName('train/night/a.png')).toBe('train-night-a.png');
  expect(proposedName('a.png')).toBe('a-2.png');
});

test('a name is shown without what could make it look like another', () => {
  expect(printable('a\u202Egnp.exe\n\u0000')).toBe('a\uFFFDgnp.exe\uFFFD\uFFFD');
  expect(printable('x'.repeat(500)).length).toBeLessThanOrEqual(120);
});
