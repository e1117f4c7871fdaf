import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../observe/file-stamp.ts';
import { fileError } from '../vi/file-error.ts';
import { type PullLock, parseLock } from './lock.ts';
import { lockName } from './place-rules.ts';
import { PullError } from './pull-error.ts';

/** The lock file of a pulled folder; null when it has none. @throws PullError `lock-invalid`, `lock-newer`; errors of the disk in words */
export async function findLock(folder: string): Promise<PullLock | null> {
  const file = path.join(path.resolve(folder), lockName);
  const text = await lockFileText(file);
  return text === null ? null : parseLock(text, file);
}

/** The text of a lock file; null when it is not there. */
async function lockFileText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
    throw fileError(error, file, 'read');
  }
}

/**
 * A lock file that has to be there: a folder's, or the one at a path of its own.
 *
 * @throws PullError `lock-missing`, `lock-invalid`, `lock-newer`; ViPermissionError, ViOperationError
 */
export async function readLock(place: string): Promise<PullLock> {
  const file = await lockFileAt(place);
  const text = await lockFileText(file);
  if (text !== null) return parseLock(text, file);
  throw new PullError('lock-missing', {
    title: 'There is no lock file',
    facts: { file, name: lockName },
    detail: `${file} is not there: nothing says what the folder was pulled from.`,
    suggestion: `Name the folder of an earlier pull. An interrupted first pull writes its ${lockName} once it is repeated to its end.`,
  });
}

async function lockFileAt(place: string): Promise<string> {
  const absolute = path.resolve(place);
  try {
    return (await stat(absolute)).isFile() ? absolute : path.join(absolute, lockName);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      return absolute.endsWith('.json') ? absolute : path.join(absolute, lockName);
    }
    throw fileError(error, absolute, 'read');
  }
}
