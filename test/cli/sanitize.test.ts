import { expect, test } from 'vitest';
import { sanitize, sanitizeJson } from '../../app/cli/sanitize.ts';

test.each([
  ['colors', '\x1b[31mred.jpg', '\\x1b[31mred.jpg'],
  ['a window title', '\x1b]0;owned\x07.jpg', '\\x1b]0;owned\\x07.jpg'],
  ['an eight-bit escape', '\x9b2J.jpg', '\\x9b2J.jpg'],
  ['line breaks', 'a\r\nb', 'a\\x0d\\nb'],
  ['a right-to-left override', 'a\u202egpj.exe', 'a\\u{202e}gpj.exe'],
  ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
  ['half a character', 'a\ud800b', 'a\\u{d800}b'],
])('%s are written out', (_what, text, safe) => {
  expect(sanitize(text)).toBe(safe);
});

test('ordinary names of all languages stay as they are', () => {
  const names = 'Straße 01.jpg 画像.png صورة.jpg 👩‍👩‍👧.heic é.tif';
  expect(sanitize(names)).toBe(names);
});

test('JSON keeps its value and loses what a terminal could act on', () => {
  const value = { name: 'a\x1b[2J\x9b2J\u202e\u2028\x7f' };
  const json = sanitizeJson(JSON.stringify(value));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e\u2028]/u);
  expect(JSON.parse(json)).toEqual(value);
});
