import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLooseJson } from '../../app/sandbox/loose-json.ts';
import { readPageToken, writePageToken } from '../../app/sandbox/page-token.ts';
import { parseQuery, QuerySyntaxError } from '../../app/sandbox/query-syntax.ts';

const pieces = fc.constantFrom(
  'a',
  'b.c',
  '"q"',
  "'s'",
  '(',
  ')',
  '==',
  '!=',
  '>=',
  '<',
  ':',
  'and',
  'or',
  'not',
  '1',
  '-2.5',
  'true',
  '"',
  '\\',
  '&&',
  '|',
  ' ',
  '{',
  '}',
  ',',
  '[',
  ']',
  'é',
);

describe('reading queries', () => {
  test('any text is read, or refused by name', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        for (const text of [parts.join(''), parts.join(' ')]) {
          for (const read of [parseQuery, parseLooseJson]) {
            try {
              read(text);
            } catch (error) {
              expect(error).toBeInstanceOf(QuerySyntaxError);
            }
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a comparison of any field and text comes back as written', () => {
    const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (field, value) => {
        expect(parseQuery(`${quote(field)} == ${quote(value)}`)).toEqual({
          kind: 'compare',
          field,
          operator: '==',
          value,
        });
      }),
    );
  });

  test('any JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parseLooseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('a page token comes back as written, and other text is none or one', () => {
    const cursor = fc.record({
      direction: fc.constantFrom('after' as const, 'before' as const),
      value: fc.oneof(fc.string(), fc.integer()),
      id: fc.integer(),
      order: fc.string(),
    });
    fc.assert(
      fc.property(cursor, fc.string(), (written, other) => {
        expect(readPageToken(writePageToken(written))).toEqual(written);
        expect(() => readPageToken(other)).not.toThrow();
      }),
    );
  });
});
