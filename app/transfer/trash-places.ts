import path from 'node:path';
import type { Disk } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { FileStamp } from '../manifest/observations.ts';
import { baseNameOf } from '../manifest/path-key.ts';
import { ownFolder } from '../observe/root-guard.ts';

/** Systems take no longer paths than about this. Bytes. */
const longestPlace = 900;

/** Where a file lies below its own folder in the trash: at its whole path, so that the trash alone tells where it was. */
export function placeInTrash(relative: string): string {
  return Buffer.byteLength(relative) > longestPlace ? baseNameOf(relative) : relative;
}

/** Makes records of files in a mirror's trash that have none: the manifest has lost them by damage, or by a power cut. */
export async function adoptTrash(disk: Disk, manifest: Manifest, mirror: MirrorRecord): Promise<void> {
  const trash = `${ownFolder}/trash`;
  const known = new Set(manifest.trash.places(mirror.id).map((place) => place.split('/')[2]));
  const root = path.join(mirror.folder, trash);
  if ((await disk.look(root)).kind !== 'folder') return;
  for (const id of await disk.names(root)) {
    if (known.has(id)) continue;
    for (const { below, stamp } of await filesIn(disk, path.join(root, id), '')) {
      const trashPath = `${trash}/${id}/${below}`;
      const file = { path: below, trashPath, size: stamp.size, sha256: null, reason: 'unknown' } as const;
      // Its move into the trash was the last that changed its ctime.
      const at = Number(stamp.ctimeNs / 1_000_000n);
      manifest.transaction(() => manifest.trash.keep(manifest.trash.insert(mirror.id, file, at)));
    }
  }
}

interface FoundFile {
  /** Path below the folder that is looked through. */
  readonly below: string;
  readonly stamp: FileStamp;
}

async function filesIn(disk: Disk, folder: string, above: string): Promise<FoundFile[]> {
  if ((await disk.look(folder)).kind !== 'folder') return [];
  const files: FoundFile[] = [];
  for (const name of await disk.names(folder)) {
    const below = above === '' ? name : `${above}/${name}`;
    const place = await disk.look(path.join(folder, name));
    if (place.kind === 'file') files.push({ below, stamp: place.stamp });
    else if (place.kind === 'folder') files.push(...(await filesIn(disk, path.join(folder, name), below)));
  }
  return files;
}
