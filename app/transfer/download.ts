import path from 'node:path';
import { fileItem } from '../manifest/entry-table.ts';
import type { RemoteAsset } from '../manifest/observations.ts';
import { remoteNameOf } from '../manifest/path-key.ts';
import { isSameVersion } from '../plan/content.ts';
import type { DownloadOperation } from '../plan/operation.ts';
import { type Contents, type FileHash, ViDownloadError } from '../vi/index.ts';
import type { Pass } from './mirror-gate.ts';
import type { SafeFiles } from './safe-files.ts';
import type { TransferContext } from './transfer-context.ts';

export type DownloadOutcome =
  /** The folder has the asset's content now. */
  | 'done'
  /** Folder or dataset are not as they were planned for; who must look has been told. */
  | 'outdated';

/** Signed URLs that are fetched anew for one file before its download counts as failed. */
const mostUrls = 3;

/**
 * Fetches one asset into the folder: into a temporary file first, checked; then into its place, if folder and dataset still are as they
 * were planned for; and then into the manifest.
 *
 * @throws the client's errors, the disk's errors, PlaceBlockedError, the signal's reason
 */
export async function download(
  context: TransferContext,
  files: SafeFiles,
  operation: DownloadOperation,
  pass: Pass,
): Promise<DownloadOutcome> {
  const temporary = await files.temporary();
  try {
    const fetched = await fetchVersion(context, operation, temporary, pass);
    if (fetched === null) {
      context.report.lookRemotely();
      return 'outdated';
    }
    context.signal.throwIfAborted();
    return await putInPlace(context, files, operation, temporary, fetched);
  } finally {
    await files.discard(temporary);
  }
}

/**
 * The planned version of an asset, whole and checked; null when the dataset has another version by now. What has come before a pause is
 * kept, and the rest asked for afterwards.
 */
export async function fetchVersion(
  context: TransferContext,
  { remote, item }: Pick<DownloadOperation, 'remote' | 'item'>,
  temporary: string,
  pass: Pass,
): Promise<FileHash | null> {
  const { locations } = context;
  let expired = 0;
  let asks = false;
  for (let resume = false; ; resume = true) {
    let mayBeOld = false;
    try {
      const located = await (asks
        ? locations.askFor(remote.assetId, pass.signal)
        : locations.of(remote.assetId, pass.signal));
      mayBeOld = located?.isListed === true;
      asks = true;
      if (located === null || !isSameVersion(located.asset, remote)) {
        if (mayBeOld) continue;
        return null;
      }
      return await context.remote.fetch(contentsOf(located), temporary, located.asset, {
        onBytes: (bytes) => context.download.move(item, bytes),
        signal: pass.signal,
        pace: pass.pace,
        resume,
      });
    } catch (error) {
      if (pass.isPaused) {
        if (await resumed(context, item, pass)) continue;
        throw error;
      }
      // An address that was listed with others may be of a version that is gone by now: the asset itself says.
      if (mayBeOld && error instanceof ViDownloadError) continue;
      // A long queue, or a laptop that slept, outlives a URL.
      if (!(error instanceof ViDownloadError && error.isExpired)) throw error;
      expired += 1;
      if (expired >= mostUrls) throw error;
    }
  }
}

/** Waits for the end of a pause, for a person to see; false when the mirror is closed before. */
async function resumed(context: TransferContext, item: string, pass: Pass): Promise<boolean> {
  const { manifest, mirror, environment, report } = context;
  const show = (state: 'waiting' | 'downloading') => {
    manifest.entries.setState(mirror.id, item, state, null, environment.clock.now());
    report.changed();
  };
  show('waiting');
  const isResumed = await pass.untilResumed();
  if (isResumed) show('downloading');
  return isResumed;
}

function contentsOf({ asset, contents }: { asset: RemoteAsset; contents: Contents | null }): Contents {
  if (contents !== null) return contents;
  throw new ViDownloadError(`The service gives no address for the content of “${asset.filename}”.`, {
    code: 'NoContents',
    suggestion: 'The asset may still be being processed. It is tried again by itself.',
    isRetryable: true,
  });
}

async function putInPlace(
  context: TransferContext,
  files: SafeFiles,
  operation: DownloadOperation,
  temporary: string,
  fetched: FileHash,
): Promise<DownloadOutcome> {
  const { environment, manifest, mirror, report } = context;
  const { remote, target, replaces, item } = operation;
  // The asset was only written anew: the file that is there stays, and nothing goes to the trash.
  if (replaces?.content?.sha256 === fetched.sha256) {
    manifest.remote.setSha256(mirror.id, remote, fetched.sha256);
    report.lookLocally(target.path);
    report.planAgain();
    return 'done';
  }
  const placed = await files.place(temporary, target.path, replaces, remote.contentsLastUpdated);
  if (placed.kind === 'changed') {
    report.lookLocally(target.path);
    return 'outdated';
  }
  const now = environment.clock.now();
  manifest.transaction(() => {
    manifest.local.put(
      mirror.id,
      {
        key: target.key,
        path: target.path,
        remoteName: remoteNameOf(target.path),
        stamp: placed.stamp,
        content: { sha256: fetched.sha256, crc32c: fetched.crc32c, otherHash: null },
        mime: remote.mime,
        width: remote.width,
        height: remote.height,
        problem: null,
      },
      manifest.local.nextObservation(),
    );
    manifest.remote.setSha256(mirror.id, remote, fetched.sha256);
    manifest.synced.put(mirror.id, {
      key: target.key,
      path: target.path,
      assetId: remote.assetId,
      filename: remote.filename,
      local: { ...placed.stamp, sha256: fetched.sha256 },
      remote,
    });
    manifest.failures.delete(mirror.id, item);
    // It goes by another name from now on; under the old one nothing is asked any more.
    if (item !== fileItem(target.key)) manifest.answers.delete(mirror.id, item);
    manifest.entries.put(
      mirror.id,
      {
        item: fileItem(target.key),
        path: target.path,
        state: 'in-sync',
        size: placed.stamp.size,
        key: target.key,
        assetId: remote.assetId,
        problem: null,
        hold: null,
      },
      now,
    );
  });
  const name = path.posix.basename(target.path);
  report.activity({
    at: now,
    kind: 'downloaded',
    path: target.path,
    message:
      replaces === null
        ? `Downloaded “${name}”.`
        : `Downloaded the dataset’s new version of “${name}”; the old one is in the trash.`,
    told: { code: replaces === null ? 'downloaded' : 'downloaded-version', facts: { name } },
  });
  return 'done';
}
