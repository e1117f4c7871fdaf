import { z } from 'zod';
import type { CallResult, ReceiptRow } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import { type EntryRow, keyOfItem } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { foldForSearch } from '../manifest/path-key.ts';
import { compareContents, isIdentity, isSameAsBase, isSameVersion } from '../plan/content.ts';

const cursorSchema = z.object({ folded: z.string(), item: z.string() });

/**
 * A page of the receipt of convergence: for each file and asset what is known of both, and how it is known that they are equal.
 *
 * @param after what an earlier page has ended with; null for the first
 */
export function receiptPage(
  manifest: Manifest,
  mirror: number,
  { after, limit }: { after: string | null; limit: number },
): CallResult<'receipt'> {
  const place = after === null ? null : cursorSchema.parse(JSON.parse(after));
  const entries = manifest.entries.following(mirror, place, limit);
  const last = entries.at(-1);
  const isMore = last !== undefined && entries.length === limit;
  return {
    items: entries.map((entry) => rowOf(manifest, mirror, entry)),
    after: isMore ? JSON.stringify({ folded: foldForSearch(last.path), item: last.item }) : null,
  };
}

function rowOf(manifest: Manifest, mirror: number, entry: EntryRow): ReceiptRow {
  const key = keyOfItem(entry.item);
  const local = key === null ? null : manifest.local.get(mirror, key);
  const remote = entry.assetId === null ? null : manifest.remote.get(mirror, entry.assetId);
  const synced = key === null ? null : manifest.synced.get(mirror, key);
  return {
    path: entry.path,
    assetId: entry.assetId,
    filename: remote?.filename ?? null,
    sha256: local?.content?.sha256 ?? null,
    size: entry.size,
    proof: proofOf({ local, remote, synced }),
    state: entry.state,
  };
}

/** `transfer`: we have moved or read the bytes ourselves, and neither side has changed since. */
function proofOf({ local, remote, synced }: Triple): ReceiptRow['proof'] {
  if (local === null || remote === null) return 'none';
  if (compareContents(local, remote) === 'same') {
    return remote.hash !== null && isIdentity(remote.hash) ? 'service-hash' : 'transfer';
  }
  const isUnchanged = synced !== null && isSameAsBase(local, synced) && isSameVersion(remote, synced.remote);
  return isUnchanged ? 'transfer' : 'none';
}
