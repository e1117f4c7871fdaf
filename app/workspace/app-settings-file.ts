import * as fs from 'node:fs/promises';
import path from 'node:path';
import { type AppSettings, type AppSettingsChange, appSettingsSchema, type Problem } from '../contract.ts';
import { systemCode } from '../observe/file-stamp.ts';

const defaultAppSettings: AppSettings = {
  theme: 'system',
  language: null,
  notifications: { holds: true, finished: true, problems: true },
  startAtLogin: false,
  pauseOnBattery: false,
  keepAwake: false,
  updates: 'stable',
  proxy: null,
  extraCaFile: null,
};

const fileName = 'app-settings.json';

/** What a file of settings holds, and what was wrong with it, in words. */
export interface KeptAppSettings {
  readonly settings: AppSettings;
  readonly problem: Problem | null;
}

/**
 * The settings of the app, from the file beside the manifest; the defaults where there is none. One that is damaged is set aside, and what
 * can still be understood of it is kept.
 *
 * @throws errors of the disk
 */
export async function readAppSettings(dataDir: string, now: number): Promise<KeptAppSettings> {
  const file = path.join(dataDir, fileName);
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { settings: defaultAppSettings, problem: null };
    throw error;
  }
  const found = parse(text);
  const whole = appSettingsSchema.safeParse({ ...defaultAppSettings, ...found });
  if (found !== null && whole.success) return { settings: whole.data, problem: null };
  const aside = path.join(
    dataDir,
    `app-settings.damaged-${new Date(now).toISOString().replaceAll(':', '-')}.json`,
  );
  await fs.rename(file, aside);
  const settings = understood(found ?? {});
  await writeAppSettings(dataDir, settings);
  return { settings, problem: settingsDamaged(aside) };
}

/** Writes all of them in a single step: whoever is killed in between leaves the old ones or the new ones. */
export async function writeAppSettings(dataDir: string, settings: AppSettings): Promise<void> {
  await fs.mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, fileName);
  const temporary = `${file}.${process.pid}.new`;
  try {
    const handle = await fs.open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(settings, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

export function changed(settings: AppSettings, change: AppSettingsChange): AppSettings {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  return appSettingsSchema.parse({ ...settings, ...Object.fromEntries(said) });
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Each setting by itself: one that makes no sense does not take the others along. */
function understood(found: Readonly<Record<string, unknown>>): AppSettings {
  let settings = defaultAppSettings;
  for (const name of Object.keys(appSettingsSchema.shape)) {
    const next = appSettingsSchema.safeParse({ ...settings, [name]: found[name] });
    if (next.success) settings = next.data;
  }
  return settings;
}

/** The file could not be read, and is put aside. */
export function settingsDamaged(aside: string): Problem {
  return {
    code: 'app-settings-damaged',
    facts: { file: aside },
    title: 'Some settings were lost',
    detail: `The file with the settings of this app was damaged. It is “${aside}” now; what could be read of it was kept. Mirrors and their settings are not concerned.`,
    suggestion: 'Look through the settings.',
  };
}
