import { isSameVersion } from '../plan/content.ts';
import type { ViClient } from '../vi/index.ts';
import { type ListedAsset, listDataset } from './listing.ts';
import { byPath, type PullLock } from './lock.ts';
import { placeAssets } from './placement.ts';
import { PullError } from './pull-error.ts';

/** A file as one of the two sides has it. */
export interface DiffSide {
  readonly path: string;
  readonly assetId: string;
  readonly filename: string;
  /** Bytes; null when the service does not say. */
  readonly size: number | null;
}

/** What is not the same on both sides; `before` is the older one. */
export type Difference =
  | { readonly kind: 'added'; readonly before: null; readonly after: DiffSide }
  | { readonly kind: 'removed'; readonly before: DiffSide; readonly after: null }
  | {
      /** Other content; the same content under another name or path; the same content and name as another asset. */
      readonly kind: 'changed' | 'renamed' | 'recreated';
      readonly before: DiffSide;
      readonly after: DiffSide;
    };

export interface PullDiff {
  readonly datasetId: string;
  readonly totalBefore: number;
  readonly totalAfter: number;
  readonly totalSame: number;
  /** In the order of their paths. */
  readonly differences: readonly Difference[];
}

/** What both kinds of sides have in common. */
type Version = DiffSide &
  Pick<ListedAsset, 'hash' | 'contentsLastUpdated'> & { readonly sha256: string | null };

/** Compares two lock files of one dataset. @throws PullError `other-dataset` */
export function diffLocks(before: PullLock, after: PullLock): PullDiff {
  if (before.dataset !== after.dataset || before.organization !== after.organization) {
    throw new PullError('other-dataset', {
      title: 'The lock files are of two datasets',
      facts: {
        case: 'compared',
        dataset: before.dataset,
        organization: before.organization,
        other: after.dataset,
        otherOrganization: after.organization,
      },
      detail: `One is of dataset ${before.dataset} (organization ${before.organization}), the other of ${after.dataset} (${after.organization}).`,
      suggestion: 'Compare lock files of one dataset.',
    });
  }
  return compare(before.dataset, before.files, after.files);
}

export interface DiffDatasetOptions {
  readonly client: ViClient;
  readonly lock: PullLock;
  readonly signal?: AbortSignal | undefined;
  /** Assets listed so far. */
  readonly onListed?: ((count: number) => void) | undefined;
}

/**
 * Compares a lock file with its dataset as it is now: with what the same query gives, placed as on the disk that the lock was made on.
 * Nothing is fetched.
 *
 * @throws PullError `other-organization`; the client's errors; the signal's reason
 */
export async function diffDataset({ client, lock, signal, onListed }: DiffDatasetOptions): Promise<PullDiff> {
  if (lock.organization !== client.organizationId) {
    throw new PullError('other-organization', {
      title: 'The lock file is of another organization',
      facts: { case: 'lock', organization: lock.organization, other: client.organizationId },
      detail: `It is of organization ${lock.organization}; the secret key is one of ${client.organizationId}.`,
      suggestion: 'Log in to that organization.',
    });
  }
  const listed = await listDataset({
    client,
    datasetId: lock.dataset,
    query: lock.query,
    signal,
    onListed,
  });
  const now = placeAssets(listed, lock.names).map((asset): Version => ({ ...asset, sha256: null }));
  return compare(lock.dataset, lock.files, now);
}

function compare(datasetId: string, before: readonly Version[], after: readonly Version[]): PullDiff {
  const differences: Difference[] = [];
  let totalSame = 0;
  const pair = (old: Version, now: Version) => {
    const kind = kindOf(old, now);
    if (kind === null) totalSame++;
    else differences.push({ kind, before: sideOf(old), after: sideOf(now) });
  };
  const open = new Map(before.map((file) => [file.assetId, file]));
  const unpaired: Version[] = [];
  for (const file of after) {
    const old = open.get(file.assetId);
    if (old === undefined) unpaired.push(file);
    else {
      open.delete(file.assetId);
      pair(old, file);
    }
  }
  // A service may give an asset that is uploaded again another ID.
  const byName = new Map([...open.values()].map((file) => [file.filename, file]));
  for (const file of unpaired) {
    const old = byName.get(file.filename);
    if (old === undefined) {
      differences.push({ kind: 'added', before: null, after: sideOf(file) });
    } else {
      byName.delete(file.filename);
      open.delete(old.assetId);
      pair(old, file);
    }
  }
  for (const old of open.values()) differences.push({ kind: 'removed', before: sideOf(old), after: null });
  return {
    datasetId,
    totalBefore: before.length,
    totalAfter: after.length,
    totalSame,
    differences: differences.sort((a, b) => byPath(placeOf(a), placeOf(b))),
  };
}

function kindOf(old: Version, now: Version): 'changed' | 'renamed' | 'recreated' | null {
  if (!isSameContent(old, now)) return 'changed';
  if (old.filename !== now.filename || old.path !== now.path) return 'renamed';
  return old.assetId === now.assetId ? null : 'recreated';
}

/** What was read on both sides decides; else what the service says. */
function isSameContent(old: Version, now: Version): boolean {
  if (old.sha256 !== null && now.sha256 !== null) return old.sha256 === now.sha256;
  return isSameVersion(old, now);
}

function sideOf({ path, assetId, filename, size }: Version): DiffSide {
  return { path, assetId, filename, size };
}

function placeOf({ before, after }: Difference): { readonly path: string } {
  return after ?? before;
}
