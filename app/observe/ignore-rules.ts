import { isSupportedExtension } from '../image/formats.ts';
import { ownFolder } from './root-guard.ts';

/** A file of this name holds rules, in gitignore syntax, for the folder that it lies in and all below it. */
export const ruleFileName = '.visyncignore';

/** Folders that systems and programs make for themselves; what lies in them is nobody's picture. Lower case. */
const litterFolders: ReadonlySet<string> = new Set([
  '$recycle.bin',
  '@eadir',
  '__macosx',
  'lost+found',
  'system volume information',
]);

/** Ends of names under which programs keep what is not finished yet: editors' backups, downloads. Lower case. */
const unfinishedEndings: readonly string[] = [
  '~',
  '.crdownload',
  '.download',
  '.filepart',
  '.part',
  '.partial',
  '.swp',
  '.temp',
  '.tmp',
];

/** Whether a file or folder of this name, and all below it, is left out unless a rule file takes it back. `.vi-sync` is one. */
export function isIgnoredName(name: string): boolean {
  return builtInRule(name) !== null;
}

/** The rule of our own that leaves a name out, in words; null: none does. */
export function builtInRule(name: string): string | null {
  if (isOwnFolder(name)) return 'Vi Sync’s own folder';
  if (name.startsWith('.')) return 'names that begin with a dot';
  if (name.startsWith('~$')) return 'lock files of office programs (~$…)';
  const lower = name.toLowerCase();
  if (litterFolders.has(lower)) return `folders that systems make for themselves (${name})`;
  const ending = unfinishedEndings.find((each) => lower.endsWith(each));
  return ending === undefined ? null : `unfinished files (…${ending})`;
}

/** The one name that no rule file takes back. */
export function isOwnFolder(name: string): boolean {
  return name.length === ownFolder.length && name.toLowerCase() === ownFolder;
}

/** Whether a file of this name can be an asset, by its name and our own rules. */
export function isMirroredFile(name: string): boolean {
  return isSupportedExtension(name) && !isIgnoredName(name);
}

/** The same for a path relative to the mirror's folder, `/` between its parts. */
export function isMirroredPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return isMirroredFile(name) && !parts.some(isIgnoredName);
}
