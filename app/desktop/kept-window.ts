import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { appSettingsSchema } from '../contract.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { windowPlaceSchema } from './window-place.ts';

const keptWindowSchema = z.object({
  place: windowPlaceSchema.nullable().catch(null),
  /** As last told by the engine, so that a window that opens before it answers has the right colour. */
  theme: appSettingsSchema.shape.theme.catch('system'),
});
export type KeptWindow = z.infer<typeof keptWindowSchema>;

const nothingKept: KeptWindow = { place: null, theme: 'system' };
const fileName = 'window.json';

/** How the window was; what can't be read or understood is as at first. @throws errors of the disk but that there is no such file */
export function readKeptWindow(folder: string): KeptWindow {
  try {
    const found = keptWindowSchema.safeParse(JSON.parse(readFileSync(path.join(folder, fileName), 'utf8')));
    return found.success ? found.data : nothingKept;
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return nothingKept;
    throw error;
  }
}

/** Keeps how the window is, in a single step. At once: the app may be about to end. @throws errors of the disk */
export function keepWindow(folder: string, kept: KeptWindow): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, fileName);
  writeFileSync(`${file}.new`, `${JSON.stringify(kept)}\n`);
  renameSync(`${file}.new`, file);
}
