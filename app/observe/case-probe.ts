import path from 'node:path';
import type { Disk, Randomness } from '../engine/environment.ts';
import { ownFolder } from './root-guard.ts';

/**
 * Whether the disk of this folder takes `A` and `a` for one name. Asked of the disk itself: systems allow both on any volume.
 */
export async function probeFoldsCase(disk: Disk, root: string, random: Randomness): Promise<boolean> {
  const own = path.join(root, ownFolder);
  const folder = path.join(own, 'tmp');
  for (const each of [own, folder]) await disk.makeFolder(each);
  const name = `probe-${random.id()}`;
  const file = path.join(folder, name);
  await disk.writeFile(file, '');
  try {
    return (await disk.look(path.join(folder, name.toUpperCase()))).kind === 'file';
  } finally {
    await disk.remove(file);
  }
}
