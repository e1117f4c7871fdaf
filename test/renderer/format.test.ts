import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatDuration, formatPart } from '../../renderer/text/format.ts';
import { folderName, folderOf, splitName } from '../../renderer/text/paths.ts';

/** Units are separated by a space that does not break. */
const plain = (words: string): string => words.replaceAll(/[\u00A0\u202F]/g, ' ');

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.2 kB'],
    [9_940, '9.9 kB'],
    [9_960, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [1_214_000_000, '1.2 GB'],
    [71e9, '71 GB'],
    [5_300e12, '5,300 TB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(plain(formatBytes(bytes))).toBe(words);
  });

  it.each([
    [0, '0%'],
    [0.004, '0%'],
    [0.5, '50%'],
    [0.999_9, '99%'],
    [1, '100%'],
  ])('the part %d is %s: all of it only when it is all', (part, words) => {
    expect(plain(formatPart(part))).toBe(words);
  });

  it.each([
    [200, /^1 ?s/],
    [59_000, /^59 ?s/],
    [60_000, /^1 min/],
    [61_000, /^2 min/],
    [3_600_000, /^1 hr 0 min/],
    [9_000_000, /^2 hr 30 min/],
  ])('%d ms of waiting are said roundly', (milliseconds, words) => {
    expect(plain(formatDuration(milliseconds))).toMatch(words);
  });

  it.each([
    [0, 'just now'],
    [-5_000, 'just now'],
    [3_400, /^3 ?s/],
    [59_999, /^59 ?s/],
    [60_000, /^1 ?m/],
    [3_599_000, /^59 ?m/],
    [7_200_000, /^2 ?h/],
    [200_000_000, /^2 ?d/],
  ])('%d ms ago is said in the largest unit', (age, words) => {
    const told = plain(formatAgo(1e12, 1e12 + age));
    if (typeof words === 'string') expect(told).toBe(words);
    else expect(told).toMatch(words);
  });
});

describe('paths', () => {
  it.each([
    ['/home/ada/photos', 'photos'],
    ['/home/ada/photos/', 'photos'],
    ['C:\\Users\\Ada\\photos', 'photos'],
    ['/', '/'],
  ])('the folder %s is named %s', (folder, name) => {
    expect(folderName(folder)).toBe(name);
  });

  it('a file’s folder ends in a slash, and is empty at the top', () => {
    expect(folderOf('train/left/a.jpg')).toBe('train/left/');
    expect(folderOf('a.jpg')).toBe('');
  });

  it('a name is cut before its end, and never within a character', () => {
    expect(splitName('a.jpg')).toEqual({ stem: '', ending: 'a.jpg' });
    expect(splitName('holiday-2024-000123.jpg')).toEqual({ stem: 'holiday-2024-', ending: '000123.jpg' });
    expect(splitName('👩‍🚀xxxxx.jpg').stem + splitName('👩‍🚀xxxxx.jpg').ending).toBe('👩‍🚀xxxxx.jpg');
    expect(splitName('😀'.repeat(12)).ending).toBe('😀'.repeat(10));
  });
});
