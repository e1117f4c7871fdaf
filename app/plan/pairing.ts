import type { Manifest } from '../manifest/manifest.ts';
import type { LocalFile, RemoteFile } from '../manifest/observations.ts';
import { compareContents } from './content.ts';
import { pathMetadataKey, restoredPath } from './names.ts';

/**
 * The file that an asset without a base belongs to, among the files that want its name: the one at its path, else one of its content.
 * An asset that says nothing of a path may be any of them, so the first one is asked about; one that belongs to another path is none of
 * them.
 */
export function pairByName(remote: RemoteFile, candidates: readonly LocalFile[]): LocalFile | null {
  const readable = candidates.filter((local) => local.content !== null);
  const atItsPath = readable.find((local) => local.key === remote.target?.key);
  if (atItsPath !== undefined) return atItsPath;
  const ofItsContent = readable.find((local) => compareContents(local, remote) === 'same');
  if (ofItsContent !== undefined) return ofItsContent;
  const isElsewhere = restoredPath(remote.customMetadata[pathMetadataKey]) !== null;
  return isElsewhere ? null : (readable[0] ?? null);
}

/** Files without an asset that this one may be: those that want its name, and the one that is in its place. */
export function candidatesFor(
  { differences, synced, local }: Manifest,
  mirror: number,
  remote: RemoteFile,
): LocalFile[] {
  const candidates = differences.unboundByName(mirror, remote.filename);
  const key = remote.target?.key;
  if (key === undefined || synced.get(mirror, key) !== null) return candidates;
  const inItsPlace = local.get(mirror, key);
  return inItsPlace === null ? candidates : [...candidates, inItsPlace];
}
