import { ownFolder } from '../observe/root-guard.ts';
import { type NameRules, nameKey, safeFilename } from '../vi/index.ts';

/** Name of the lock file, in the pulled folder itself. */
export const lockName = 'vi-sync.lock.json';

/** What every disk demands of names. */
const leastRules: NameRules = { forbidsPunctuation: false, foldsCase: false, foldsNormalForm: false };
/** What some disk makes of names: keys of these rules are equal wherever any disk takes two names for one. */
const strictestRules: NameRules = { forbidsPunctuation: true, foldsCase: true, foldsNormalForm: true };

const ownKey = nameKey(ownFolder, strictestRules);
const lockKey = nameKey(lockName, strictestRules);

/** Whether a path, `/` between its parts, is Vi Sync's own on any disk: the lock file, `.vi-sync`, or something in it. */
export function isReserved(path: string): boolean {
  const key = nameKey(path, strictestRules);
  return key === ownKey || key === lockKey || key.startsWith(`${ownKey}/`) || key.startsWith(`${lockKey}/`);
}

/**
 * Whether a file of a pulled folder can have this path: relative, every part a name, none that leads elsewhere, and none of Vi Sync's
 * own. Paths in lock files come from elsewhere as well.
 */
export function isSafePlace(path: string): boolean {
  return isPlaceOn(path, leastRules) && !isReserved(path);
}

/** Whether a disk of these rules can hold a path as it is. */
export function isPlaceOn(path: string, rules: NameRules): boolean {
  return path.split('/').every((part) => isNameOn(part, rules));
}

function isNameOn(name: string, rules: NameRules): boolean {
  // A `%` is a character like others for a disk; only the way from an asset's name to a file's reads it as an escape.
  const plain = name.replaceAll('%', '_');
  const safe = safeFilename(plain, rules);
  return safe.ok && safe.name === plain;
}
