/**
 * Identity of a path on a disk: two spellings with the same key name the same file there. Unicode normal form C always (disks and
 * tools hand back other forms than were written); folded to lower case where the disk takes `A.jpg` and `a.jpg` for one file.
 * Keys are compared, never shown and never used to open a file.
 */
export function identityKey(path: string, foldsCase: boolean): string {
  const composed = path.normalize('NFC');
  // Upper case first: it brings together letters that have one capital and several small forms (ς and σ), as disks do.
  return foldsCase ? composed.toUpperCase().toLowerCase().normalize('NFC') : composed;
}

/** Marks the key of a file whose plain key belongs to another file of the same folder (equal but for its normal form). */
const twinMark = '\u0000';

/** A key of its own for the second of two files with the same identity key; it never equals a plain key. */
export function twinKey(key: string, path: string): string {
  return `${key}${twinMark}${path}`;
}

/** Greater than every {@link twinKey} of a key, and less than any other key that is greater. */
export function twinKeyEnd(key: string): string {
  return `${key}\u0001`;
}

export function isTwinKey(key: string): boolean {
  return key.includes(twinMark);
}

/** The name under which a file of this path goes into the dataset: its base name in normal form C, as other machines spell it. */
export function remoteNameOf(path: string): string {
  return baseNameOf(path).normalize('NFC');
}

export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path, '' for the mirror's own. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? '' : path.slice(0, end);
}

/** What lists of files are searched and sorted by. */
export function foldForSearch(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
