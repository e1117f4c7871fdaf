import type { FileStamp } from '../manifest/observations.ts';
import { isSameStamp } from '../manifest/observations.ts';
import { isIdentity } from '../plan/content.ts';
import type { ExpectedFile } from '../transfer/safe-files.ts';
import { digestFile } from '../vi/file-hash.ts';
import { comparableHash, ViPermissionError } from '../vi/index.ts';
import type { FolderTree } from './folder-tree.ts';
import type { PlannedFile } from './planned-file.ts';

/** What is at a file's place, compared with what should be there. */
export type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'same'; readonly size: number; readonly sha256: string }
  /** Other content; its hash is null when its size alone told. */
  | { readonly kind: 'different'; readonly file: ExpectedFile }
  /** Nothing that the service says can tell; its bytes have to be fetched. */
  | { readonly kind: 'unknown'; readonly file: ExpectedFile }
  /** A folder or a link; or a file or a link where a folder of its path should be. */
  | { readonly kind: 'no-file' }
  /** It did not hold still. */
  | { readonly kind: 'busy' };

/**
 * Compares what is at a file's place with the version that should be there. Only a hash that is an identity makes them the same: a size,
 * a time or a checksum of 32 bits does not.
 *
 * @throws ViPermissionError, ViOperationError when it can't be read; the signal's reason
 */
export async function checkFile(
  tree: FolderTree,
  planned: PlannedFile,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const place = await tree.look(planned.path);
  switch (place.kind) {
    case 'missing':
      return { kind: 'missing' };
    case 'blocked':
    case 'folder':
    case 'link':
    case 'other':
      return { kind: 'no-file' };
    case 'unreadable':
      throw new ViPermissionError(`Cannot look at ${tree.absolute(planned.path)} (${place.code}).`, {
        details: { path: planned.path, errno: place.code },
      });
    case 'file':
      return await compareContent(tree, planned, place.stamp, signal);
  }
}

async function compareContent(
  tree: FolderTree,
  planned: PlannedFile,
  stamp: FileStamp,
  signal: AbortSignal | undefined,
): Promise<Found> {
  if (planned.size !== null && planned.size !== stamp.size) {
    return { kind: 'different', file: { stamp, content: null } };
  }
  const { sha256, hash } = planned;
  const expected =
    sha256 === null ? comparableHash(hash ?? undefined) : ({ algorithm: 'sha256', hex: sha256 } as const);
  const digest = await digestFile(tree.absolute(planned.path), expected, { signal });
  const after = await tree.look(planned.path);
  if (after.kind !== 'file' || !isSameStamp(after.stamp, stamp)) return { kind: 'busy' };
  const file = { stamp, content: { sha256: digest.sha256 } };
  if (!digest.matches) return { kind: 'different', file };
  if (expected === undefined || !isIdentity({ algorithm: expected.algorithm, contents: expected.hex })) {
    return { kind: 'unknown', file };
  }
  return { kind: 'same', size: digest.size, sha256: digest.sha256 };
}
