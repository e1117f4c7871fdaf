import { describe, expect, test } from 'vitest';
import { collectMetadata, wholeNumber } from '../../app/cli/option-values.ts';

describe('wholeNumber', () => {
  test('takes what is in its range', () => {
    expect(wholeNumber(1, 10)('10')).toBe(10);
    expect(wholeNumber(0)('0')).toBe(0);
  });
  test.each(['', '-1', '0', '11', '1.5', '1e1', '0x5', ' 5', 'five', '9'.repeat(30)])(
    'refuses %j',
    (text) => {
      expect(() => wholeNumber(1, 10)(text)).toThrow('whole number from 1 to 10');
    },
  );
});

describe('collectMetadata', () => {
  test('collects repeated options, the last of one name wins', () => {
    const first = collectMetadata('camera=front');
    expect(collectMetadata('camera=rear', collectMetadata('lens=x=y', first))).toEqual({
      camera: 'rear',
      lens: 'x=y',
    });
  });

  test.each([
    ['a=1', 1],
    ['a=-2.5', -2.5],
    ['a=true', true],
    ['a=false', false],
    ['a=', ''],
    ['a="1"', '1'],
    ['a=007', '007'],
    ['a=1e5', '1e5'],
    ['a=12345678901234567890', '12345678901234567890'],
  ])('%s has the value %j', (text, value) => {
    expect(collectMetadata(text)).toEqual({ a: value });
  });

  test.each(['', 'a', '=1'])('refuses %j', (text) => {
    expect(() => collectMetadata(text)).toThrow('name=value');
  });
});
