import { z } from 'zod';

/** No URL that is longer reaches a server. */
const longestToken = 8000;
/** The service has 1,000 at most; a page that is far larger is not looked at. */
const mostItems = 10_000;

/** A token; absent, null and empty all mean that there is no such page. */
const pageToken = z
  .union([z.string().max(longestToken), z.number().transform(String)])
  .nullish()
  .transform((token) => (token === undefined || token === '' ? null : token));

/**
 * A page of a listing. One unusable item makes the page unusable: a listing that silently lacks an item reads as a
 * deletion to whoever compares it.
 */
export function pageSchema<S extends z.ZodType>(item: S) {
  return z.looseObject({ items: z.array(item), nextPage: pageToken, prevPage: pageToken });
}

/**
 * The answer of a listing as {@link pageSchema} takes it: a bare list is its only page. Not a `z.preprocess`, which holds
 * on to every answer until the next full garbage collection.
 */
export function asPage(answer: unknown): unknown {
  if (Array.isArray(answer)) return asPage({ items: answer });
  const isTooLong = isRecord(answer) && Array.isArray(answer.items) && answer.items.length > mostItems;
  // Each of millions would be looked at, and might be complained about.
  return isTooLong ? { ...answer, items: `${mostItems} items and more` } : answer;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
