import type { Clock, Disk, Randomness } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { checkRoot, knownRoot, writeMarker } from '../observe/root-guard.ts';
import { PlaceUnknownError, SafeFiles } from './safe-files.ts';
import { adoptTrash } from './trash-places.ts';

export interface MirrorFilesOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
}

/**
 * What changes the folder of a mirror. A disk that is taken away may leave an empty folder behind. Whatever was made there would make it
 * look like the mirrored folder with all its files deleted. Our own folder tells the two apart; where somebody has removed it alone, it
 * is made again.
 */
export function mirrorFiles(options: MirrorFilesOptions): SafeFiles {
  const { disk, manifest, mirror } = options;
  const makeOwn = async () => {
    const problem = await checkRoot(disk, mirror.folder, knownRoot(manifest, mirror));
    if (problem !== null) throw new PlaceUnknownError(mirror.folder, 'ENOENT');
    await writeMarker(disk, mirror.folder, mirror.mirrorId);
  };
  return new SafeFiles({ ...options, makeOwn, adopt: () => adoptTrash(disk, manifest, mirror) });
}
