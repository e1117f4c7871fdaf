import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Disk } from '../../app/engine/environment.ts';
import { identityKey } from '../../app/manifest/path-key.ts';

/**
 * The real disk, as one that takes names for the same which differ in case or normal form alone: a path leads to what is there, however
 * it is spelled, and folders list names as they were given.
 */
export function foldingDisk(root: string, disk: Disk): Disk {
  const spelled = async (absolute: string): Promise<string> => {
    if (absolute === root || (await isThere(absolute))) return absolute;
    const parent = await spelled(path.dirname(absolute));
    const names = await fs.readdir(parent).catch(() => []);
    const name = path.basename(absolute);
    return path.join(
      parent,
      names.find((each) => identityKey(each, true) === identityKey(name, true)) ?? name,
    );
  };
  return {
    ...disk,
    readFolder: async (folder) => disk.readFolder(await spelled(folder)),
    look: async (file) => disk.look(await spelled(file)),
    readText: async (file, most) => disk.readText(await spelled(file), most),
    readFile: async (file, signal) => disk.readFile(await spelled(file), signal),
    names: async (folder) => disk.names(await spelled(folder)),
    makeFolder: async (folder) => disk.makeFolder(await spelled(folder)),
    writeFile: async (file, text) => disk.writeFile(await spelled(file), text),
    remove: async (file) => disk.remove(await spelled(file)),
    removeFolder: async (folder) => disk.removeFolder(await spelled(folder)),
    rename: async (from, to) => disk.rename(await spelled(from), await spelled(to)),
    placeNew: async (from, to) => disk.placeNew(await spelled(from), await spelled(to)),
    setTimes: async (file, mtimeMs) => disk.setTimes(await spelled(file), mtimeMs),
    syncFolder: async (folder) => disk.syncFolder(await spelled(folder)),
    hashIn: async (file, algorithm, signal) => disk.hashIn(await spelled(file), algorithm, signal),
  };
}

function isThere(file: string): Promise<boolean> {
  return fs.lstat(file).then(
    () => true,
    () => false,
  );
}
