import type {
  ContentHash,
  LocalFile,
  RemoteFile,
  RemoteVersion,
  SyncedBase,
} from '../manifest/observations.ts';

/** Whether two contents are the same, as far as can be told without reading them again. */
export type ContentMatch = 'same' | 'different' | 'unknown';

/** Algorithms that {@link LocalFile} can be compared by, computed on demand where they are not the usual ones. */
export type ComputableAlgorithm = 'sha256' | 'md5' | 'sha1' | 'crc32c';

/** A 32-bit checksum is no identity: among 100,000 files one pair is expected to collide. It can only prove a difference. */
const weakAlgorithms: ReadonlySet<string> = new Set(['crc32c', 'crc32', 'adler32']);

/** Whether equal hashes of this algorithm mean equal contents. Of algorithms that we do not know only long values are believed. */
export function isIdentity(hash: ContentHash): boolean {
  if (weakAlgorithms.has(hash.algorithm)) return false;
  return hash.contents.length >= 22; // 128 bits in base64, the shortest form
}

/** Compares the content of a file with that of an asset. */
export function compareContents(local: LocalFile, remote: RemoteFile): ContentMatch {
  const { content } = local;
  if (content === null) return 'unknown';
  if (remote.size !== null && remote.size !== local.stamp.size) return 'different';
  if (remote.sha256 !== null) return remote.sha256 === content.sha256 ? 'same' : 'different';
  const { hash } = remote;
  if (hash === null) return 'unknown';
  const own = hashIn(content, hash.algorithm);
  if (own === null) return 'unknown';
  if (own !== hash.contents) return 'different';
  return isIdentity(hash) ? 'same' : 'unknown';
}

function hashIn(content: NonNullable<LocalFile['content']>, algorithm: string): string | null {
  switch (algorithm) {
    case 'sha256':
      return content.sha256;
    case 'crc32c':
      return (content.crc32c >>> 0).toString(16).padStart(8, '0');
    default:
      return content.otherHash?.algorithm === algorithm ? content.otherHash.contents : null;
  }
}

/**
 * Whether an asset still has the content that it had. The service's hash decides where both versions have one that is an identity;
 * otherwise its time of change does.
 */
export function isSameVersion(a: RemoteVersion, b: RemoteVersion): boolean {
  if (a.size !== null && b.size !== null && a.size !== b.size) return false;
  const { hash } = a;
  if (hash !== null && b.hash !== null && hash.algorithm === b.hash.algorithm) {
    if (hash.contents !== b.hash.contents) return false;
    if (isIdentity(hash)) return true;
  }
  return a.contentsLastUpdated === b.contentsLastUpdated;
}

/** Whether a file still has the content that it had when it was last in sync. */
export function isSameAsBase(local: LocalFile, synced: SyncedBase): boolean {
  return local.content !== null && local.content.sha256 === synced.local.sha256;
}

/** One string for the content of an asset: another string means that it has changed. */
export function versionText(version: RemoteVersion): string {
  const hash = version.hash === null ? '' : `${version.hash.algorithm}:${version.hash.contents}`;
  return `${hash}@${version.contentsLastUpdated ?? ''}#${version.size ?? ''}`;
}
