import { z } from 'zod';

/** What a bench tells the process of its engine. */
export const benchEngineOptions = z.object({
  dataDir: z.string(),
  folder: z.string(),
  endpoint: z.string(),
  organizationId: z.string(),
  datasetId: z.string(),
  secretKey: z.string(),
  /** How long it rests at the end. Milliseconds; 0: not at all. */
  restMs: z.number(),
});
export type BenchEngineOptions = z.infer<typeof benchEngineOptions>;
