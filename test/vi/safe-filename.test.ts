import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  assetFilename,
  defaultNameRules,
  nameKey,
  probeNameRules,
  safeFilename,
} from '../../app/vi/index.ts';

const posix = { forbidsPunctuation: false, foldsCase: false, foldsNormalForm: false };
const windows = { forbidsPunctuation: true, foldsCase: true, foldsNormalForm: false };

describe('the file name of an asset', () => {
  const kept = [
    'a.png',
    'IMG 0001 (2).JPG',
    '100%.png',
    'größe.png',
    '写真.png',
    '😀.png',
    '.hidden.png',
    'a..b.png',
    'console.png',
    '50%zz.png',
  ];
  for (const filename of kept) {
    test(`stays ${filename}`, () => {
      expect(safeFilename(filename, windows)).toEqual({ ok: true, name: filename, escaped: false });
    });
  }

  const escapes: [string, string][] = [
    ['a/b.png', 'a%2Fb.png'],
    ['/etc/passwd', '%2Fetc%2Fpasswd'],
    ['../../x.png', '..%2F..%2Fx.png'],
    ['..\\x.png', '..%5Cx.png'],
    ['C:\\x.png', 'C:%5Cx.png'],
    ['.', '%2E'],
    ['..', '.%2E'],
    ['...', '..%2E'],
    [' ', '%20'],
    ['a.png ', 'a.png%20'],
    ['a.png.', 'a.png%2E'],
    ['a\0.png', 'a%00.png'],
    ['a\n\u001b[2J.png', 'a%0A%1B[2J.png'],
    ['a\u007f\u0085.png', 'a%7F%85.png'],
    ['con.png', '%63on.png'],
    ['NUL', '%4EUL'],
    ['Lpt1.tar.png', '%4Cpt1.tar.png'],
    ['com¹.png', '%63om¹.png'],
    ['aux .png', '%61ux .png'],
    ['a%2Fb.png', 'a%252Fb.png'],
    ['a%ud800.png', 'a%25ud800.png'],
    ['a\ud800.png', 'a%uD800.png'],
    ['a\udc00\ud800.png', 'a%uDC00%uD800.png'],
  ];
  for (const [filename, name] of escapes) {
    test(`${JSON.stringify(filename)} is ${name}, and can be read back`, () => {
      expect(safeFilename(filename, posix)).toEqual({ ok: true, name, escaped: true });
      expect(assetFilename(name)).toBe(filename);
    });
  }

  test('has its punctuation escaped where the disk forbids it, and only there', () => {
    expect(safeFilename('a<b>:"|?*.png', posix)).toMatchObject({ escaped: false });
    expect(safeFilename('a<b>:"|?*.png', windows)).toMatchObject({ name: 'a%3Cb%3E%3A%22%7C%3F%2A.png' });
  });

  test('does not exist for an empty one, and for one of more than 255 bytes', () => {
    expect(safeFilename('')).toEqual({ ok: false, problem: 'empty' });
    expect(safeFilename('a'.repeat(256))).toEqual({ ok: false, problem: 'too-long' });
    expect(safeFilename('ä'.repeat(128))).toEqual({ ok: false, problem: 'too-long' });
    expect(safeFilename('/'.repeat(86))).toEqual({ ok: false, problem: 'too-long' });
    expect(safeFilename('a'.repeat(255))).toMatchObject({ ok: true });
  });
});

describe('the key of a file name', () => {
  test('tells apart what the disk tells apart', () => {
    expect(nameKey('A.png', posix)).not.toBe(nameKey('a.png', posix));
    expect(nameKey('A.png', windows)).toBe(nameKey('a.png', windows));
    const mac = { ...windows, foldsNormalForm: true };
    expect(nameKey('\u00e9.png', windows)).toBe(nameKey('E\u0301.png'.normalize('NFC'), windows));
    expect(nameKey('\u00e9.png', mac)).toBe(nameKey('e\u0301.png', mac));
    expect(nameKey('\u00e9.png', posix)).not.toBe(nameKey('e\u0301.png', posix));
  });
});

test('what a disk does with names is found out by trying, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
  try {
    const rules = await probeNameRules(folder);
    expect(Object.keys(rules).sort()).toEqual(Object.keys(defaultNameRules).sort());
    if (process.platform === 'linux') expect(rules).toEqual(posix);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
