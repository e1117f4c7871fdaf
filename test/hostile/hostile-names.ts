import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const nameSchema = z.union([
  z.string(),
  /** A long name, written short. */
  z
    .object({ repeat: z.string(), times: z.number(), end: z.string() })
    .transform(({ repeat, times, end }) => `${repeat.repeat(times)}${end}`),
]);
const corpusSchema = z.record(z.string(), z.array(nameSchema));

/** Names that an asset may have, and that no file should: by what is wrong with them. All different. */
export const hostileNames = corpusSchema.parse(
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/hostile-names.json'), 'utf8')),
);
