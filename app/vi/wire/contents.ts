import { z } from 'zod';
import type { Contents } from '../contents.ts';
import { number, text } from './lenient.ts';

const headers = z
  .record(z.string(), z.unknown())
  .transform((record) => {
    const texts: Record<string, string> = {};
    for (const [name, value] of Object.entries(record)) {
      if (typeof value === 'string') texts[name] = value;
      else if (typeof value === 'number' || typeof value === 'boolean') texts[name] = String(value);
    }
    return texts;
  })
  .optional()
  .catch(undefined);

/** A signed URL. Without `url` it is none. */
export const contentsSchema: z.ZodType<Contents> = z.looseObject({
  url: z.string().min(1),
  expiry: number,
  headers,
  method: text,
});
