import path from 'node:path';
import type { Problem } from '../contract.ts';
import type { Disk } from '../engine/environment.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { isSameFile, type LocalFile } from '../manifest/observations.ts';
import { systemCode } from './file-stamp.ts';

/** The mirror's own folder inside the mirrored one: on the same volume, and ignored by every scan. Lower case. */
export const ownFolder = '.vi-sync';

/**
 * Lies in {@link ownFolder}: where it is, the folder is the one that we know, and not the empty place of an unmounted disk or another disk
 * in its place. Each mirror has one of its own, since two may share a folder.
 */
function markerFile(mirrorId: string): string {
  return `mirror-${mirrorId}.json`;
}

export async function writeMarker(disk: Disk, root: string, mirrorId: string): Promise<void> {
  const folder = path.join(root, ownFolder);
  await disk.makeFolder(folder);
  const note =
    'Vi Sync keeps unfinished downloads and replaced files here. Without this folder it takes an empty folder for an unmounted disk.';
  await disk.writeFile(
    path.join(folder, markerFile(mirrorId)),
    `${JSON.stringify({ mirrorId, note }, null, 2)}\n`,
  );
}

/** Puts the mark back that somebody may have removed. The mirror can do without it as long as its folder holds files that it knows. */
export async function markAgain(disk: Disk, root: string, mirrorId: string, log: Log): Promise<void> {
  if (await hasMarker(disk, root, mirrorId)) return;
  try {
    await writeMarker(disk, root, mirrorId);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    log.warn('The folder could not be marked', { folder: root, error });
  }
}

/** So many files are read to find one that has the content that it had. */
const mostRead = 3;

/** What a mirror knows that its folder can be recognized by. */
export interface KnownRoot {
  readonly mirrorId: string;
  /** Some files that were there when it was last looked at; none before the first scan. */
  readonly files: () => readonly RememberedFile[];
}

/** A file as it was when it was last looked at. */
export type RememberedFile = Pick<LocalFile, 'path' | 'stamp' | 'content'>;

export function knownRoot(manifest: Manifest, { id, mirrorId }: MirrorRecord): KnownRoot {
  return { mirrorId, files: () => manifest.local.someInside(id, '') };
}

/**
 * Whether any of these files is there: the same file, or one with the same content, as after a copy to another disk. A name alone proves
 * nothing: every camera's card has an `IMG_0001.jpg`.
 *
 * @param root what their paths are relative to
 */
export async function isAnyThere(
  disk: Disk,
  root: string,
  files: readonly RememberedFile[],
): Promise<boolean> {
  const candidates: { file: RememberedFile; apart: bigint }[] = [];
  for (const file of files) {
    const place = await disk.look(path.join(root, file.path));
    // One that can't be looked at proves nothing, but nothing may be concluded from it either.
    if (place.kind !== 'file') continue;
    if (isSameFile(place.stamp, file.stamp)) return true;
    const difference = place.stamp.mtimeNs - file.stamp.mtimeNs;
    if (place.stamp.size === file.stamp.size)
      candidates.push({ file, apart: difference < 0n ? -difference : difference });
  }
  // Who copies a folder mostly keeps the times of its files, as far as the other disk can hold them.
  const likeliest = candidates.sort((a, b) => (a.apart < b.apart ? -1 : 1)).slice(0, mostRead);
  for (const { file } of likeliest) {
    const reading = await disk.readFile(path.join(root, file.path));
    if (reading.kind === 'read' && reading.hash.sha256 === file.content?.sha256) return true;
  }
  return false;
}

/** Whether the mirror's marker lies in the folder. */
export async function hasMarker(disk: Disk, root: string, mirrorId: string): Promise<boolean> {
  return (await disk.look(path.join(root, ownFolder, markerFile(mirrorId)))).kind === 'file';
}

/**
 * Why the mirror's folder must not be believed now; null when it can be. A folder that is missing, can't be read, is suddenly empty or holds
 * none of the files that were known says nothing about them: its disk may not be mounted, or another one in its place.
 *
 * @param known null: the folder is not a mirror's yet
 */
export async function checkRoot(disk: Disk, root: string, known: KnownRoot | null): Promise<Problem | null> {
  const place = await disk.look(root);
  switch (place.kind) {
    case 'missing':
      return {
        code: 'folder-missing',
        facts: { folder: root },
        title: 'The folder is not there',
        detail: `“${root}” can’t be found. Nothing has been changed in the dataset.`,
        suggestion:
          'Connect the disk, or move the folder back. The mirror goes on by itself as soon as it is there.',
      };
    case 'file':
    case 'link':
    case 'other':
      return {
        code: 'folder-replaced',
        facts: { folder: root },
        title: 'The folder is no folder',
        detail: `“${root}” is a file or a link now. Nothing has been changed in the dataset.`,
        suggestion: 'Put the folder back in its place.',
      };
    case 'unreadable':
      return unreadableRoot(root, place.code);
    case 'folder':
  }
  if (known !== null && (await hasMarker(disk, root, known.mirrorId))) return null;
  const reading = await disk.readFolder(root);
  if (reading.kind === 'unreadable') return unreadableRoot(root, reading.code);
  if (reading.kind !== 'listed' || known === null) return null;
  const { folders, files, links } = reading.listing;
  // Also where no file has ever been known: the mark was made when the mirror was begun.
  if (folders.length + files.length + links.length === 0) return emptyRoot(root);
  const some = known.files();
  return some.length === 0 || (await isAnyThere(disk, root, some)) ? null : otherRoot(root);
}

function emptyRoot(root: string): Problem {
  return {
    code: 'folder-empty',
    facts: { folder: root, ownFolder },
    title: 'The folder is empty',
    detail: `“${root}” is empty now, even of Vi Sync’s own “${ownFolder}”, as if its disk were not mounted. Nothing has been changed in the dataset.`,
    suggestion:
      'Connect the disk, or put the files back. If you have emptied the folder on purpose, remove this mirror and add it again.',
  };
}

function otherRoot(root: string): Problem {
  return {
    code: 'folder-other',
    facts: { folder: root },
    title: 'Another folder is in its place',
    detail: `“${root}” holds none of the files that were there as they were, and Vi Sync’s mark of this mirror is missing, as if it were another disk. Nothing has been changed in the dataset.`,
    suggestion:
      'Connect the disk that was there. If you have replaced all files on purpose, remove this mirror and add it again.',
  };
}

function unreadableRoot(root: string, code: string): Problem {
  return {
    code: 'folder-unreadable',
    facts: { case: 'root', folder: root, code },
    title: 'The folder can’t be read',
    detail: `The system does not let Vi Sync look into “${root}” (${code}). Nothing has been changed in the dataset.`,
    suggestion: 'Check the permissions of the folder, and that its disk or network drive is connected.',
  };
}
