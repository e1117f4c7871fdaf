import { randomUUID } from 'node:crypto';
import { lstat, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NameRules } from './safe-filename.ts';

/**
 * Finds out what the disk of a folder does with names, by making small files in it and removing them again: an external
 * disk need not follow the customs of the platform.
 */
export async function probeNameRules(folder: string): Promise<NameRules> {
  const base = join(folder, `name-probe-${randomUUID()}`);
  const lower = `${base}-a-\u00e9`;
  const punctuation = `${base}-:`;
  try {
    await writeFile(lower, '', { flag: 'wx' });
    return {
      foldsCase: await exists(`${base}-A-\u00e9`),
      foldsNormalForm: await exists(`${base}-a-e\u0301`),
      forbidsPunctuation: !(await canHold(punctuation)),
    };
  } finally {
    await rm(lower, { force: true });
    await rm(punctuation, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function canHold(path: string): Promise<boolean> {
  // On Windows the file would be made, as a hidden stream of another one.
  if (process.platform === 'win32') return false;
  try {
    await writeFile(path, '', { flag: 'wx' });
    return true;
  } catch {
    // Whatever the reason: names with punctuation are escaped then, which every disk holds.
    return false;
  }
}
