import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyIndex, PackedSet, PackedTexts } from '../../app/vi/packed-texts.ts';

const anyText = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\udc00', '\0', 'é', '😀')),
});

test('every text comes back as it was, whatever it is and however long', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          anyText,
          fc.nat(300_000).map((length) => 'x'.repeat(length)),
        ),
      ),
      (texts) => {
        const packed = new PackedTexts();
        expect(texts.map((text) => packed.add(text))).toEqual(texts.map((_, index) => index));
        expect([...packed]).toEqual(texts);
        expect(packed.length).toBe(texts.length);
        expect(() => packed.at(texts.length)).toThrow(RangeError);
      },
    ),
    { numRuns: 50 },
  );
});

test('an index finds just the first entry of each key', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyText, fc.nat(50).map(String))), fc.array(anyText), (keys, others) => {
      const index = new KeyIndex((entry) => keys[entry] ?? '');
      const first = new Map<string, number>();
      for (const [entry, key] of keys.entries()) {
        expect(index.add(key, entry)).toBe(first.get(key));
        if (!first.has(key)) first.set(key, entry);
      }
      for (const key of [...keys, ...others]) expect(index.find(key)).toBe(first.get(key));
    }),
  );
});

test('a set of many names has those, and no other', () => {
  const set = new PackedSet();
  for (let number = 0; number < 100_000; number += 2) set.add(`img_${number}.png`);
  for (let number = 0; number < 100_000; number++)
    expect(set.has(`img_${number}.png`)).toBe(number % 2 === 0);
});
