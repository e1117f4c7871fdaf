import { z } from 'zod';

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

/** Minutes of the day, by this computer's clock, during which other limits hold. `from` after `to`: over midnight; equal: a whole day. */
export const limitScheduleSchema = z.object({
  from: z.number().int().min(0).max(1439),
  to: z.number().int().min(0).max(1439),
  /** Days of the week, 0 is Sunday: those that it begins on. */
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
  /** Bytes per second; null: none. */
  uploadLimit: bytesPerSecond,
  downloadLimit: bytesPerSecond,
});
export type LimitSchedule = z.infer<typeof limitScheduleSchema>;

/** What holds for all mirrors. */
export const settingsSchema = z.object({
  retentionMode: retentionModeSchema,
  /** Limits of all transfers together. Bytes per second; null: none. */
  uploadLimit: bytesPerSecond,
  downloadLimit: bytesPerSecond,
  /** Hours with limits of their own, which hold instead of the two above; null: none. */
  limitSchedule: limitScheduleSchema.nullable(),
  uploadsAtOnce: atOnce,
  downloadsAtOnce: atOnce,
  /** How long replaced and deleted files stay in the trash. Days; null: until a person empties it. */
  trashDays: z.number().int().min(1).max(3650).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What is left out stays as it is. */
export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
