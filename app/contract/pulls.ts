import { z } from 'zod';
import { placeSchema } from './accounts.ts';
import { nothing, total } from './paging.ts';
import { problemSchema } from './problem.ts';

/** What a pull brought. Paths are relative to the folder. */
export const pullResultSchema = z.object({
  /** Every asset is in the folder now, to the byte. */
  isComplete: z.boolean(),
  filesTotal: total,
  filesPulled: total,
  filesSame: total,
  bytes: z.number(),
  /** Files that were left as they are, because they differ and nobody has said that they may be replaced. */
  conflicts: z.array(z.object({ path: z.string(), kind: z.string() })),
  failures: z.array(z.object({ path: z.string(), problem: problemSchema })),
  /** What keeps a file of the lock file from being reproduced. */
  differences: z.array(z.object({ path: z.string(), kind: z.string() })),
  /** Files of an earlier pull that no asset belongs to any more. */
  leftOver: z.array(z.string()),
});
export type PullSummary = z.infer<typeof pullResultSchema>;

/** A pull of this run of Vi Sync. `stopped`: a person has cancelled it, and what came stays; it can go on. */
export const pullSchema = placeSchema.extend({
  pullId: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  /** Absolute. */
  folder: z.string(),
  metadataQuery: z.string().nullable(),
  isFrozen: z.boolean(),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  phase: z.enum(['listing', 'checking', 'fetching', 'done']),
  filesDone: total,
  filesTotal: total,
  bytesDone: z.number(),
  bytesTotal: z.number(),
  /** Smoothed; 0 when nothing moves. */
  bytesPerSecond: z.number(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  problem: problemSchema.nullable(),
  result: pullResultSchema.nullable(),
});
export type Pull = z.infer<typeof pullSchema>;

/** What a check of a folder against its lock file has found. Each list has 1,000 entries at most; the counts are of all. */
export const pullCheckSchema = z.object({
  folder: z.string(),
  datasetId: z.string(),
  /** When it was pulled, as the lock file says. */
  pulledAt: z.string(),
  isEqual: z.boolean(),
  filesTotal: total,
  counts: z.record(z.string(), total),
  differences: z.array(z.object({ path: z.string(), kind: z.string() })),
});
export type PullCheck = z.infer<typeof pullCheckSchema>;

/** What a folder's lock file says it was pulled from. */
export const pullLockSchema = placeSchema.extend({
  datasetId: z.string(),
  /** ISO 8601. */
  pulledAt: z.string(),
  /** It has every asset that was asked for. */
  isComplete: z.boolean(),
  metadataQuery: z.string().nullable(),
  filesTotal: total,
});
export type PullLock = z.infer<typeof pullLockSchema>;

const ofPull = { pullId: z.string() };

export const pullCalls = {
  /** The pulls of this run, the newest first. */
  pulls: { args: nothing, result: z.object({ items: z.array(pullSchema) }) },
  /** The lock file of a folder; null: it has none. Refused when there is one that can't be read. */
  pullLock: {
    args: z.object({ folder: z.string().min(1).max(4000) }),
    result: z.object({ lock: pullLockSchema.nullable() }),
  },
  /** Begins a pull of a dataset into a folder. Refused when a pull into that folder runs already. */
  startPull: {
    args: placeSchema.extend({
      datasetId: z.string(),
      /** Absolute; made where it is missing. */
      folder: z.string().min(1).max(4000),
      metadataQuery: z.string().max(2000).optional(),
      /** Reproduce what the lock file says, and nothing else. */
      frozen: z.boolean().default(false),
      /** Replace files that differ; their old versions go to the trash. */
      overwrite: z.boolean().default(false),
    }),
    result: z.object(ofPull),
  },
  /** Ends a pull; what came stays. */
  stopPull: { args: z.object(ofPull), result: nothing },
  /** Goes on with a pull that was stopped or has failed. */
  resumePull: { args: z.object(ofPull), result: nothing },
  /** Takes a pull that has ended off the list. Its files stay. */
  dismissPull: { args: z.object(ofPull), result: nothing },
  /** Compares the files of a folder with its lock file, by their content. */
  verifyPull: { args: z.object({ folder: z.string() }), result: pullCheckSchema },
  /** Compares a folder's lock file with the dataset as it is now. Nothing is fetched. */
  comparePull: { args: z.object({ folder: z.string() }), result: pullCheckSchema },
} as const;
