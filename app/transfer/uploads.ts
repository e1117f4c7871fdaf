import path from 'node:path';
import pLimit from 'p-limit';
import type { AnnotationFate, AnnouncedFile, OpenedSession } from '../engine/environment.ts';
import { mimeFromExtension } from '../image/formats.ts';
import { isSameStamp, type LocalFile, type RemoteAsset } from '../manifest/observations.ts';
import type { SessionFile, SessionRecord } from '../manifest/session-table.ts';
import { isSameVersion, versionText } from '../plan/content.ts';
import { pathMetadataKey } from '../plan/names.ts';
import { agreedOf, fingerprintOf, type UploadOperation } from '../plan/operation.ts';
import { mayBeOfOneAsset } from '../vi/asset-error.ts';
import { ViError, ViRateLimitError } from '../vi/index.ts';
import { RunningSet } from './running-set.ts';
import { fateOf, SessionBatches } from './session-batches.ts';
import type { SessionBudget, SessionPurpose } from './session-budget.ts';
import { noteOutdated, recordFailure, type TransferContext } from './transfer-context.ts';
import { type FailedTransfer, failedTransfer, isServiceError } from './transfer-failure.ts';
import type { UploadCopies } from './upload-copies.ts';
import { UploadSession } from './upload-session.ts';
import { targetText } from './upload-target.ts';

/** Sessions that send files at once: one for the many, and one for an edit meanwhile. */
const sessionsAtOnce = 2;
/** Looks at the disk, and questions to the service, at once. */
const checksAtOnce = 16;
/** How much one session takes: its signed URLs live for minutes, and all must be used in time. Bytes. */
const firstBatchBytes = 4 * 1024 ** 3;
const leastBatchBytes = 256 * 1024 ** 2;
const batchSeconds = 8 * 60;
/** A session that has failed in the program is gone on with after this. Milliseconds. */
const brokenMs = 5000;

/** An upload that may begin, with the copy that is sent; null: the file itself is. */
interface ReadyUpload {
  readonly operation: UploadOperation;
  readonly source: string | null;
}

/** Carries out uploads in ingestion sessions, as the budget allows. */
export class Uploads {
  readonly #context: TransferContext;
  readonly #budget: SessionBudget;
  readonly #copies: UploadCopies;
  readonly #running: RunningSet;
  readonly #sessions = new Set<UploadSession>();
  /** Bytes of each item that a session is being made for. */
  readonly #preparing = new Map<string, number>();
  readonly #batches = new SessionBatches();
  /** Sessions in a row that could not be created. */
  #failedOpenings = 0;

