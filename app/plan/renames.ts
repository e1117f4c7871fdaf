import type { MovedFile } from '../manifest/differences.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** A base that has followed its file to another path. */
export interface Rebind {
  readonly from: string;
  readonly to: string;
}

/**
 * Lets the bases of renamed files follow them, so that a rename costs nothing: the asset keeps its name and its annotations. A file is
 * known again by inode and birth time, also when its place has been taken by another one (a swap, or one file moved over another), or
 * by its content when it is gone from its place.
 *
 * @param isObserved whether scans look at a path: where they do not, a file that is not known may still be
 */
export function followRenames(
  manifest: Manifest,
  mirror: number,
  isObserved: (path: string) => boolean,
): Rebind[] {
  return manifest.transaction(() => {
    const { differences } = manifest;
    const isSame = [...differences.movedSame(mirror), ...differences.movedOver(mirror)];
    const followed = follow(manifest, mirror, choosePairs(isSame));
    // Only now: what has been followed by its inode is no longer anybody's copy.
    const copies = differences.movedCopy(mirror).filter(({ synced }) => isObserved(synced.path));
    return [...followed, ...follow(manifest, mirror, choosePairs(copies))];
  });
}

/** Each base to one file and each file to one base: the first pair of either wins. Pure. */
export function choosePairs(candidates: readonly MovedFile[]): MovedFile[] {
  const bases = new Set<string>();
  const files = new Set<string>();
  return candidates.filter(({ synced, local }) => {
    if (bases.has(synced.key) || files.has(local.key)) return false;
    bases.add(synced.key);
    files.add(local.key);
    return true;
  });
}

function follow(manifest: Manifest, mirror: number, pairs: readonly MovedFile[]): Rebind[] {
  const { synced } = manifest;
  // Swaps and chains: first everybody leaves, then everybody arrives.
  for (const { synced: base } of pairs) {
    synced.move(mirror, base.key, { key: leaving(base.key), path: base.path, ...base.local });
  }
  for (const { synced: base, local } of pairs) {
    const displaced = synced.get(mirror, local.key);
    if (displaced !== null) {
      // Its file was overwritten by the move, which for its asset is as if it had been deleted. It must be remembered, or it would come
      // down again as new.
      const key = `${displaced.key}\u0000${displaced.assetId}`;
      synced.move(mirror, displaced.key, { key, path: displaced.path, ...displaced.local });
    }
    const { inode, birthtimeNs } = local.stamp;
    synced.move(mirror, leaving(base.key), { key: local.key, path: local.path, inode, birthtimeNs });
  }
  return pairs.map(({ synced: base, local }) => ({ from: base.path, to: local.path }));
}

function leaving(key: string): string {
  return `\u0000${key}`;
}
