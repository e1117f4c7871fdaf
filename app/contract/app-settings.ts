import { z } from 'zod';
import { nothing } from './paging.ts';
import { problemSchema } from './problem.ts';

/** How the app looks and behaves on this computer, beside what holds for its mirrors. */
export const appSettingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** A language tag that the window has; null: the system's. */
  language: z.string().max(35).nullable(),
  notifications: z.object({ holds: z.boolean(), finished: z.boolean(), problems: z.boolean() }),
  /** Only in the installed app. */
  startAtLogin: z.boolean(),
  /** Only in the installed app: transfers wait while the computer runs on its battery. */
  pauseOnBattery: z.boolean(),
  /** Only in the installed app: the computer does not fall asleep by itself while files are transferred. */
  keepAwake: z.boolean(),
  /** Only in the installed app: which new versions it takes by itself. */
  updates: z.enum(['stable', 'test', 'off']),
  /** Null: the environment's, or none. Used from the next start on. */
  proxy: z.string().max(2000).nullable(),
  /** Absolute path of a PEM file with further authorities to trust. Used from the next start on. */
  extraCaFile: z.string().max(4000).nullable(),
});
export type AppSettings = z.infer<typeof appSettingsSchema>;

export const appSettingsChangeSchema = appSettingsSchema.partial();
export type AppSettingsChange = z.infer<typeof appSettingsChangeSchema>;

/** What this front end's host can do that not every one can. */
export const capabilitiesSchema = z.object({
  /** Folders are shown in the system's file manager. */
  showsInFolder: z.boolean(),
  startsAtLogin: z.boolean(),
  notifies: z.boolean(),
  /** The system's own dialog for choosing a folder is shown. */
  choosesFolders: z.boolean(),
  /** Battery and sleep of the computer are known. */
  knowsPower: z.boolean(),
  /** New versions are fetched, and put in place. */
  updates: z.boolean(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export const appSettingsCalls = {
  appSettings: { args: nothing, result: appSettingsSchema },
  /** Refused when a proxy's address or a file of authorities can't be used. */
  changeAppSettings: { args: appSettingsChangeSchema, result: appSettingsSchema },
  about: {
    args: nothing,
    result: z.object({
      version: z.string(),
      /** Absolute paths. */
      dataDir: z.string(),
      logFile: z.string().nullable(),
      platform: z.string(),
      capabilities: capabilitiesSchema,
      /** What was wrong with settings or network when Vi Sync started, for a person to know. */
      problems: z.array(problemSchema),
    }),
  },
  /** Writes a file for a bug report: versions, settings, counts and logs, with secrets, names and paths taken out. */
  diagnostics: { args: nothing, result: z.object({ file: z.string(), bytes: z.number() }) },
} as const;
