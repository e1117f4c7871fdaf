import path from 'node:path';
import type { Problem } from '../contract.ts';
import type { Disk } from '../engine/environment.ts';

/** The mirror's own folder inside the mirrored one: on the same volume, and ignored by every scan. */
export const ownFolder = '.vi-sync';

/** Lies in {@link ownFolder}: where it is, the folder is the one that we know and not the empty place of an unmounted disk. */
const markerFile = 'mirror.json';

export async function writeMarker(disk: Disk, root: string, mirrorId: string): Promise<void> {
  const folder = path.join(root, ownFolder);
  await disk.makeFolder(folder);
  const note =
    'Vi Sync keeps unfinished downloads and replaced files here. Without this folder it takes an empty folder for an unmounted disk.';
  await disk.writeFile(path.join(folder, markerFile), `${JSON.stringify({ mirrorId, note }, null, 2)}\n`);
}

/**
 * Why the mirror's folder must not be believed now; null when it can be. A folder that is missing, can't be read, or is suddenly empty
 * says nothing about files: its disk may not be mounted.
 *
 * @param isAnyKnown whether files have been seen in it before
 */
export async function checkRoot(disk: Disk, root: string, isAnyKnown: boolean): Promise<Problem | null> {
  const place = await disk.look(root);
  switch (place.kind) {
    case 'missing':
      return {
        code: 'folder-missing',
        title: 'The folder is not there',
        detail: `“${root}” can’t be found. Nothing has been changed in the dataset.`,
        suggestion:
          'Connect the disk, or move the folder back. The mirror goes on by itself as soon as it is there.',
      };
    case 'file':
    case 'other':
      return {
        code: 'folder-replaced',
        title: 'The folder is no folder',
        detail: `“${root}” is a file or a link now. Nothing has been changed in the dataset.`,
        suggestion: 'Put the folder back in its place.',
      };
    case 'unreadable':
      return unreadableRoot(root, place.code);
    case 'folder':
  }
  const reading = await disk.readFolder(root);
  if (reading.kind === 'unreadable') return unreadableRoot(root, reading.code);
  if (reading.kind !== 'listed' || !isAnyKnown) return null;
  if (reading.listing.files.length > 0 || reading.listing.folders.length > 0) return null;
  const marker = await disk.look(path.join(root, ownFolder, markerFile));
  if (marker.kind === 'file') return null;
  return {
    code: 'folder-empty',
    title: 'The folder is empty',
    detail: `“${root}” held files and is empty now, even of Vi Sync’s own “${ownFolder}”, as if its disk were not mounted. Nothing has been changed in the dataset.`,
    suggestion:
      'Connect the disk, or put the files back. If you have emptied the folder on purpose, remove this mirror and add it again.',
  };
}

function unreadableRoot(root: string, code: string): Problem {
  return {
    code: 'folder-unreadable',
    title: 'The folder can’t be read',
    detail: `The system does not let Vi Sync look into “${root}” (${code}). Nothing has been changed in the dataset.`,
    suggestion: 'Check the permissions of the folder, and that its disk or network drive is connected.',
  };
}
