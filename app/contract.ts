import { z } from 'zod';

/**
 * The one description of every call and event between a front end (browser, window, terminal) and the engine.
 * Both ends take their types from here; the engine's side parses arguments where they enter.
 * `renderer/` imports nothing else from `app/`.
 */

/** Which way a mirror works. A push mirror never writes to the disk, a pull mirror never to the service. */
export const directionSchema = z.enum(['two-way', 'push', 'pull']);
export type Direction = z.infer<typeof directionSchema>;

/** What an overwrite does to the annotations of the asset. `ask`: it waits for a person. The others are the service's own words. */
export const retentionModeSchema = z.enum(['ask', 'KeepLinkedResource', 'RemoveLinkedResource']);
export type RetentionMode = z.infer<typeof retentionModeSchema>;

/** What a deletion in the folder means for the asset. */
export const deletePolicySchema = z.enum(['keep', 'ask', 'propagate']);
export type DeletePolicy = z.infer<typeof deletePolicySchema>;

/** What one mirror has been told. */
export const mirrorSettingsSchema = z.object({
  direction: directionSchema,
  deletePolicy: deletePolicySchema,
  /** Null: as the setting for all mirrors says. */
  retentionMode: retentionModeSchema.nullable(),
  /** Whether a second file with the content of another becomes an asset of its own. */
  duplicates: z.enum(['leave', 'upload']),
});
export type MirrorSettings = z.infer<typeof mirrorSettingsSchema>;

/** What is left out stays as it is. */
export const mirrorSettingsChangeSchema = mirrorSettingsSchema.partial();
export type MirrorSettingsChange = z.infer<typeof mirrorSettingsChangeSchema>;

const bytesPerSecond = z.number().int().positive().nullable();
const atOnce = z.number().int().min(1).max(64);

