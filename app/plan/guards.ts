import type { Manifest } from '../manifest/manifest.ts';

/** So many deletions at once are no accident; more than this, and more than {@link mostShare} of all, wait for a person. */
const mostDeletions = 20;
const mostShare = 0.1;
/** One side emptied of all that was in sync is suspicious from so many on. */
const leastEmptied = 6;
/** Deletions within this count together: what is deleted little by little is deleted all the same. Milliseconds. */
const windowMs = 60 * 60_000;

/** Which deletions are too many to be carried out without a person. */
export interface DeletionGuard {
  /** Files gone from the folder, whose assets would be deleted. */
  readonly isManyHere: boolean;
  /** Assets gone from the dataset, whose files would go to the trash. */
  readonly isManyThere: boolean;
}

/**
 * Looks at the deletions of a whole plan, and of the last hour, before the first one of them is decided.
 *
 * @param isObserved whether scans look at a path: where they do not, nothing is deleted
 */
export function deletionGuard(
  manifest: Manifest,
  mirror: number,
  now: number,
  isObserved: (path: string) => boolean,
): DeletionGuard {
  const { deletions, differences, synced } = manifest;
  const isMany = (side: 'here' | 'there', planned: number) => {
    if (planned === 0) return false;
    const count = planned + deletions.since(mirror, side, now - windowMs);
    if (count < leastEmptied) return false;
    // What there was before. Counted only when it may matter.
    const all = synced.count(mirror) + count - planned;
    return count === all || (count > mostDeletions && count > mostShare * all);
  };
  return {
    isManyHere: isMany('here', differences.countGoneHere(mirror, isObserved)),
    isManyThere: isMany('there', differences.countGoneThere(mirror, isObserved)),
  };
}
