import { z } from 'zod';

/**
 * Building blocks for reading what the service sends. A field that is missing, null or of another type than documented
 * becomes `undefined`: one odd field must not take a whole listing down. Unknown fields are kept.
 */

export const text = z.string().optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);
export const anyRecord = z.record(z.string(), z.unknown()).optional().catch(undefined);
export const anyList = z.array(z.unknown()).optional().catch(undefined);

/** Where the service is known to send either. */
export const textOrNumber = z.union([z.string(), z.number()]).optional().catch(undefined);

/** A text that consumers need as a text: empty when the service left it out. */
export const textOrEmpty = z.string().catch('');

/** String → number; entries of other types are left out. */
export const counts = z.record(z.string(), z.unknown()).transform(numbersOnly).optional().catch(undefined);

/** Strings of a list; other items are left out. */
export const texts = z
  .array(z.unknown())
  .transform((items) => items.filter((item) => typeof item === 'string'))
  .optional()
  .catch(undefined);

export function numbersOnly(record: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(record)) if (typeof value === 'number') numbers[key] = value;
  return numbers;
}

/** An object whose fields are all lenient; `undefined` when it is missing or no object. */
export function optionalObject<S extends z.ZodRawShape>(shape: S) {
  return z.looseObject(shape).optional().catch(undefined);
}

/** The valid items of a list; the list is empty when it is missing. */
export function validItems<S extends z.ZodType>(item: S) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) => {
      const valid: z.output<S>[] = [];
      for (const candidate of items) {
        const parsed = item.safeParse(candidate);
        if (parsed.success) valid.push(parsed.data);
      }
      return valid;
    });
}
