import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FolderListing, FolderReading, StampedName } from '../engine/environment.ts';
import { isSupportedExtension } from '../image/formats.ts';
import type { FileStamp } from '../manifest/observations.ts';
import { stampOf, systemCode } from './file-stamp.ts';
import { isIgnoredName, isOwnFolder, ruleFileName } from './ignore-rules.ts';

/** Lists a folder. Calls are synchronous: it runs in a thread that has nothing else to do. */
export function listFolder(folder: string): FolderReading {
  try {
    const own = lstatSync(folder, { bigint: true });
    if (!own.isDirectory()) return { kind: 'not-a-folder' };
    const entries = readdirSync(folder, { withFileTypes: true });
    return { kind: 'listed', listing: { device: own.dev, ...sort(folder, entries) } };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return { kind: 'missing' };
    if (code === 'ENOTDIR') return { kind: 'not-a-folder' };
    if (code === null) throw error;
    return { kind: 'unreadable', code };
  }
}

function sort(folder: string, entries: readonly Dirent[]): Omit<FolderListing, 'device'> {
  const folders: string[] = [];
  const files: StampedName[] = [];
  const links: StampedName[] = [];
  const leftOutFolders: string[] = [];
  const leftOutFiles: string[] = [];
  const unreadable: { name: string; code: string }[] = [];
  let ruleFile: FolderListing['ruleFile'] = 'none';
  let hasOthers = false;
  /** One name that can't be looked at does not hide the others. */
  const add = (to: StampedName[], entry: Dirent) => {
    try {
      const stamp = stampAt(folder, entry);
      if (stamp !== null) to.push({ name: entry.name, stamp });
    } catch (error) {
      const code = systemCode(error);
      if (code === null) throw error;
      unreadable.push({ name: entry.name, code });
    }
  };
  for (const entry of entries) {
    const { name } = entry;
    if (name === ruleFileName) {
      ruleFile = entry.isFile() ? (stampAt(folder, entry) ?? 'none') : 'not-a-file';
    } else if (entry.isDirectory() && !isOwnFolder(name)) {
      (isIgnoredName(name) ? leftOutFolders : folders).push(name);
    } else if (entry.isFile() && isSupportedExtension(name)) {
      if (isIgnoredName(name)) leftOutFiles.push(name);
      else add(files, entry);
    } else if (entry.isSymbolicLink() && !isIgnoredName(name) && wouldMatter(folder, name)) {
      add(links, entry);
    } else {
      hasOthers = true;
    }
  }
  const leftOut = { folders: leftOutFolders, files: leftOutFiles };
  return { folders, files, links, leftOut, unreadable, ruleFile, hasOthers };
}

/** Null: since the folder was read it has gone, or has become something else. */
function stampAt(folder: string, entry: Dirent): FileStamp | null {
  const stats = lstatSync(path.join(folder, entry.name), { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return null;
  const isSame = stats.isFile() === entry.isFile() && stats.isSymbolicLink() === entry.isSymbolicLink();
  return isSame ? stampOf(stats) : null;
}

/** Whether a link would be mirrored if links were: an image by its name, or a folder. */
function wouldMatter(folder: string, name: string): boolean {
  if (isSupportedExtension(name)) return true;
  try {
    return statSync(path.join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    // It leads in circles, or where nobody may look.
    if (systemCode(error) === null) throw error;
    return false;
  }
}
