import { z } from 'zod';
import { answerSchema, mirrorStatusSchema, problemSchema } from '../../app/contract.ts';
import { killMoments } from './kill-switch.ts';

/** What crosses between a test and the engine that it has started in a process of its own. */

export const processOptionsSchema = z.object({
  dataDir: z.string(),
  folder: z.string(),
  datasetId: z.string(),
  endpoint: z.string(),
  organizationId: z.string(),
  secretKey: z.string(),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Where it kills itself, if it does. */
  kill: z
    .object({ call: z.number(), moment: z.enum(killMoments), delayMs: z.number() })
    .nullable()
    .default(null),
  /** What the person at this engine says: the answer to the hold of each of these paths. */
  answers: z.record(z.string(), answerSchema).default({}),
  /** The person has everything restored that is in the trash now. */
  restores: z.boolean().default(false),
  /** The person wants everything looked at at once. */
  isImpatient: z.boolean().default(false),
  pollMs: z.number().default(300),
});
export type ProcessOptions = z.input<typeof processOptionsSchema>;

export const fromProcessSchema = z.discriminatedUnion('kind', [
  /** The manifest is about to be opened, and has been opened. */
  z.object({ kind: z.literal('opening') }),
  z.object({ kind: z.literal('opened') }),
  /** The engine could not be opened, or the mirror not be added. */
  problemSchema.extend({ kind: z.literal('refused') }),
  z.object({ kind: z.literal('status'), status: mirrorStatusSchema }),
  /** Nothing is left to be done, but for holds that have no answer. */
  z.object({
    kind: z.literal('settled'),
    status: mirrorStatusSchema,
    holds: z.array(z.object({ path: z.string(), reason: z.string() })),
    files: z.array(
      z.object({
        path: z.string(),
        state: z.string(),
        problem: problemSchema.nullable(),
      }),
    ),
    /** Absolute paths of what the manifest knows to be in the trash. */
    trash: z.array(z.string()),
    /** Of the disk and the service, since the process began. */
    calls: z.number(),
  }),
]);
export type FromProcess = z.output<typeof fromProcessSchema>;
export type Settled = Extract<FromProcess, { kind: 'settled' }>;

/** `sync`: look at everything again; `verify`: also read and list everything anew; `end`: end in good order. */
export const toProcessSchema = z.enum(['sync', 'verify', 'end']);
export type ToProcess = z.output<typeof toProcessSchema>;