  constructor(context: TransferContext, budget: SessionBudget, copies: UploadCopies) {
    this.#context = context;
    this.#budget = budget;
    this.#copies = copies;
    this.#running = new RunningSet((error) =>
      context.log.error('An upload has failed in the program', { error }),
    );
  }

  isBusy(item: string): boolean {
    return this.#preparing.has(item);
  }

  /** True while anything is prepared, sent, or waited for. */
  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** What has left the plan and is not under way yet. */
  unsent(): { files: number; bytes: number } {
    const parts = [...this.#sessions].map((session) => session.unsent());
    parts.push(...[...this.#preparing.values()].map((bytes) => ({ files: 1, bytes })));
    return {
      files: parts.reduce((sum, { files }) => sum + files, 0),
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Picks up the sessions that an earlier engine has left behind. */
  resume(): void {
    const { manifest, mirror } = this.#context;
    for (const record of manifest.sessions.all(mirror.id)) {
      const files = manifest.sessions.files(record.id);
      if (files.length > 0) this.#run(record, files);
      else manifest.sessions.finish(record.id, this.#context.environment.clock.now(), null);
    }
    manifest.sessions.dropClosed(mirror.id);
  }

  /** When a session may be begun, milliseconds since the epoch; null: not before something has ended. */
  nextAt(purpose: SessionPurpose): number | null {
    const { remote, gate } = this.#context;
    if (!gate.isOpen || this.#preparing.size > 0) return null;
    const sending = [...this.#sessions].filter((session) => session.isSending).length;
    if (sending >= (purpose === 'edit' ? sessionsAtOnce : sessionsAtOnce - 1)) return null;
    return this.#budget.nextAt(remote.organizationId, purpose);
  }

  /** Begins a session with as many of these files as fit. Only when {@link nextAt} says that it may. */
  start(operations: readonly UploadOperation[], purpose: SessionPurpose): void {
    const batch = this.#cut(operations);
    for (const { item, local } of batch) this.#preparing.set(item, local.stamp.size);
    this.#running.add(this.#begin(batch, purpose));
  }

  async settled(): Promise<void> {
    await this.#running.settled();
  }

  /** As many files as can be sent while their signed URLs live, each name once. */
  #cut(operations: readonly UploadOperation[]): UploadOperation[] {
    const rate = this.#context.upload.progress().bytesPerSecond;
    const share = this.#context.gate.share('upload') ?? Number.POSITIVE_INFINITY;
    const measured = rate === 0 ? firstBatchBytes : Math.max(leastBatchBytes, rate * batchSeconds);
    const most = Math.min(measured, share * batchSeconds);
    return this.#batches.cut(operations, most);
  }

  async #begin(batch: readonly UploadOperation[], purpose: SessionPurpose): Promise<void> {
    const { remote, gate, report, signal, log } = this.#context;
    const fate = batch[0] === undefined ? 'KeepLinkedResource' : fateOf(batch[0]);
    let announced = batch;
    /** Copies that no session has taken over. */
    const copies = new Set<string>();
    try {
      const ready = await this.#check(batch, copies);
      const sources = new Map(
        ready.flatMap(({ operation, source }) => (source === null ? [] : [[operation.filename, source]])),
      );
      const operations = ready.map(({ operation }) => operation);
      if (operations.length === 0 || !gate.isOpen) return;
      announced = operations;
      this.#budget.spend(remote.organizationId, purpose);
      const opened = await remote.openSession(operations.map(announce), fate, signal);
      this.#batches.accept(operations);
      this.#failedOpenings = 0;
      const { record, files } = this.#record(operations, opened, fate);
      for (const source of sources.values()) copies.delete(source);
      this.#run(record, files, sources);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ViError)) throw error;
      log.warn('No ingestion session could be created', { error });
      if (error instanceof ViRateLimitError) {
        this.#budget.refused(remote.organizationId, error.retryAfter);
      } else if (isServiceError(error)) {
        report.serviceFailed(error);
        this.#failedOpenings += 1;
        // Once may be an outage, which is told for all. Twice: the service answers, and gives no sessions.
        if (this.#failedOpenings > 1) this.#fail(announced, error);
      } else {
        this.#refuse(announced, error);
      }
    } finally {
      for (const copy of copies) await this.#copies.discard(copy);
      for (const { item } of batch) this.#preparing.delete(item);
      report.planAgain();
    }
  }

  /** Those of a batch that may begin. Nothing of it runs any more when it fails. */
  async #check(batch: readonly UploadOperation[], copies: Set<string>): Promise<ReadyUpload[]> {
    const limit = pLimit(checksAtOnce);
    const failures: unknown[] = [];
    const check = async (operation: UploadOperation): Promise<ReadyUpload | null> => {
      if (failures.length > 0) return null;
      try {
        return await this.#ready(operation, copies);
      } catch (error) {
        failures.push(error);
        return null;
      }
    };
    const checked = await Promise.all(batch.map((operation) => limit(() => check(operation))));
    if (failures.length > 0) throw failures[0];
    return checked.filter((each) => each !== null);
  }

  /**
   * The same as {@link Uploads.#asItIs}, of an asset that is welcome; one that can't be asked for is a failure of its file alone.
   *
   * @param copies where each copy that is taken is noted, whatever becomes of it
   */
  async #ready(operation: UploadOperation, copies: Set<string>): Promise<ReadyUpload | null> {
    const { signal, log, report } = this.#context;
    if (signal.aborted) return null;
    const ready = await this.#asItIs(operation, copies);
    if (ready === null) return null;
    try {
      return (await this.#isWelcome(ready.operation)) ? ready : null;
    } catch (error) {
      if (!mayBeOfOneAsset(error)) throw error;
      signal.throwIfAborted();
      log.warn('An asset could not be asked for', { path: operation.local.path, error });
      if (isServiceError(error)) report.serviceFailed(error);
      this.#fail([operation], error);
      return null;
    }
  }

  /** Whether the file still is what the upload was decided for; of one that keeps changing, a copy of what it is now. */
  async #asItIs(operation: UploadOperation, copies: Set<string>): Promise<ReadyUpload | null> {
    const { local } = operation;
    const { environment, mirror, report, proofs } = this.#context;
    const place = await environment.disk.look(path.join(mirror.folder, local.path));
    const isSame = place.kind === 'file' && isSameStamp(place.stamp, local.stamp);
    if (!isSame && place.kind === 'file') this.#copies.noteChanged(local.key);
    const copy = this.#copies.isRestless(local.key) ? await this.#copies.take(local) : null;
    if (copy !== null) copies.add(copy.source);
    if (copy !== null && this.#isWithin(operation, copy.local)) {
      await proofs.prepare(copy.local, copy.source);
      return { operation: { ...operation, local: copy.local }, source: copy.source };
    }
    if (isSame) {
      await proofs.prepare(local);
      return { operation, source: null };
    }
    report.lookLocally(local.path);
    return null;
  }

  /** Whether what was decided for one version of a file holds for a newer one. */
  #isWithin({ local, replaces, agreedAnnotations }: UploadOperation, { content }: LocalFile): boolean {
    const { manifest, mirror } = this.#context;
    if (content === null) return false;
    if (content.sha256 === local.content?.sha256) return true;
    // An answer is for what was shown, and what is there already needs no upload.
    if (agreedAnnotations !== null || content.sha256 === replaces?.sha256) return false;
    const base = manifest.synced.get(mirror.id, local.key);
    const isThere = replaces !== null && base !== null && isSameVersion(base.remote, replaces);
    if (isThere && base.local.sha256 === content.sha256) return false;
    const isElsewhere =
      manifest.sessions.pathOfContent(mirror.id, content.sha256) ??
      manifest.differences.sameContent(mirror.id, content.sha256, local.key);
    return isElsewhere === null;
  }

  /** Whether the asset still is what the upload was decided for. It is asked for its annotations now, not in the last listing. */
  async #isWelcome(operation: UploadOperation): Promise<boolean> {
    const { remote, signal } = this.#context;
    const { replaces } = operation;
    if (replaces === null) return true;
    const asset = await remote.get(replaces.assetId, signal);
    if (asset !== null && isSameVersion(asset, replaces) && mayOverwrite(operation, asset)) return true;
    noteOutdated(this.#context, asset);
    return false;
  }

  /** Writes a session down before the first byte is sent: a kill from now on leaves its trace. */
  #record(
    operations: readonly UploadOperation[],
    opened: OpenedSession,
    annotations: AnnotationFate,
  ): { record: SessionRecord; files: SessionFile[] } {
    const { manifest, mirror, environment } = this.#context;
    const missing: UploadOperation[] = [];
    const result = manifest.transaction(() => {
      const createdAt = environment.clock.now();
      const { sessionId, created } = opened;
      const id = manifest.sessions.insert({
        mirror: mirror.id,
        sessionId,
        annotations,
        createdAt,
        serviceCreated: created,
      });
      const files: SessionFile[] = [];
      for (const operation of operations) {
        const { local, filename, replaces } = operation;
        const target = opened.targets.get(filename);
        if (target === undefined || local.content === null) {
          missing.push(operation);
          continue;
        }
        const { inode, birthtimeNs, size } = local.stamp;
        const { sha256, crc32c } = local.content;
        const file: SessionFile = {
          session: id,
          filename,
          key: local.key,
          path: local.path,
          size,
          sha256,
          crc32c,
          identity: { inode, birthtimeNs },
          step: 'announced',
          target: targetText(target),
          replaces: replaces === null ? null : versionText(replaces),
          replacesAsset: replaces?.assetId ?? null,
          agreedAnnotations: operation.agreedAnnotations,
        };
        manifest.sessions.insertFile(mirror.id, file);
        files.push(file);
      }
      const record: SessionRecord = {
        id,
        mirror: mirror.id,
        sessionId,
        annotations,
        createdAt,
        serviceCreated: created,
        finishedAt: null,
        serviceFinished: null,
      };
      return { record, files };
    });
    for (const operation of missing) {
      const { item, local } = operation;
      recordFailure(
        this.#context,
        { item, fingerprint: fingerprintOf(operation), path: local.path },
        noAddress(local.path),
      );
    }
    return result;
  }

  /** @param sources copies that are sent instead of the files, by filename; they are used up by it */
  #run(
    record: SessionRecord,
    files: readonly SessionFile[],
    sources: ReadonlyMap<string, string> = new Map(),
  ): void {
    const session = new UploadSession(this.#context, record, files, {
      sources,
      onChanged: ({ key }) => this.#copies.noteChanged(key),
    });
    this.#sessions.add(session);
    this.#running.add(
      session
        .run()
        .catch((error: unknown) => this.#takeUpLater(record, error))
        .finally(async () => {
          this.#sessions.delete(session);
          this.#context.report.planAgain();
          for (const source of sources.values()) await this.#copies.discard(source);
        }),
    );
  }

  /** A fault of the program, or of the manifest's disk, has broken a session off: it is gone on with as after a kill. */
  async #takeUpLater({ id }: SessionRecord, error: unknown): Promise<void> {
    const { environment, manifest, mirror, signal, log } = this.#context;
    log.error('A session has failed in the program', { error });
    await environment.clock.sleep(brokenMs, signal);
    if (signal.aborted) return;
    const record = manifest.sessions.all(mirror.id).find((each) => each.id === id);
    const files = manifest.sessions.files(id);
    if (record !== undefined && files.length > 0) this.#run(record, files);
  }

  /** The service wants no session of these files. */
  #refuse(batch: readonly UploadOperation[], error: ViError): void {
    this.#fail(this.#batches.refuse(batch, error), error);
  }

  #fail(batch: readonly UploadOperation[], error: ViError): void {
    for (const operation of batch) {
      const { item, local } = operation;
      recordFailure(
        this.#context,
        { item, fingerprint: fingerprintOf(operation), path: local.path },
        failedTransfer(error, local.path),
      );
    }
  }
}

/** Whether the asset has just the annotations that the overwrite was decided for. */
function mayOverwrite({ annotations, agreedAnnotations }: UploadOperation, asset: RemoteAsset): boolean {
  if (agreedAnnotations !== null) return agreedAnnotations === agreedOf(asset);
  return annotations !== 'none' || asset.annotations === 0;
}

function noAddress(path: string): FailedTransfer {
  return {
    problem: {
      code: 'no-upload-url',
      facts: { path },
      title: 'Not taken by the service',
      detail: `The service gave no address to upload “${path}” to.`,
      suggestion: 'It is tried again by itself.',
    },
    retryMs: 60_000,
    isService: false,
  };
}

function announce({ local, filename }: UploadOperation): AnnouncedFile {
  return {
    filename,
    mime: mimeFromExtension(filename) ?? local.mime ?? 'application/octet-stream',
    size: local.stamp.size,
    crc32c: local.content?.crc32c ?? 0,
    customMetadata: { [pathMetadataKey]: local.path.normalize('NFC') },
  };
}
