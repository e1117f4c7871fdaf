/** The last part of an absolute path of any system. */
export function folderName(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
}

/** The folder part of a file's path within its mirror, with its `/` at the end; empty for a file at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Characters of a name that stay when its middle is cut out: the extension and the number before it, which tell files of one camera apart. */
const endingLength = 10;

/** A file name in two parts, of which the first may be cut. */
export function splitName(name: string): { readonly stem: string; readonly ending: string } {
  // By characters, so that no pair of surrogates is torn apart.
  const characters = [...name];
  const at = Math.max(0, characters.length - endingLength);
  return { stem: characters.slice(0, at).join(''), ending: characters.slice(at).join('') };
}
