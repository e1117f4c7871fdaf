/** Secrets of this process by value, so that one of an unexpected form is found too. */
const knownSecrets = new Set<string>();

/** Shorter strings than this are no secrets, and would punch holes into harmless text. */
const SHORTEST_SECRET = 12;

// Not the bare prefix: words about keys may name it.
const SECRET_KEY = /dtvi_[\w.~+/=-]{4,}/giu;
const AUTHORIZATION = /(\bauthorization["']?\s*[:=,]\s*["']?)[^\r\n"',}\]]+/giu;
const BEARER = /\b(bearer\s+)[\w.~+/=-]+/giu;
// A pre-signed URL carries its permission in its query: anyone who reads it can fetch the file until it expires.
const URL_QUERY = /(\b(?:https?|wss?):\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/giu;
const URL_PASSWORD = /(\b(?:https?|wss?):\/\/)[^\s/?#"'<>@]+@/giu;

/**
 * Remembers a secret so that {@link redactKeys} and {@link redactSecrets} remove it whatever it looks like. For values that a
 * person gave as a key and that need not have a key's form.
 */
export function registerSecret(secret: string): void {
  if (secret.length >= SHORTEST_SECRET) knownSecrets.add(secret);
}

/** Removes secret keys from a text: whatever begins as a Vi key does, and every secret that was registered. */
export function redactKeys(text: string): string {
  let redacted = text;
  for (const secret of knownSecrets) redacted = redacted.replaceAll(secret, '[secret]');
  return redacted.replace(SECRET_KEY, '[secret key]');
}

/**
 * Removes everything from a text that lets its reader act in another's name: secret keys, `Authorization` headers, bearer
 * tokens, passwords in URLs, and the query of every URL (pre-signed URLs carry their signature there).
 */
export function redactSecrets(text: string): string {
  return redactKeys(text)
    .replace(AUTHORIZATION, '$1[redacted]')
    .replace(BEARER, '$1[redacted]')
    .replace(URL_PASSWORD, '$1[redacted]@')
    .replace(URL_QUERY, '$1?[redacted]');
}
