import { z } from 'zod';
import { answerSchema, holdReasonSchema, holdSchema } from './holds.ts';
import { nothing, ofMirror, page, total } from './paging.ts';
import { problemSchema } from './problem.ts';
import { mirrorSettingsChangeSchema, settingsChangeSchema, settingsSchema } from './settings.ts';
import {
  activityKindSchema,
  activitySchema,
  fileDetailSchema,
  fileRowSchema,
  fileStateSchema,
  mirrorStatusSchema,
  previewSchema,
  receiptRowSchema,
} from './status.ts';
import { trashedFileSchema } from './trash.ts';

/** Every call that the engine answers: its arguments and its answer. */
export const engineCalls = {
  /** All mirrors with their state now. */
  status: { args: z.object({}), result: z.object({ mirrors: z.array(mirrorStatusSchema) }) },

  /** Begins to mirror a folder. It looks at both sides and waits for {@link calls.go}, unless `go` says that it need not. */
  addMirror: {
    args: z.object({
      /** Absolute path. */
      folder: z.string().min(1),
      endpoint: z.string(),
      organizationId: z.string(),
      datasetId: z.string(),
      /** True when the service is the embedded sandbox. */
      sandbox: z.boolean().default(false),
      settings: mirrorSettingsChangeSchema.default({}),
      go: z.boolean().default(false),
    }),
    result: z.object(ofMirror),
  },
  /**
   * Begins to run a mirror that does not run (null: all), or makes one work that only looks; one that works goes on. With `looksOnly` it
   * finds out what a sync would do, and does none of it.
   */
  start: {
    args: z.object({ mirrorId: z.string().nullable(), looksOnly: z.boolean().default(false) }),
    result: nothing,
  },
  /** Forgets a mirror. Folder, dataset and what lies in the trash stay as they are. */
  removeMirror: { args: z.object(ofMirror), result: nothing },
  /** Changes what a mirror has been told; everything is decided anew. */
  changeMirror: {
    args: z.object({ ...ofMirror, settings: mirrorSettingsChangeSchema }),
    result: nothing,
  },
  /** What the first sync of a mirror would do. */
  preview: { args: z.object(ofMirror), result: previewSchema },
  /** A person has seen the preview and wants it carried out. */
  go: { args: z.object(ofMirror), result: nothing },
  /** Stops transfers at once, and begins none; both sides are still looked at. Null: all mirrors. */
  pause: { args: z.object({ mirrorId: z.string().nullable() }), result: nothing },
  resume: { args: z.object({ mirrorId: z.string().nullable() }), result: nothing },
  settings: { args: nothing, result: settingsSchema },
  changeSettings: { args: settingsChangeSchema, result: settingsSchema },

  /** A page of a mirror's files, filtered and sorted in the database. */
  files: {
    args: z.object({
      ...ofMirror,
      ...page,
      state: fileStateSchema.optional(),
      /** Part of the path, case-insensitive. */
      search: z.string().max(500).optional(),
      sort: z.enum(['path', 'state', 'size', 'changedAt']).default('path'),
      descending: z.boolean().default(false),
    }),
    result: z.object({ total, items: z.array(fileRowSchema) }),
  },

  /** One file of a mirror with both of its sides and what has happened to it. Null: there is none of this path any more. */
  file: {
    args: z.object({ ...ofMirror, path: z.string().max(4000) }),
    result: z.object({ file: fileDetailSchema.nullable() }),
  },
  /** The rules of the mirror's `.visyncignore`, in gitignore syntax; empty when there is no such file. */
  ignoreRules: { args: z.object(ofMirror), result: z.object({ text: z.string() }) },
  /** Writes the rules, and looks at the folder with them. Refused when `.visyncignore` is not as it was shown. */
  changeIgnoreRules: {
    args: z.object({ ...ofMirror, before: z.string().max(65_536), text: z.string().max(65_536) }),
    result: nothing,
  },
  /** What each organization's budget of sessions looks like now, and what this computer has used of its quota. */
  usage: {
    args: nothing,
    result: z.object({
      organizations: z.array(
        z.object({
          endpoint: z.string(),
          organizationId: z.string(),
          /** Sessions created in the window that ends now, of those that the service allows in it. */
          sessions: total,
          sessionsAllowed: total,
          windowMs: z.number(),
          /** When the next session may be created, milliseconds since the epoch; null: now. */
          nextSessionAt: z.number().nullable(),
          /** Data rows that the uploads of this manifest have used, since it was made. */
          dataRows: total,
        }),
      ),
    }),
  },

  /** How many holds there are of each reason, with the annotations that are at stake. */
  holdCounts: {
    args: z.object({ mirrorId: z.string().optional() }),
    result: z.object({
      counts: z.array(
        z.object({
          ...ofMirror,
          reason: holdReasonSchema,
          isOptional: z.boolean(),
          count: total,
          /** As last seen; assets that the service tells no number of are in `unknown`. */
          annotations: total,
          unknown: total,
        }),
      ),
    }),
  },
  /** A page of what waits for a person. */
  holds: {
    args: z.object({
      ...ofMirror,
      ...page,
      reason: holdReasonSchema.optional(),
      /** Of this path alone, whatever its case and normal form: two items can have one path. */
      path: z.string().optional(),
      /** With what is left alone without an answer, and could be decided otherwise. */
      includeOptional: z.boolean().default(false),
    }),
    result: z.object({ total, items: z.array(holdSchema) }),
  },
  /** One hold with what is at stake, asked of the service now. Null: nothing waits there any more. */
  hold: {
    args: z.object({ ...ofMirror, item: z.string() }),
    result: z.object({
      hold: holdSchema.nullable(),
      /** Tag → number of annotations; null where there is no asset. */
      annotationsByTag: z.record(z.string(), z.number()).nullable(),
    }),
  },
  /** Answers one hold, as it was shown: refused when either side has changed meanwhile, annotations included. */
  answer: {
    args: z.object({ ...ofMirror, item: z.string(), fingerprint: z.string(), answer: answerSchema }),
    result: nothing,
  },
  /** Answers all holds of one reason. Refused when there are not as many as were shown, or other annotations are at stake. */
  answerAll: {
    args: z.object({
      ...ofMirror,
      reason: holdReasonSchema,
      answer: answerSchema,
      expected: z.object({ count: total, annotations: total, unknown: total }),
    }),
    result: z.object({
      answered: total,
      /** Holds that do not allow this answer. */
      left: total,
    }),
  },

  /** A page of what lies in the trash, the newest first. */
  trash: {
    args: z.object({ mirrorId: z.string().optional(), ...page }),
    result: z.object({
      total,
      /** Of all of them together. */
      bytes: z.number(),
      items: z.array(trashedFileSchema),
    }),
  },
  /** One file in the trash. Null: it is not there any more. */
  trashedFile: {
    args: z.object({ id: z.number().int() }),
    result: z.object({ file: trashedFileSchema.nullable() }),
  },
  /** Puts files from the trash back, under another name where theirs is taken. */
  restore: {
    args: z.object({ ids: z.array(z.number().int()).min(1).max(500) }),
    result: z.object({
      restored: z.array(z.object({ id: z.number().int(), path: z.string() })),
      failed: z.array(z.object({ id: z.number().int(), problem: problemSchema })),
    }),
  },
  /** Removes files from the trash for good. */
  emptyTrash: {
    args: z.object({ ...ofMirror, ids: z.array(z.number().int()).max(500).optional() }),
    result: z.object({ removed: total, bytes: z.number() }),
  },

  /** The newest activities first. */
  activity: {
    args: z.object({
      mirrorId: z.string().optional(),
      limit: z.number().int().min(1).max(500).default(50),
      /** Only those before this one. */
      before: z.number().int().optional(),
      /** Only of these kinds. */
      kinds: z.array(activityKindSchema).min(1).optional(),
      /** Only those of paths or messages with this text, case-insensitive. */
      search: z.string().max(500).optional(),
    }),
    result: z.object({ items: z.array(activitySchema) }),
  },
  /** Scan and list now instead of waiting for the schedule. Answers when the round has begun. */
  syncNow: { args: z.object(ofMirror), result: nothing },
  /** Answers when nothing is left to be done without a person. */
  settled: { args: z.object(ofMirror), result: mirrorStatusSchema },
  /** Reads every file and lists every asset anew, whatever is known; answers when that is done and what it found is dealt with. */
  verify: { args: z.object(ofMirror), result: mirrorStatusSchema },
  /** A page of the receipt of convergence, in the order of paths. */
  receipt: {
    args: z.object({
      ...ofMirror,
      after: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(1000).default(500),
    }),
    result: z.object({ items: z.array(receiptRowSchema), after: z.string().nullable() }),
  },
} as const;
export type EngineCalls = typeof engineCalls;
