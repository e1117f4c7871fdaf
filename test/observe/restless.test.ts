import { expect, test } from 'vitest';
import { Restless } from '../../app/observe/restless.ts';

test('the longer a file is written, the later it is looked at again', () => {
  const restless = new Restless(500);
  expect(restless.note('a', 'moving', 0)).toBe(500);
  expect(restless.note('a', 'moving', 500)).toBe(1000);
  expect(restless.note('a', 'moving', 8000)).toBe(9000);
  expect(restless.isResting('a', 8999)).toBe(true);
  expect(restless.isResting('a', 9000)).toBe(false);
  expect(restless.isLong('a', 119_999)).toBe(false);
  expect(restless.isLong('a', 120_000)).toBe(true);
  expect(restless.isAnyShort(120_000)).toBe(false);
  expect(restless.note('a', 'moving', 3_600_000)).toBe(3_630_000);
  restless.settle('a');
  expect(restless.note('a', 'moving', 4_000_000)).toBe(4_000_500);
});

test('what is missing is another story than what was written', () => {
  const restless = new Restless(500);
  restless.note('a', 'moving', 0);
  expect(restless.wasMissing('a')).toBe(false);
  expect(restless.note('a', 'missing', 100_000)).toBe(100_500);
  expect(restless.wasMissing('a')).toBe(true);
  expect(restless.isLongMissing('a', 129_999)).toBe(false);
  expect(restless.isLongMissing('a', 130_000)).toBe(true);
});

test('new files are waited for, but not for ever, and not those that are just looked at', () => {
  const restless = new Restless(500);
  restless.note('a', 'moving', 0);
  expect(restless.isAnyArriving(new Set(), 0)).toBe(false);
  restless.note('b', 'arriving', 0);
  expect(restless.isAnyArriving(new Set(['a']), 1000)).toBe(true);
  expect(restless.isAnyArriving(new Set(['b']), 1000)).toBe(false);
  expect(restless.isAnyArriving(new Set(), 120_000)).toBe(false);
  restless.settleAllBut(new Set(['a']), 1000);
  expect(restless.isAnyArriving(new Set(), 1000)).toBe(false);
  expect(restless.isAnyShort(1000)).toBe(true);
});
