import { asViError } from '../as-vi-error.ts';
import { eachLimited } from '../each-limited.ts';
import { ViOperationError, ViServerError, ViUploadError } from '../errors.ts';
import { noRoom } from '../http-error.ts';
import type { Pace } from '../pace.ts';
import { grown } from '../packed-texts.ts';
import { putContents } from '../put-contents.ts';
import type { Service } from '../service.ts';
import type { UploadTargets } from '../wire/ingestion-session.ts';
import type { FailureMode, ResourceRetentionMode } from './enums.ts';
import type { FoundFiles, UploadFile } from './found-files.ts';
import { type AssetIngestionSession, sessionState } from './ingestion-session.ts';
import type { PreparedFile } from './prepare-file.ts';
import { RefusedFile } from './refused-file.ts';
import { createSessionToSend, type IngestionSessionToSend } from './session-requests.ts';
import type { UploadTally } from './upload-tally.ts';
import { waitUntilDone } from './wait-until-done.ts';

/** Files are processed as they arrive, so most of a session is done when its last file has been sent. */
const firstPauseMs = 50;

export interface UploadSessionOptions {
  readonly service: Service;
  readonly datasetId: string;
  readonly failureMode: FailureMode;
  readonly onAssetOverwritten: ResourceRetentionMode;
  readonly timeoutMs: number;
  readonly pace: Pace | undefined;
  readonly tally: UploadTally;
  readonly found: FoundFiles;
  /** Ends sending: the caller's signal, or a failure elsewhere in an upload that stops at the first one. */
  readonly stop: AbortSignal;
  /** The caller's own signal, which ends waiting too. */
  readonly signal: AbortSignal | undefined;
  readonly onProgress: () => void;
  /** Told of every file that has failed. */
  readonly onFailure: () => void;
}

/** Announces a batch of files, and gives back the session that takes them. */
export async function openUploadSession(
  batch: readonly PreparedFile[],
  options: UploadSessionOptions,
): Promise<UploadSession> {
  const opened = await createSessionToSend(options.service, {
    datasetId: options.datasetId,
    assets: batch.map((prepared) => prepared.metadata),
    failureMode: options.failureMode,
    onAssetOverwritten: options.onAssetOverwritten,
    signal: options.stop,
  });
  options.tally.session(opened.session);
  return new UploadSession(opened, batch, options);
}

/**
 * One ingestion session of an upload: sends its files, then waits for what the service makes of them. Of the files only
 * their numbers are left while it waits: many sessions may wait at once.
 */
export class UploadSession {
  readonly #id: string;
  #batch: readonly PreparedFile[];
  #targets: UploadTargets | undefined;
  readonly #options: UploadSessionOptions;
  /** Indexes of the files that were sent; ascending once all are. */
  #sent = new Uint32Array(16);
  #sentCount = 0;

  constructor(
    session: IngestionSessionToSend,
    batch: readonly PreparedFile[],
    options: UploadSessionOptions,
  ) {
    this.#id = session.session.assetIngestionSessionId;
    this.#batch = batch;
    this.#options = options;
    this.#targets = session.targets;
  }

  get hasSent(): boolean {
    return this.#sentCount > 0;
  }

  /**
   * Sends the files. Returns those whose URLs grew too old before their turn came: they need another session. Once one
   * has expired the others, signed in the same moment, are not tried.
   */
  async send(): Promise<PreparedFile[]> {
    const { service, tally, stop } = this.#options;
    const expired: { prepared: PreparedFile; error: ViUploadError }[] = [];
    const late: PreparedFile[] = [];
    const batch = this.#batch;
    this.#batch = [];
    await eachLimited(batch, service.uploadConcurrency, async (prepared) => {
      if (stop.aborted) return;
      if (tally.noRoom !== undefined) {
        this.#fail(prepared.file, tally.noRoom);
        return;
      }
      if (expired.length > 0) {
        late.push(prepared);
        return;
      }
      try {
        await this.#put(prepared);
        tally.sent(prepared.file);
        this.#addSent(prepared.file.index);
      } catch (error) {
        tally.notSent(prepared.file);
        if (stop.aborted) return;
        if (error instanceof ViUploadError && error.isExpired) expired.push({ prepared, error });
        else this.#fail(prepared.file, error);
        if (error instanceof ViServerError && error.code === noRoom.code) tally.noRoom ??= notSent(error);
      }
      this.#options.onProgress();
    });
    this.#targets = undefined;
    this.#sent = this.#sent.slice(0, this.#sentCount).sort();
    if (stop.aborted) return [];
    if (this.hasSent) return [...expired.map(({ prepared }) => prepared), ...late];
    // A session none of whose URLs worked: another one would be no better.
    for (const { prepared, error } of expired) this.#fail(prepared.file, error);
    const [first] = expired;
    if (first !== undefined) for (const prepared of late) this.#fail(prepared.file, first.error);
    return [];
  }

