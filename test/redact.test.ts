import { describe, expect, test } from 'vitest';
import { redactKeys, redactSecrets, registerSecret } from '../app/redact.ts';

const key = `dtvi_${'aB3-_.'.repeat(16)}xy`;

describe('redactSecrets', () => {
  test.each([
    ['a key in a sentence', `the key ${key} is wrong`],
    ['a key in JSON', JSON.stringify({ secretKey: key })],
    ['a key in a URL', `https://example.com/?k=${key}&x=1`],
    ['a key in other letters', key.toUpperCase()],
    ['a part of a key', key.slice(0, 40)],
  ])('removes %s', (_what, text) => {
    const redacted = redactSecrets(text);
    expect(redacted.toLowerCase()).not.toContain('dtvi_');
    expect(redacted.toLowerCase()).not.toContain(key.slice(5, 20).toLowerCase());
  });

  test.each([
    'Authorization: Bearer abc.def-123',
    '{"authorization":"Bearer abc.def-123","x":1}',
    "headers: { authorization: 'Bearer abc.def-123' }",
    '["Authorization","Bearer abc.def-123"]',
    'curl -H "Authorization: Basic abc.def-123"',
    'bearer abc.def-123 was refused',
  ])('removes what authorizes from %s', (text) => {
    expect(redactSecrets(text)).not.toContain('abc.def-123');
  });

  test('removes the query of URLs, where signatures stand, and keeps the rest of the text', () => {
    expect(
      redactSecrets(
        'GET https://storage.example.com/b/a%20b.jpg?X-Goog-Signature=00ff&X-Goog-Expires=900 gave 403, then "http://127.0.0.1:1/blobs/x?sig=abc"',
      ),
    ).toBe(
      'GET https://storage.example.com/b/a%20b.jpg?[redacted] gave 403, then "http://127.0.0.1:1/blobs/x?[redacted]"',
    );
  });

  test('removes passwords from URLs', () => {
    expect(redactSecrets('https://me:hush@example.com/x')).toBe('https://[redacted]@example.com/x');
  });

  test('leaves harmless text alone', () => {
    const text = 'Uploaded a?b=c.jpg to https://example.com/path (3 of 5); is that all?';
    expect(redactSecrets(text)).toBe(text);
  });
});

describe('redactKeys', () => {
  test('removes registered secrets of any form', () => {
    registerSecret('not-a-key-by-its-form');
    expect(redactKeys('is not-a-key-by-its-form fine?')).toBe('is [secret] fine?');
  });

  test('does not take a short string for a secret', () => {
    registerSecret('short');
    expect(redactKeys('a short text')).toBe('a short text');
  });

  test('leaves pre-signed URLs alone, which a person may have asked for', () => {
    expect(redactKeys('https://example.com/a?sig=1')).toBe('https://example.com/a?sig=1');
  });
});
