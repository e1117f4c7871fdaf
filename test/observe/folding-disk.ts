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
    let place = root;
    for (const part of path.relative(root, absolute).split(path.sep)) {
      if (part === '') continue;
      const names = await fs.readdir(place).catch(() => []);
      const found = names.find((name) => identityKey(name, true) === identityKey(part, true));
      place = path.join(place, found ?? part);
    }
    return place;
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
  };
}
