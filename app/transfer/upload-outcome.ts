import { fileItem } from '../manifest/entry-table.ts';
import type { RemoteFile, RemoteVersion } from '../manifest/observations.ts';
import { baseNameOf } from '../manifest/path-key.ts';
import type { SessionFile, SessionRecord } from '../manifest/session-table.ts';
import { isIdentity, versionText } from '../plan/content.ts';
import { uploadFingerprint } from '../plan/operation.ts';
import { recordFailure, type TransferContext } from './transfer-context.ts';

/** How long a finished session's file may be missing from listings before it counts as not uploaded. Milliseconds. */
const listingPatienceMs = 10 * 60_000;

/**
 * Looks for the files of open sessions among the assets that listings have shown, and makes a base of each that is found. This alone
 * ends an upload well: an asset that a listing shows is there, whatever was heard of its session.
 *
 * @returns how many were found
 */
export function resolveUploads(context: TransferContext): number {
  const { manifest, mirror, report } = context;
  let found = 0;
  for (const session of manifest.sessions.all(mirror.id)) {
    manifest.transaction(() => {
      for (const file of manifest.sessions.files(session.id)) {
        const remote = manifest.remote.byFilename(mirror.id, file.filename);
        const base = remote === null ? null : baseOf(session, file, remote);
        if (remote !== null && base !== null) {
          bind(context, file, remote, base);
          found += 1;
        } else if (session.finishedAt !== null) {
          giveUpLate(context, session, file, remote);
        }
      }
    });
  }
  manifest.sessions.dropClosed(mirror.id);
  if (found > 0) report.changed();
  return found;
}

/**
 * The version of the asset that our bytes became; null while nothing shows that they did. Where the service's hash is no proof, the
 * time of change must lie within the session, by the service's clock for both.
 */
function baseOf(session: SessionRecord, file: SessionFile, remote: RemoteFile): RemoteVersion | null {
  if (remote.size !== null && remote.size !== file.size) return null;
  if (remote.sha256 !== null) return remote.sha256 === file.sha256 ? remote : null;
  const { hash, contentsLastUpdated } = remote;
  if (hash?.algorithm === 'crc32c' && hash.contents !== crcText(file.crc32c)) return null;
  if (file.step === 'announced' || versionText(remote) === file.replaces) return null;
  if (contentsLastUpdated === null) return remote;
  if (session.serviceCreated !== null && contentsLastUpdated < session.serviceCreated) return null;
  if (session.serviceFinished !== null && contentsLastUpdated > session.serviceFinished) {
    // Somebody else has been there since. Ours was the version before, so theirs will show as a change.
    return hash !== null && isIdentity(hash)
      ? null
      : { size: file.size, hash: null, contentsLastUpdated: session.serviceFinished };
  }
  return remote;
}

function bind(context: TransferContext, file: SessionFile, remote: RemoteFile, version: RemoteVersion): void {
  const { manifest, mirror, environment, report } = context;
  const item = fileItem(file.key);
  const now = environment.clock.now();
  manifest.synced.put(mirror.id, {
    key: file.key,
    path: file.path,
    assetId: remote.assetId,
    filename: remote.filename,
    local: { ...file.identity, size: file.size, sha256: file.sha256 },
    remote: version,
  });
  manifest.sessions.closeFile(file.session, file.filename);
  manifest.failures.delete(mirror.id, item);
  manifest.entries.put(
    mirror.id,
    {
      item,
      path: file.path,
      state: 'in-sync',
      size: file.size,
      key: file.key,
      assetId: remote.assetId,
      problem: null,
    },
    now,
  );
  const name = baseNameOf(file.path);
  report.activity({
    at: now,
    kind: 'uploaded',
    path: file.path,
    message: file.replaces === null ? `Uploaded “${name}”.` : `Uploaded the new version of “${name}”.`,
  });
}

/** A file that its session has not failed, and that no listing shows. */
function giveUpLate(
  context: TransferContext,
  session: SessionRecord,
  file: SessionFile,
  remote: RemoteFile | null,
): void {
  const { manifest, environment } = context;
  const isReplaced =
    remote !== null && isSurelyOther(session, file, remote) && versionText(remote) !== file.replaces;
  const waited = environment.clock.now() - (session.finishedAt ?? 0);
  if (!isReplaced && waited < listingPatienceMs) return;
  manifest.sessions.closeFile(file.session, file.filename);
  if (isReplaced) return; // Another version has come over ours; the plan sees it.
  recordFailure(
    context,
    {
      item: fileItem(file.key),
      fingerprint: uploadFingerprint(file.sha256, file.filename),
      path: file.path,
    },
    {
      problem: {
        code: 'not-listed',
        title: 'Uploaded, and not to be found',
        detail: `The service has taken “${file.path}”, but does not list it.`,
        suggestion: 'It is uploaded again in a while, by itself.',
      },
      retryMs: listingPatienceMs,
      isService: false,
    },
  );
}

/** Whether an asset has certainly not the bytes that were sent. A weak hash can prove that as well as a strong one. */
function isSurelyOther(session: SessionRecord, file: SessionFile, remote: RemoteFile): boolean {
  const { size, sha256, hash, contentsLastUpdated } = remote;
  if (size !== null && size !== file.size) return true;
  if (sha256 !== null) return sha256 !== file.sha256;
  if (hash?.algorithm === 'crc32c') return hash.contents !== crcText(file.crc32c);
  const { serviceFinished } = session;
  // Not our version any more, whatever its bytes are; the plan compares them.
  return contentsLastUpdated !== null && serviceFinished !== null && contentsLastUpdated > serviceFinished;
}

function crcText(crc32c: number): string {
  return (crc32c >>> 0).toString(16).padStart(8, '0');
}