/** What holds for all mirrors. */
export const settingsSchema = z.object({
  retentionMode: retentionModeSchema,
  /** Limits of all transfers together. Bytes per second; null: none. */
  uploadLimit: bytesPerSecond,
  downloadLimit: bytesPerSecond,
  uploadsAtOnce: atOnce,
  downloadsAtOnce: atOnce,
  /** How long replaced and deleted files stay in the trash. Days; null: until a person empties it. */
  trashDays: z.number().int().min(1).max(3650).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What is left out stays as it is. */
export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

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

/**
 * What a mirror as a whole is doing. `in-sync` is said only after a scan and a listing have proved it; `preview`: it has looked at both
 * sides and changes neither, because it waits for a person's go or was told only to look; `stopped`: it does not run.
 */
export const mirrorPhaseSchema = z.enum([
  'starting',
  'scanning',
  'preview',
  'paused',
  'syncing',
  'in-sync',
  'attention',
  'offline',
  'stopped',
]);
export type MirrorPhase = z.infer<typeof mirrorPhaseSchema>;

/**
 * What one file (or asset) of a mirror is doing. `held`: waits for a person; `problem`: can't be synced as it is; `differs`: both sides
 * have it, with different contents, and it is left so; `ignored`: left out by a rule or behind a link, and left alone on both sides.
 */
export const fileStateSchema = z.enum([
  'in-sync',
  'waiting',
  'uploading',
  'processing',
  'downloading',
  'local-only',
  'remote-only',
  'differs',
  'held',
  'problem',
  'ignored',
]);
export type FileState = z.infer<typeof fileStateSchema>;

/** What is wrong, to which file, and what to do, in words for a person. `code` is stable and for machines. */
export const problemSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  suggestion: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Bytes and files of the transfers of one direction, since the current round began. Bytes may be partial for files in flight. */
export const transferProgressSchema = z.object({
  filesDone: z.number().int().nonnegative(),
  filesTotal: z.number().int().nonnegative(),
  bytesDone: z.number().nonnegative(),
  bytesTotal: z.number().nonnegative(),
  /** Smoothed over the last seconds; 0 when nothing moves. */
  bytesPerSecond: z.number().nonnegative(),
});
export type TransferProgress = z.infer<typeof transferProgressSchema>;

export const mirrorStatusSchema = z.object({
  mirrorId: z.string(),
  /** Absolute path of the mirrored folder. */
  folder: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  organizationId: z.string(),
  /** Base URL of the service's API. */
  endpoint: z.string(),
  /** True when the service is the embedded sandbox. */
  sandbox: z.boolean(),
  phase: mirrorPhaseSchema,
  /** A person has said that the first sync may begin. */
  isApproved: z.boolean(),
  settings: mirrorSettingsSchema,
  isPaused: z.boolean(),
  /** Why the mirror as a whole can't go on, if it can't. */
  problem: problemSchema.nullable(),
  /** Number of files in each state; states without files are 0. */
  counts: z.record(fileStateSchema, z.number().int().nonnegative()),
  fileTotal: z.number().int().nonnegative(),
  upload: transferProgressSchema,
  download: transferProgressSchema,
  /** When waiting uploads may begin: the service allows few sessions. Milliseconds since the epoch; null: nothing waits for that. */
  nextSessionAt: z.number().nullable(),
  /** Milliseconds since the epoch; null before the first scan or listing ended. */
  lastScanAt: z.number().nullable(),
  lastListingAt: z.number().nullable(),
});
export type MirrorStatus = z.infer<typeof mirrorStatusSchema>;

export const fileRowSchema = z.object({
  /** Path relative to the mirror's folder, `/` between its parts; for an asset not on disk, the path it would get. */
  path: z.string(),
  name: z.string(),
  state: fileStateSchema,
  /** Bytes; null when not known. */
  size: z.number().nullable(),
  mime: z.string().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  assetId: z.string().nullable(),
  /** Annotations of the asset when last listed; null when there is no asset. */
  annotations: z.number().nullable(),
  /** Part of the bytes moved, 0 to 1; null when no transfer of it runs. */
  progress: z.number().min(0).max(1).nullable(),
  problem: problemSchema.nullable(),
  /** When its state last changed, milliseconds since the epoch. */
  changedAt: z.number(),
});
export type FileRow = z.infer<typeof fileRowSchema>;

export const activitySchema = z.object({
  id: z.number().int(),
  at: z.number(),
  mirrorId: z.string(),
  kind: z.enum(['uploaded', 'downloaded', 'bound', 'removed', 'held', 'problem', 'error', 'in-sync']),
  path: z.string().nullable(),
  message: z.string(),
});
export type Activity = z.infer<typeof activitySchema>;

/** What a first sync would do, and what it costs. Bytes are those of the files; data rows those of the organization's quota. */
export const previewSchema = z.object({
  /** False while the first look at both sides goes on: the numbers grow. */
  isReady: z.boolean(),
  upload: z.object({ files: z.number().int(), bytes: z.number() }),
  /** Uploads among them that replace the content of an asset. */
  overwrites: z.number().int(),
  download: z.object({ files: z.number().int(), bytes: z.number() }),
  /** Files and assets of which nobody knows yet whether they are equal: found out by hashing or fetching them. */
  compare: z.object({ files: z.number().int(), bytes: z.number() }),
  /** Files that have their asset already. */
  inSync: z.number().int(),
  trash: z.number().int(),
  deleteAssets: z.number().int(),
  /** Of the organization's quota: 5 for each new asset. */
  dataRows: z.number().int(),
  /** Ingestion sessions that the uploads need, and how long the budget makes them wait. Milliseconds. */
  sessions: z.number().int(),
  sessionsWaitMs: z.number(),
  /** Operations that will wait for a person, by reason. */
  holds: z.record(z.string(), z.number().int()),
  /** Files that can't be uploaded as they are. */
  problems: z.number().int(),
});
export type Preview = z.infer<typeof previewSchema>;

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

export const trashedFileSchema = z.object({
  id: z.number().int(),
  mirrorId: z.string(),
  /** Where it was, relative to the mirror's folder. */
  path: z.string(),
  /** Absolute path of where it is now. */
  trashPath: z.string(),
  size: z.number(),
  sha256: z.string().nullable(),
  /** `unknown`: its record was lost, and it was found in the trash. */
  reason: z.enum(['replaced-by-download', 'deleted-there', 'answered', 'unknown']),
  /** When it was put there, milliseconds since the epoch. */
  at: z.number(),
});
export type TrashedFile = z.infer<typeof trashedFileSchema>;

/** A line of the receipt of convergence: what is equal, with the hash that proves it. */
export const receiptRowSchema = z.object({
  path: z.string(),
  assetId: z.string().nullable(),
  filename: z.string().nullable(),
  /** SHA-256 of the file as it was last read, hex. */
  sha256: z.string().nullable(),
  size: z.number().nullable(),
  /** How we know that the asset has the same content. */
  proof: z.enum(['service-hash', 'transfer', 'none']),
  state: fileStateSchema,
});
export type ReceiptRow = z.infer<typeof receiptRowSchema>;

const ofMirror = { mirrorId: z.string() };
const page = {
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(500).default(100),
};
const total = z.number().int().nonnegative();
const nothing = z.object({});

/** Every call: its arguments and its answer. */
export const calls = {
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
    result: z.object({ total, items: z.array(trashedFileSchema) }),
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

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What a caller passes: fields with a default may be left out. */
export type CallArgs<N extends CallName> = z.input<Calls[N]['args']>;
export type CallResult<N extends CallName> = z.output<Calls[N]['result']>;

/** Every event. The engine sends at most 10 of each a second for one mirror; the last state always arrives. */
export const events = {
  mirrorChanged: mirrorStatusSchema,
  /** A mirror has been removed. */
  mirrorRemoved: z.object({ mirrorId: z.string() }),
  /** Rows of this mirror changed: fetch the page that is shown again. */
  filesChanged: z.object({ mirrorId: z.string() }),
  activityAdded: activitySchema,
} as const;
export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = z.output<Events[N]>;

/** An error as it crosses to a front end: data, not a class. */
export const callErrorSchema = problemSchema;
export type CallError = Problem;

/** The answer to a call as it crosses: an error is data too. */
export type CallOutcome<R = unknown> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly error: CallError };

/** What the engine's end of a connection offers. Names and arguments are parsed there. */
export interface EngineEnd {
  call(name: string, args: unknown): Promise<CallOutcome>;
}

/** An event as it crosses. */
export interface CrossingEvent {
  readonly name: EventName;
  readonly payload: unknown;
}

/** What a front end's side of a connection offers. Its answer says that it is ready for more. */
export interface FrontEnd {
  events(batch: readonly CrossingEvent[]): void;
}

/** What a front end can do with an engine, whatever carries the calls. */
export interface EngineApi {
  call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
