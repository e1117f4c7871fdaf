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
  return z.preprocess(
    // A bare list is read as its only page.
    (answer) => (Array.isArray(answer) ? { items: answer } : answer),
    z.looseObject({ items: z.array(item), nextPage: pageToken, prevPage: pageToken }),
  );
}
