import { z } from 'zod';
import { problemSchema } from './problem.ts';

/** Why an operation waits for a person. */
export const holdReasonSchema = z.enum([
  /** Both sides have a file of this name, and neither knows of the other. */
  'both-added',
  /** Both sides have changed since they were last equal. */
  'both-changed',
  /** The file is gone here, the asset has changed there. */
  'deleted-here-changed-there',
  /** The file has changed here, the asset is gone there. */
  'changed-here-deleted-there',
  /** The new version of the file would replace an image that people have annotated. */
  'overwrites-annotations',
  /** The file is gone here; whether the asset goes too is for a person to say. */
  'deleted-here',
  /** The asset is gone there; whether the file goes too, or is uploaded again, is for a person to say. */
  'deleted-there',
  /** So many files are gone here at once that it may be an accident. */
  'many-deleted-here',
  /** So many assets are gone there at once that it may be an accident. */
  'many-deleted-there',
  /** The name that the asset of this file would have is another one's. */
  'name-collision',
  /** The place that the file of this asset would have is another one's. */
  'place-taken',
  /** Another file has the same content. */
  'duplicate',
]);
export type HoldReason = z.infer<typeof holdReasonSchema>;

/**
 * What a person says to a hold. `keep-mine`: what the folder has (a file, or that there is none) becomes the dataset's. `keep-theirs`:
 * the other way round. `keep-both`: both stay, one of them under another name. `skip`: nothing is done, until either side changes.
 */
export const answerKindSchema = z.enum(['keep-mine', 'keep-theirs', 'keep-both', 'skip']);
export type AnswerKind = z.infer<typeof answerKindSchema>;

export const answerSchema = z.object({
  kind: answerKindSchema,
  /** What becomes of the annotations of an asset that `keep-mine` overwrites; needed where there are, or may be, some. */
  annotations: z.enum(['KeepLinkedResource', 'RemoveLinkedResource']).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

/** One side of a hold. */
export const sideSchema = z.object({
  name: z.string(),
  /** Bytes. */
  size: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  /** Hex, where it is known. */
  sha256: z.string().nullable(),
  /** When its content last changed, milliseconds since the epoch. */
  changedAt: z.number().nullable(),
});

/** Something that waits for a person, or that a person may decide otherwise. */
export const holdSchema = z.object({
  mirrorId: z.string(),
  item: z.string(),
  path: z.string(),
  reason: holdReasonSchema,
  /** What the answer will be bound to: it is void when this changes. */
  fingerprint: z.string(),
  /** True for what is left alone without an answer; false for what waits for one. */
  isOptional: z.boolean(),
  problem: problemSchema,
  local: sideSchema.nullable(),
  remote: sideSchema
    .extend({
      assetId: z.string(),
      /** When last seen; null: the service does not say. */
      annotations: z.number().nullable(),
    })
    .nullable(),
  /** What may be answered. */
  answers: z.array(answerKindSchema),
  /** True when `keep-mine` must say what becomes of the annotations. */
  needsRetention: z.boolean(),
});
export type Hold = z.infer<typeof holdSchema>;
