import { fileItem } from '../manifest/entry-table.ts';
import type { RemoteFile, RemoteVersion, SyncedBase } from '../manifest/observations.ts';
import { baseNameOf } from '../manifest/path-key.ts';
import type { SessionFile, SessionRecord } from '../manifest/session-table.ts';
import { versionText } from '../plan/content.ts';
import { uploadFingerprint } from '../plan/operation.ts';
import { unseenAssetId } from '../plan/unseen.ts';
import { dataRowsOfAsset } from './data-rows.ts';
import { recordFailure, type TransferContext } from './transfer-context.ts';
import type { FailedTransfer } from './transfer-failure.ts';
import type { UploadProofs } from './upload-proofs.ts';

/** How long a finished session's file may be missing from listings before it is believed to be gone again. Milliseconds. */
const goneAfterMs = 20_000;
/** How long a listing may show what was there before, without a word of what has become of ours. Milliseconds. */
const listingPatienceMs = 30_000;
const uploadAgainMs = 10 * 60_000;

/** What a listing says about a file that we have sent. */
type Outcome =
  /** Our bytes are this version of the asset. */
  | { readonly kind: 'ours'; readonly version: RemoteVersion }
  /** The asset has other content than ours, and not that which ours was to replace: somebody else's came after or before it. */
  | { readonly kind: 'theirs' }
  /** The asset has new content, of our size, and nothing proves whose. */
  | { readonly kind: 'unproven' }
  /** Nothing: the asset is not there, or as it was before. */
  | { readonly kind: 'silent' };

/** Finds out what has become of the files that were sent. */
export class UploadOutcomes {
  readonly #context: TransferContext;
  /**
   * Since when each finished session is looked for in listings, by its row. Steady milliseconds: the computer's clock may be set meanwhile,
   * and the time in which no engine looked does not count.
   */
  #lookedForSince = new Map<number, number>();

  constructor(context: TransferContext) {
    this.#context = context;
  }

  /**
   * Looks for the files of open sessions among the assets that listings have shown, and makes a base of each that is found. This alone
   * ends an upload well: an asset that a listing shows is there, whatever was heard of its session.
   *
   * @param isComplete whether the last listing has shown as many assets as the dataset says that it has
   * @returns how many were found
   */
  resolve(isComplete: boolean): number {
    const { manifest, mirror, environment, report, proofs } = this.#context;
    const now = environment.clock.monotonic();
    const before = this.#lookedForSince;
    this.#lookedForSince = new Map();
    let found = 0;
    for (const session of manifest.sessions.all(mirror.id)) {
      const isFinished = session.finishedAt !== null;
      const since = before.get(session.id) ?? now;
      if (isFinished) this.#lookedForSince.set(session.id, since);
      manifest.transaction(() => {
        for (const file of manifest.sessions.files(session.id)) {
          const remote = manifest.remote.byFilename(mirror.id, file.filename);
          const outcome = outcomeOf(session, file, remote, proofs);
          if (remote !== null && outcome.kind === 'ours') {
            bind(this.#context, file, remote, outcome.version);
            found += 1;
          } else if (isFinished) {
            const isMissing = remote === null && isComplete;
            endWithout(this.#context, file, { session, outcome, isMissing, waitedMs: now - since });
          }
        }
      });
    }
    manifest.sessions.dropClosed(mirror.id);
    if (found > 0) report.changed();
    return found;
  }
}

/**
 * What has become of a file of a session, as far as the last listing tells. The service's hash proves it, in whatever algorithm it can be
 * computed here. Where it proves nothing, the time of change must lie within the session, by the service's clock for both; and without any
 * hash the session must be over, since until then somebody else's version may be there and ours still be coming.
 */
export function outcomeOf(
  session: SessionRecord,
  file: SessionFile,
  remote: RemoteFile | null,
  proofs: Pick<UploadProofs, 'of' | 'isProof'>,
): Outcome {
  if (remote === null || versionText(remote) === file.replaces) return { kind: 'silent' };
  const { hash } = remote;
  const ours: Outcome = { kind: 'ours', version: remote };
  if (remote.sha256 !== null) return remote.sha256 === file.sha256 ? ours : { kind: 'theirs' };
  if (remote.size !== null && remote.size !== file.size) return { kind: 'theirs' };
  if (hash?.algorithm === 'crc32c' && hash.contents !== crcText(file.crc32c)) return { kind: 'theirs' };
  const own = proofs.of(file);
  if (hash !== null && own?.algorithm === hash.algorithm && proofs.isProof(hash)) {
    return own.contents === hash.contents ? ours : { kind: 'theirs' };
  }
  if (file.step === 'announced') return { kind: 'silent' };
  return hash !== null && proofs.isProof(hash) ? { kind: 'unproven' } : outcomeByTime(session, file, remote);
}

function outcomeByTime(session: SessionRecord, file: SessionFile, remote: RemoteFile): Outcome {
  const { serviceCreated, serviceFinished } = session;
  const { contentsLastUpdated: changed, hash } = remote;
  if (changed === null) return { kind: 'unproven' };
  if (serviceCreated !== null && changed < serviceCreated) return { kind: 'theirs' };
  if (serviceFinished !== null && changed > serviceFinished) {
    // Somebody else may have been there since. Ours was the version before, so theirs will show as a change.
    const before = { size: file.size, hash: null, contentsLastUpdated: serviceFinished };
    return { kind: 'ours', version: before };
  }
  const isTold = serviceFinished !== null || hash?.algorithm === 'crc32c';
  return isTold ? { kind: 'ours', version: remote } : { kind: 'unproven' };
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
  // An overwrite uses nothing: the asset has its rows already.
  if (file.replaces === null) manifest.quotaUse.add({ ...mirror, dataRows: dataRowsOfAsset });
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
      hold: null,
    },
    now,
  );
  const name = baseNameOf(file.path);
  report.activity({
    at: now,
    kind: 'uploaded',
    path: file.path,
    message: file.replaces === null ? `Uploaded “${name}”.` : `Uploaded the new version of “${name}”.`,
    told: { code: file.replaces === null ? 'uploaded' : 'uploaded-version', facts: { name } },
  });
}

