import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameLock, type LockedFile, lockText, type PullLock, parseLock } from '../../app/pull/lock.ts';
import { isSafePlace } from '../../app/pull/place-rules.ts';

const file: LockedFile = {
  path: 'train/a.png',
  assetId: 'asset-1',
  filename: 'a.png',
  size: 3,
  sha256: 'a'.repeat(64),
  hash: { algorithm: 'md5', contents: 'b'.repeat(32) },
  contentsLastUpdated: 1_700_000_000_000,
  etag: 'e1',
};
const lock: PullLock = {
  dataset: 'ds',
  organization: 'org',
  endpoint: 'https://api.vi.datature.com',
  query: {},
  pulledAt: '2026-01-31T17:05:00.000Z',
  complete: true,
  names: { forbidsPunctuation: false, foldsCase: false, foldsNormalForm: false },
  files: [file],
};

const textOf = (some: PullLock) => [...lockText(some)].join('');

describe('the lock file', () => {
  test('is this text, one file a line: what an earlier version has written must stay readable', () => {
    const text = `{
  "version": 1,
  "dataset": "ds",
  "organization": "org",
  "endpoint": "https://api.vi.datature.com",
  "query": {"metadataQuery":"camera == \\"front\\"","strictQuery":true},
  "pulledAt": "2026-01-31T17:05:00.000Z",
  "complete": true,
  "names": {"forbidsPunctuation":false,"foldsCase":false,"foldsNormalForm":false},
  "files": [
    {"path":"b.png","assetId":"asset-2","filename":"b.png","size":0,"sha256":"${'a'.repeat(64)}","hash":null,"contentsLastUpdated":null,"etag":""},
    {"path":"train/a.png","assetId":"asset-1","filename":"a.png","size":3,"sha256":"${'a'.repeat(64)}","hash":{"algorithm":"md5","contents":"${'b'.repeat(32)}"},"contentsLastUpdated":1700000000000,"etag":"e1"}
  ]
}
`;
    const second: LockedFile = {
      ...file,
      path: 'b.png',
      assetId: 'asset-2',
      filename: 'b.png',
      size: 0,
      hash: null,
      contentsLastUpdated: null,
      etag: '',
    };
    const query = { strictQuery: true, metadataQuery: 'camera == "front"' };
    expect(textOf({ ...lock, query, files: [file, second] })).toBe(text);
    expect(parseLock(text, 'it')).toEqual({ ...lock, query, files: [second, file] });
  });

  test('comes back as it was, and in any order is the same text', () => {
    const files = fc.uniqueArray(
      fc.record({
        path: fc
          .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })
          .map((parts) => parts.join('/'))
          .filter(isSafePlace),
        assetId: fc.string({ minLength: 1 }),
        filename: fc.string({ unit: 'binary' }),
        size: fc.nat(),
        sha256: fc.constant('c'.repeat(64)),
        hash: fc.option(fc.record({ algorithm: fc.string(), contents: fc.string() })),
        contentsLastUpdated: fc.option(fc.nat()),
        etag: fc.string(),
      }),
      { selector: (each) => each.path, comparator: 'IsStrictlyEqual', maxLength: 8 },
    );
    fc.assert(
      fc.property(files, (some) => {
        const unique = [...new Map(some.map((each) => [each.assetId, each])).values()];
        const text = textOf({ ...lock, files: unique });
        expect(textOf({ ...lock, files: unique.toReversed() })).toBe(text);
        const read = parseLock(text, 'it');
        expect(textOf(read)).toBe(text);
        expect(isSameLock(read, { ...lock, files: unique, pulledAt: 'another time' })).toBe(true);
        const [first] = unique;
        if (first !== undefined) {
          const changed = [...unique.slice(1), { ...first, size: first.size + 1 }];
          expect(isSameLock(read, { ...lock, files: changed })).toBe(false);
          expect(isSameLock(read, { ...lock, files: unique.slice(1) })).toBe(false);
        }
        expect(isSameLock(read, { ...read, complete: false })).toBe(false);
        expect(new Set(read.files.map((each) => each.filename))).toEqual(
          new Set(unique.map((each) => each.filename)),
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['cut short', textOf(lock).slice(0, 200), /not JSON/],
    ['of no version', textOf(lock).replace('"version": 1,', ''), /no version/],
    ['with a path out of the folder', textOf(lock).replace('train/a.png', '../a.png'), /files\.0\.path/],
    ['with a hash that is none', textOf(lock).replace('a'.repeat(64), 'x'), /files\.0\.sha256/],
    ['with a size that is none', textOf(lock).replace('"size":3', '"size":-3'), /files\.0\.size/],
    [
      'with one path twice',
      textOf({ ...lock, files: [file, { ...file, assetId: 'asset-2' }] }),
      /two files have the path/,
    ],
    [
      'with one asset twice',
      textOf({ ...lock, files: [file, { ...file, path: 'b.png' }] }),
      /is there twice/,
    ],
    ['that is a list', '[]', /no version/],
  ])('%s is refused in words', (_, text, words) => {
    expect(() => parseLock(text, 'the lock file')).toThrow(words);
    expect(() => parseLock(text, 'the lock file')).toThrow(expect.objectContaining({ code: 'lock-invalid' }));
  });

  test('of a newer version is told from a broken one', () => {
    const text = textOf(lock).replace('"version": 1', '"version": 2');
    expect(() => parseLock(text, 'the lock file')).toThrow(expect.objectContaining({ code: 'lock-newer' }));
  });

  test('with more fields than we know is read', () => {
    const text = textOf(lock)
      .replace('"version": 1,', '"version": 1, "more": true,')
      .replace('"size":3', '"size":3,"more":1');
    expect(parseLock(text, 'it')).toEqual(lock);
  });
});
