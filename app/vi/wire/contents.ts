import { z } from 'zod';
import type { Contents } from '../contents.ts';
import { anyRecord, number, text } from './lenient.ts';

const headers = z.record(z.string(), z.unknown()).transform(headerTexts).optional().catch(undefined);

/** A signed URL. Without `url` it is none. */
export const contentsSchema: z.ZodType<Contents> = z.looseObject({
  url: z.string().min(1),
  expiry: number,
  headers,
  method: text,
});

/**
 * The same for thousands at once, and nothing beside; {@link toContents} makes the contents of it. Without a transform: zod
 * holds on to what goes through one until the next full garbage collection.
 */
export const plainContentsSchema = z.object({
  url: z.string().min(1),
  expiry: number,
  headers: anyRecord,
  method: text,
});

export function toContents(plain: z.output<typeof plainContentsSchema>): Contents {
  return { ...plain, headers: plain.headers === undefined ? undefined : headerTexts(plain.headers) };
}

function headerTexts(record: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') texts[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') texts[name] = String(value);
  }
  return texts;
}
