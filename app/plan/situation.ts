import type { Triple } from '../manifest/differences.ts';
import { type ContentMatch, compareContents, isSameAsBase, isSameVersion } from './content.ts';

/** What a file is, compared with the synced base. */
export type LocalSide =
  | 'absent'
  /** There, and there is no base. */
  | 'new'
  | 'unchanged'
  | 'changed'
  /** Changed (or new) to something that can't be uploaded: a broken or mislabelled image. */
  | 'broken'
  /** There, but nobody could read it: nothing is known about its content. */
  | 'unreadable'
  /** Nobody looks at its place, or can: left out by a rule, behind a link, out of reach. What was known says nothing. */
  | 'unobserved';

export type RemoteSide = 'absent' | 'new' | 'unchanged' | 'changed';

/** One triple as the decision table sees it: everything that a decision depends on, and nothing else. */
export interface Situation {
  readonly local: LocalSide;
  readonly remote: RemoteSide;
  readonly base: boolean;
  /** Only where both are there and it matters; `unknown` elsewhere. */
  readonly contents: ContentMatch;
  /** Whether the asset has annotations, by the last listing; one whose count the service does not tell counts as annotated. */
  readonly annotated: boolean;
}

/**
 * Reads the situation off the three trees.
 *
 * @param isObserved whether scans look at the place of the file
 */
export function situationOf(triple: Triple, isObserved: boolean): Situation {
  const { local, remote, synced } = triple;
  return {
    local: isObserved ? localSide(triple) : 'unobserved',
    remote:
      remote === null
        ? 'absent'
        : synced === null
          ? 'new'
          : isSameVersion(remote, synced.remote)
            ? 'unchanged'
            : 'changed',
    base: synced !== null,
    contents: local === null || remote === null || !isObserved ? 'unknown' : compareContents(local, remote),
    annotated: remote !== null && remote.annotations !== 0,
  };
}

function localSide({ local, synced }: Triple): LocalSide {
  if (local === null) return 'absent';
  if (local.content === null) return 'unreadable';
  if (synced !== null && isSameAsBase(local, synced)) return 'unchanged';
  if (local.problem !== null) return 'broken';
  return synced === null ? 'new' : 'changed';
}
