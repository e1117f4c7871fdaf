import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatTime,
} from '../../app/cli/format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [3_140_000, '3.1 MB'],
  [12_000_000_000, '12 GB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [-5, '0 s'],
  [8400, '8 s'],
  [59_600, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [360_000_000, '100 h'],
])('%d milliseconds read %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('counts have their thousands apart and a noun that fits', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatNumberOf(1, 'file')).toBe('1 file');
  expect(formatNumberOf(0, 'file')).toBe('0 files');
  expect(formatNumberOf(2, 'entry', 'entries')).toBe('2 entries');
});

test('times are in UTC, and one that is none is said to be unknown', () => {
  expect(formatTime(Date.UTC(2026, 0, 31, 17, 5))).toBe('2026-01-31 17:05:00 UTC');
  expect(formatTime(Number.MAX_VALUE)).toBe('unknown');
});