  /** Waits until the service has dealt with every file that was sent, and takes down what it says. */
  async settle(): Promise<void> {
    const { service, datasetId, timeoutMs, signal, tally, onProgress } = this.#options;
    if (!this.hasSent) return;
    try {
      const session = await waitUntilDone(
        service,
        {
          datasetId,
          assetIngestionSessionId: this.#id,
          timeoutMs,
          firstPauseMs,
          signal,
          onProgress: (seen) => {
            tally.session(seen);
            this.#failNamed(seen);
            onProgress();
          },
        },
        (seen) => this.#isSettled(seen),
      );
      this.#count(session);
      onProgress();
    } catch (error) {
      signal?.throwIfAborted();
      tally.trouble(error);
    }
  }

  async #put({ file, metadata }: PreparedFile): Promise<void> {
    const { service, tally, stop, pace, onProgress } = this.#options;
    const upload = this.#targets?.find(metadata.filename);
    if (upload === undefined) {
      throw new ViUploadError(`Cannot upload ${file.path}: the service gave no URL for it.`, {
        code: 'UrlMissing',
      });
    }
    await putContents(
      upload,
      { path: file.path, size: metadata.size, crc32c: metadata.crc32c },
      {
        pace,
        signal: stop,
        retry: service.retry,
        onRetry: service.onRetry,
        transport: service.signedUrls,
        onBytes: (bytesDone) => {
          tally.moved(file, bytesDone);
          onProgress();
        },
      },
    );
  }

  #addSent(index: number): void {
    if (this.#sentCount === this.#sent.length) this.#sent = grown(this.#sent);
    this.#sent[this.#sentCount++] = index;
  }

  /** The index of a file of this name, when it was sent through this session. */
  #findSent(filename: string): number | undefined {
    const index = this.#options.found.find(filename);
    if (index === undefined) return undefined;
    let [low, high] = [0, this.#sentCount];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sent[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low < this.#sentCount && this.#sent[low] === index ? index : undefined;
  }

  /** Files that could not be sent have failed already; the service would only report them when their time is over. */
  #isSettled(session: AssetIngestionSession): boolean {
    if (sessionState(session) !== 'running') return true;
    let named = 0;
    for (const [filename] of namedErrors(session)) if (this.#findSent(filename) !== undefined) named++;
    return session.status.progressCount.succeeded + named >= this.#sentCount;
  }

  #failNamed(session: AssetIngestionSession): void {
    const { tally, found, onFailure } = this.#options;
    for (const [filename, code] of namedErrors(session)) {
      const index = this.#findSent(filename);
      if (index === undefined || tally.isFailed(index)) continue;
      tally.failedAs(index, new RefusedFile(found.at(index), code, this.#id));
      onFailure();
    }
  }

  #count(session: AssetIngestionSession): void {
    const { tally } = this.#options;
    const open = this.#sent.filter((index) => !tally.isFailed(index));
    const { succeeded } = session.status.progressCount;
    if (succeeded >= open.length) {
      for (const index of open) tally.succeeded(index);
      return;
    }
    // The service did not name every file that it did not take: their number is known, which ones they are is not.
    tally.succeededUnnamed(succeeded);
    const { errored } = session.status.progressCount;
    tally.trouble(
      new ViOperationError(
        `Ingestion session ${this.#id} ended with ${succeeded} of ${this.#sentCount} sent files taken and ${errored} refused.${reasonOf(session)}`,
        {
          code: 'SessionIncomplete',
          suggestion: 'List the dataset to see which files it has, and upload the others again.',
          details: { assetIngestionSessionId: this.#id, progressCount: session.status.progressCount },
        },
      ),
    );
  }

  #fail(file: UploadFile, error: unknown): void {
    this.#options.tally.failed(file, asViError(error));
    this.#options.onFailure();
  }
}

/** Every further file would meet it, after its bytes were sent in vain. */
function notSent(cause: ViServerError): ViServerError {
  const { status, traceId, details } = cause;
  return new ViServerError('Not sent: the storage of the service has no room.', {
    ...noRoom,
    status,
    traceId,
    details,
    cause,
  });
}

function* namedErrors(session: AssetIngestionSession): Generator<[filename: string, code: string]> {
  for (const event of session.status.events) {
    if (event.kind === 'Error') yield* Object.entries(event.files);
  }
}

function reasonOf(session: AssetIngestionSession): string {
  const failed = session.status.conditions.find((condition) => condition.status === 'FailedReach');
  const words = failed?.message ?? failed?.reason;
  return words === undefined ? '' : ` The service says: "${words}".`;
}
