import path from 'node:path';
import { type ContentHash, isSameStamp } from '../manifest/observations.ts';
import type { CompareOperation } from '../plan/operation.ts';
import { fetchVersion } from './download.ts';
import type { Pass } from './mirror-gate.ts';
import type { SafeFiles } from './safe-files.ts';
import type { TransferContext } from './transfer-context.ts';

/**
 * Finds out whether a file and an asset have the same content where the service's hash does not say: by the hash that the service has
 * chosen if it can be computed here and tells contents apart, else by fetching the asset's bytes. What was found is recorded as an
 * observation; the plan decides.
 *
 * @throws the client's errors, the disk's errors, the signal's reason
 */
export async function compare(
  context: TransferContext,
  files: SafeFiles,
  operation: CompareOperation,
  pass: Pass,
): Promise<void> {
  const { manifest, mirror, report } = context;
  const { local, remote } = operation;
  const own = await hashAsTheService(context, operation);
  if (own !== null && local.content !== null) {
    manifest.local.setOtherHash(mirror.id, local.key, local.content.sha256, own);
    report.planAgain();
    return;
  }
  const temporary = await files.temporary();
  try {
    const fetched = await fetchVersion(context, operation, temporary, pass);
    if (fetched === null) report.lookRemotely();
    else manifest.remote.setSha256(mirror.id, remote, fetched.sha256);
    report.planAgain();
  } finally {
    await files.discard(temporary);
  }
}

/** The file's hash in the service's algorithm; null when that would tell nothing new, or the file is not what it was. */
async function hashAsTheService(
  { environment, mirror, signal, report }: TransferContext,
  { local, remote }: CompareOperation,
): Promise<ContentHash | null> {
  const { hash } = remote;
  if (hash === null || hash.algorithm === 'crc32c') return null;
  if (local.content?.otherHash?.algorithm === hash.algorithm) return null;
  const absolute = path.join(mirror.folder, local.path);
  const isStill = async () => {
    const place = await environment.disk.look(absolute);
    return place.kind === 'file' && isSameStamp(place.stamp, local.stamp);
  };
  const own = (await isStill()) ? await environment.disk.hashIn(absolute, hash.algorithm, signal) : null;
  if (await isStill()) return own;
  report.lookLocally(local.path);
  return null;
}
