import { z } from 'zod';

/** A token; absent, null and empty all mean that there is no such page. */
const pageToken = z
  .union([z.string(), z.number().transform(String)])
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
  return Array.isArray(answer) ? { items: answer } : answer;
}