/** A file of a session that is over, which has not refused it, and which no listing shows. */
function endWithout(
  context: TransferContext,
  file: SessionFile,
  seen: { session: SessionRecord; outcome: Outcome; isMissing: boolean; waitedMs: number },
): void {
  const { manifest, mirror, report } = context;
  if (seen.outcome.kind === 'theirs' || seen.outcome.kind === 'unproven') {
    // The plan compares the file with what is there now.
    manifest.sessions.closeFile(file.session, file.filename);
    report.planAgain();
  } else if (seen.isMissing && seen.waitedMs >= goneAfterMs) {
    manifest.sessions.closeFile(file.session, file.filename);
    // That nobody has refused it says something only if it was sent, or the service itself has ended the session.
    const wasTaken = file.step === 'sent' || seen.session.serviceFinished !== null;
    if (wasTaken && manifest.synced.get(mirror.id, file.key) === null) {
      manifest.synced.put(mirror.id, goneBase(file));
    }
    report.planAgain();
  } else if (seen.waitedMs >= listingPatienceMs) {
    manifest.sessions.closeFile(file.session, file.filename);
    const item = fileItem(file.key);
    const fingerprint = uploadFingerprint(file.sha256, file.filename);
    recordFailure(context, { item, fingerprint, path: file.path }, notListed(file.path));
  }
}

/**
 * The service had taken the file, and its dataset counts no asset that is not listed: it was deleted there before we saw it, or the
 * service has lost it. Whether it is uploaded again is for a person to say. The new version of a file that has an asset keeps its base:
 * changed here, and gone there.
 */
function goneBase(file: SessionFile): SyncedBase {
  return {
    key: file.key,
    path: file.path,
    assetId: unseenAssetId(file.session, file.filename),
    filename: file.filename,
    local: { ...file.identity, size: file.size, sha256: file.sha256 },
    remote: { size: file.size, hash: null, contentsLastUpdated: null },
  };
}

function notListed(path: string): FailedTransfer {
  return {
    problem: {
      code: 'not-listed',
      facts: { path },
      title: 'Uploaded, and not to be found',
      detail: `The service has taken “${path}”, but does not show it.`,
      suggestion: 'It is uploaded again in a while, by itself.',
    },
    retryMs: uploadAgainMs,
    isService: false,
  };
}

function crcText(crc32c: number): string {
  return (crc32c >>> 0).toString(16).padStart(8, '0');
}
