import { z } from 'zod';

/**
 * The one description of every call and event between a front end (browser, window, terminal) and the engine.
 * Both ends take their types from here; the engine's side parses arguments where they enter.
 * `renderer/` imports nothing else from `app/`.
 */

/** What a mirror as a whole is doing. `in-sync` is said only after a scan and a listing have proved it. */
export const mirrorPhaseSchema = z.enum([
  'starting',
  'scanning',
  'syncing',
  'in-sync',
  'attention',
  'offline',
  'stopped',
]);
export type MirrorPhase = z.infer<typeof mirrorPhaseSchema>;

/** What one file (or asset) of a mirror is doing. `held`: waits for a person; `problem`: can't be synced as it is. */
export const fileStateSchema = z.enum([
  'in-sync',
  'waiting',
  'uploading',
  'processing',
  'downloading',
  'local-only',
  'remote-only',
  'held',
  'problem',
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
  /** True when the service is the embedded sandbox. */
  sandbox: z.boolean(),
  phase: mirrorPhaseSchema,
  /** Why the mirror as a whole can't go on, if it can't. */
  problem: problemSchema.nullable(),
  /** Number of files in each state; states without files are 0. */
  counts: z.record(fileStateSchema, z.number().int().nonnegative()),
  fileTotal: z.number().int().nonnegative(),
  upload: transferProgressSchema,
  download: transferProgressSchema,
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

/** Every call: its arguments and its answer. */
export const calls = {
  /** All mirrors with their state now. */
  status: { args: z.object({}), result: z.object({ mirrors: z.array(mirrorStatusSchema) }) },
  /** A page of a mirror's files, filtered and sorted in the database. */
  files: {
    args: z.object({
      mirrorId: z.string(),
      state: fileStateSchema.optional(),
      /** Part of the path, case-insensitive. */
      search: z.string().max(500).optional(),
      sort: z.enum(['path', 'state', 'size', 'changedAt']).default('path'),
      descending: z.boolean().default(false),
      offset: z.number().int().nonnegative().default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    result: z.object({ total: z.number().int().nonnegative(), items: z.array(fileRowSchema) }),
  },
  /** The newest activities first. */
  activity: {
    args: z.object({ limit: z.number().int().min(1).max(500).default(50) }),
    result: z.object({ items: z.array(activitySchema) }),
  },
  /** Scan and list now instead of waiting for the schedule. Answers when the round has begun. */
  syncNow: { args: z.object({ mirrorId: z.string() }), result: z.object({}) },
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What a caller passes: fields with a default may be left out. */
export type CallArgs<N extends CallName> = z.input<Calls[N]['args']>;
export type CallResult<N extends CallName> = z.output<Calls[N]['result']>;

/** Every event. The engine sends at most 10 of each a second for one mirror; the last state always arrives. */
export const events = {
  mirrorChanged: mirrorStatusSchema,
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
