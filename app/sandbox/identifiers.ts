import { hash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Form of every ID of the API. */
export const ID_PATTERN = /^[a-zA-Z0-9_-]{1,255}$/;

/** A random ID of lower-case letters and digits. */
export function randomId(length = 24): string {
  let id = '';
  while (id.length < length) {
    for (const byte of randomBytes(length)) {
      // 252 is the largest multiple of 36 in a byte: the rest would favour some characters.
      if (byte < 252 && id.length < length) id += ALPHABET[byte % 36];
    }
  }
  return id;
}

/** A secret key as the service gives them out: `dtvi_` and 98 characters. */
export function randomSecretKey(): string {
  return `dtvi_${randomId(98)}`;
}

/** An entity tag: differs as soon as one of the parts does. */
export function entityTag(...parts: readonly (string | number)[]): string {
  return hash('sha256', parts.join('\n'), 'base64url').slice(0, 22);
}
