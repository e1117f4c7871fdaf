import { isSupportedExtension } from '../image/formats.ts';

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

/** Whether a file or folder of this name, and all below it, is none of the mirror's business. Dot names are: `.vi-sync` is one. */
export function isIgnoredName(name: string): boolean {
  if (name.startsWith('.') || name.startsWith('~$')) return true;
  const lower = name.toLowerCase();
  return litterFolders.has(lower) || unfinishedEndings.some((ending) => lower.endsWith(ending));
}

/** Whether a file of this name can be an asset, by its name alone. */
export function isMirroredFile(name: string): boolean {
  return isSupportedExtension(name) && !isIgnoredName(name);
}

/** The same for a path relative to the mirror's folder, `/` between its parts. */
export function isMirroredPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return isMirroredFile(name) && !parts.some(isIgnoredName);
}
