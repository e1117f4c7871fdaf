import { z } from 'zod';
import { factsSchema, problemSchema } from './problem.ts';
import { mirrorSettingsSchema } from './settings.ts';

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
  /** When a service that can't be worked with is tried again. Milliseconds since the epoch; null: it can be, or is being tried. */
  retryAt: z.number().nullable(),
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
  /** Whether there is a file in the folder, as it was last looked at. */
  isOnDisk: z.boolean(),
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

export const activityKindSchema = z.enum([
  'uploaded',
  'downloaded',
  'bound',
  'removed',
  'held',
  'problem',
  'error',
  'in-sync',
]);
export type ActivityKind = z.infer<typeof activityKindSchema>;

/** What an activity tells, for a front end that says it in another language; of a problem its code and facts. */
export const toldSchema = z.object({ code: z.string(), facts: factsSchema.optional() });
export type Told = z.infer<typeof toldSchema>;

export const activitySchema = z.object({
  id: z.number().int(),
  at: z.number(),
  mirrorId: z.string(),
  kind: activityKindSchema,
  path: z.string().nullable(),
  message: z.string(),
  /** Absent in what older versions have stored. */
  told: toldSchema.optional(),
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

/** What is known of one side of a file. What is not known is null. */
const fileSide = {
  name: z.string(),
  /** Bytes. */
  size: z.number().nullable(),
  mime: z.string().nullable(),
  /** Pixels. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  /** Hex. */
  sha256: z.string().nullable(),
  /** When its content last changed, milliseconds since the epoch. */
  changedAt: z.number().nullable(),
};

/** Everything about one file of a mirror. */
export const fileDetailSchema = z.object({
  row: fileRowSchema,
  local: z.object(fileSide).nullable(),
  remote: z
    .object({
      ...fileSide,
      assetId: z.string(),
      annotations: z.number().nullable(),
      /** The service's own hash. */
      hash: z.object({ algorithm: z.string(), contents: z.string() }).nullable(),
      customMetadata: z.record(z.string(), z.unknown()),
    })
    .nullable(),
  /** When folder and dataset were last known to be equal, what they had; null: never. */
  synced: z.object({ sha256: z.string().nullable(), size: z.number().nullable() }).nullable(),
  /** The newest first, 50 at most. */
  history: z.array(activitySchema),
});
export type FileDetail = z.infer<typeof fileDetailSchema>;
