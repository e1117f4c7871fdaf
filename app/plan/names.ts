import type { Problem } from '../contract.ts';
import type { RemoteAsset, RemoteFile } from '../manifest/observations.ts';
import { baseNameOf, folderOf, identityKey } from '../manifest/path-key.ts';
import { isMirroredPath } from '../observe/ignore-rules.ts';
import { isId } from '../vi/ids.ts';
import { defaultNameRules, type NameRules, safeFilename } from '../vi/safe-filename.ts';

/** Key of an asset's custom metadata that carries the file's path, so that other machines restore the folders. */
export const pathMetadataKey = 'viSyncPath';

/** The most bytes of a path that we make on a disk below the mirror's folder, so that the whole stays within what systems open. */
const longestPath = 1000;
/** The most parts of such a path: more folders in one another are nobody's, and each is looked at again and again. */
const mostParts = 64;

/** Gives an asset its place in the folder, or says why it can't have one. */
export function placeRemote(asset: RemoteAsset, foldsCase: boolean): RemoteFile {
  // It could be neither fetched nor changed: the service takes no such ID in a request.
  if (!isId(asset.assetId)) return { ...asset, sha256: null, target: null, nameProblem: noId(asset) };
  // A name with halves of characters does not survive the manifest: what is uploaded under it would be another asset.
  const isLasting = asset.filename.isWellFormed();
  const path = isLasting
    ? (restoredPath(asset.customMetadata[pathMetadataKey]) ?? mappedName(asset.filename))
    : null;
  const sha256 = asset.hash?.algorithm === 'sha256' ? asset.hash.contents : null;
  if (path === null) {
    return { ...asset, sha256, target: null, nameProblem: unplaceable(asset.filename) };
  }
  if (!isMirroredPath(path)) {
    return { ...asset, sha256, target: null, nameProblem: notMirrored(asset.filename) };
  }
  return { ...asset, sha256, target: { path, key: identityKey(path, foldsCase) }, nameProblem: null };
}

/**
 * The path that another machine has left with an asset, if it can be believed: relative, without a part that leads anywhere else, and
 * every part a name that any disk can hold as it is. Anything else is no path of ours.
 */
export function restoredPath(value: unknown, rules: NameRules = defaultNameRules): string | null {
  if (typeof value !== 'string') return null;
  return isSafePath(value, rules) && isMirroredPath(value) ? value : null;
}

/** The asset's name as a file's, escaped so that it can be read back where the disk can't hold it as it is. */
function mappedName(filename: string, rules: NameRules = defaultNameRules): string | null {
  const safe = safeFilename(filename, rules);
  return safe.ok ? safe.name : null;
}

function isSafePath(path: string, rules: NameRules): boolean {
  const parts = path.split('/');
  return (
    Buffer.byteLength(path) <= longestPath &&
    parts.length <= mostParts &&
    parts.every((part) => mappedName(part, rules) === part)
  );
}

/** Longest name that we make up for an asset. Bytes; disks and the service hold it. */
const longestName = 200;

/** A name for the second of two files of one base name, made of its folders: `train/a.jpg` → `train-a.jpg`. */
export function proposedName(path: string): string {
  const folder = folderOf(path);
  if (folder === '') return numberedName(path.normalize('NFC'), 2);
  return shortened(path.replaceAll('/', '-').normalize('NFC'));
}

/** `a.jpg` → `a-2.jpg`; folders stay as they are. */
export function numberedName(path: string, number: number): string {
  return markedName(path, String(number));
}

/** `a.jpg` → `a-mine.jpg`; folders stay as they are. */
export function markedName(path: string, mark: string): string {
  const folder = folderOf(path);
  const name = baseNameOf(path);
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const most = longestName - Buffer.byteLength(`-${mark}${extension}`);
  const marked = `${cut(stem, most)}-${mark}${extension}`;
  return folder === '' ? marked : `${folder}/${marked}`;
}

/** Cuts the front, which is folders: the file's own name stays. */
function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > longestName) short = [...short].slice(1).join('');
  return short;
}

function cut(text: string, most: number): string {
  let short = text;
  while (Buffer.byteLength(short) > most) short = [...short].slice(0, -1).join('');
  return short;
}

function noId({ assetId, filename }: RemoteAsset): Problem {
  return {
    code: 'asset-id-invalid',
    facts: { name: printable(filename), id: printable(assetId) },
    title: 'An asset without a usable ID',
    detail: `The service gives “${printable(filename)}” the ID “${printable(assetId)}”, with which nothing can be asked for.`,
    suggestion: 'It stays as it is, in the dataset only. Tell the service’s support about it.',
  };
}

function unplaceable(filename: string): Problem {
  return {
    code: 'unsafe-name',
    facts: { name: printable(filename) },
    title: 'Can’t be a file here',
    detail: `The asset “${printable(filename)}” has a name that no file on this disk can have.`,
    suggestion: 'It stays in the dataset untouched. Upload it there under another name to have it here.',
  };
}

function notMirrored(filename: string): Problem {
  return {
    code: 'unsupported-name',
    facts: { name: printable(filename) },
    title: 'Not mirrored by its name',
    detail: `The asset “${printable(filename)}” would not be taken for an image here: its extension is none of the supported ones, or its name marks a hidden or unfinished file.`,
    suggestion: 'It stays in the dataset untouched. Upload it there under another name to have it here.',
  };
}

/** A name from elsewhere as it can be shown: control and direction characters could make it look like something else. */
export function printable(name: string): string {
  const shown = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  // By characters: half of a pair could not be shown either.
  const characters = [...shown];
  return characters.length > 120 ? `${characters.slice(0, 117).join('')}…` : shown;
}
