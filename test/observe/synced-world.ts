import { defaultPolicy, type Policy } from '../../app/plan/decision.ts';
import { makePlan } from '../../app/plan/plan.ts';
import type { Plan } from '../../app/plan/work.ts';
import { picture } from '../engine/pictures.ts';
import { baseOf, remoteFile } from '../manifest/temp-manifest.ts';
import { type ScanWorld, type ScanWorldOptions, scanWorld } from './scan-world.ts';

/** A folder with files, all different, that are in sync with assets of their names. */
export async function syncedWorld(
  names: readonly string[],
  options: ScanWorldOptions = {},
): Promise<ScanWorld> {
  const world = await scanWorld(options);
  for (const [index, name] of names.entries()) await world.write(name, picture(index, 500));
  await world.scan();
  world.reads.length = 0;
  const { manifest, mirror } = world;
  for (const folder of manifest.local.folders(mirror)) {
    for (const { key } of manifest.local.knownInFolder(mirror, folder)) {
      const file = manifest.local.get(mirror, key);
      const sha256 = file?.content?.sha256;
      if (file === null || sha256 === undefined) continue;
      const asset = remoteFile(file.remoteName, '', {
        assetId: `asset-of-${key}`,
        size: file.stamp.size,
        sha256,
        hash: { algorithm: 'sha256', contents: sha256 },
        target: { path: file.path, key },
      });
      manifest.remote.put(mirror, asset);
      manifest.synced.put(mirror, baseOf(file, asset));
    }
  }
  await planOf(world);
  return world;
}

/** Plans as a mirror would that deletes by itself: what is taken for a deletion is seen at once. */
export function planOf(
  { manifest, mirror, unobserved }: ScanWorld,
  policy: Partial<Policy> = { deletePolicy: 'propagate' },
): Promise<Plan> {
  return makePlan({
    manifest,
    mirror,
    policy: { ...defaultPolicy, ...policy },
    now: 0,
    isBusy: () => false,
    isUrgent: () => false,
    whyUnobserved: (path) => unobserved.why(path),
    onActivity: () => undefined,
    pause: async () => undefined,
  });
}

/** path → state, and the code of its problem, of everything that a person sees. */
export function statesOf({ manifest, mirror }: ScanWorld): Record<string, string> {
  const { items } = manifest.entries.page(mirror, { sort: 'path', descending: false, offset: 0, limit: 100 });
  return Object.fromEntries(
    items.map(({ path, state, problem }) => [path, problem === null ? state : `${state}: ${problem.code}`]),
  );
}

export const nothingToDo = {
  upload: { files: 0 },
  download: { files: 0 },
  compare: { files: 0 },
  change: { files: 0 },
};
