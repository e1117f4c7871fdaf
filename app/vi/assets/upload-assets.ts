import { asViError } from '../as-vi-error.ts';
import { ViInvalidParameterError } from '../errors.ts';
import { wireDatasetId } from '../ids.ts';
import { ProgressThrottle } from '../progress-throttle.ts';
import type { Service } from '../service.ts';
import type { UploadAssetsOptions, UploadProgress } from './assets-options.ts';
import type { AssetCustomMetadata } from './custom-metadata.ts';
import { FailureMode, ResourceRetentionMode } from './enums.ts';
import type { FoundFiles, UploadFile } from './found-files.ts';
import { emptyFile, type PreparedFile, prepareFile } from './prepare-file.ts';
import { PreparedBatches } from './prepared-batches.ts';
import { findUploadFiles } from './upload-files.ts';
import type { AssetUploadResult } from './upload-result.ts';
import { openUploadSession, type UploadSession } from './upload-session.ts';
import { UploadTally } from './upload-tally.ts';
import { defaultWaitMs } from './wait-until-done.ts';

/** `client.assets.upload`. */
export async function uploadAssets(
  service: Service,
  options: UploadAssetsOptions,
): Promise<AssetUploadResult> {
  options.signal?.throwIfAborted();
  wireDatasetId(options.datasetId, service.organizationId);
  checkEnum(options.failureMode, FailureMode, 'failureMode');
  checkEnum(options.onAssetOverwritten, ResourceRetentionMode, 'onAssetOverwritten');
  if (typeof options.customMetadata === 'object') checkCustomMetadata(options.customMetadata);
  const found = await findUploadFiles(options.paths, options.signal);
  return await new Upload(service, options, found).run();
}

/** One upload: batches of files, each prepared while the one before is being sent. */
class Upload {
  readonly #service: Service;
  readonly #options: UploadAssetsOptions;
  readonly #found: FoundFiles;
  readonly #tally: UploadTally;
  readonly #progress: ProgressThrottle<UploadProgress>;
  /** Aborted at the first failure of an upload that is to stop there, and by whatever ends it as a whole. */
  readonly #stopped = new AbortController();
  readonly #stop: AbortSignal;
  #phase: UploadProgress['phase'] = 'uploading';

  constructor(service: Service, options: UploadAssetsOptions, found: FoundFiles) {
    const { signal } = options;
    this.#service = service;
    this.#options = options;
    this.#found = found;
    this.#tally = new UploadTally(found);
    this.#progress = new ProgressThrottle(options.onProgress, () => this.#tally.progress(this.#phase));
    this.#stop =
      signal === undefined ? this.#stopped.signal : AbortSignal.any([signal, this.#stopped.signal]);
  }

  async run(): Promise<AssetUploadResult> {
    this.#progress.flush();
    // Known before a byte is sent, so an upload that stops at the first failure stops here.
    if (this.#found.unreadable.length > 0) this.#afterFailure();
    for (let index = 0; index < this.#found.length; index++)
      if (this.#found.sizeOf(index) === 0) this.#failEmpty(this.#found.at(index));
    const waits: Promise<void>[] = [];
    try {
      await this.#sendAll(waits);
      this.#phase = 'processing';
      this.#progress.flush();
      await Promise.all(waits);
    } finally {
      this.#stopped.abort();
      await Promise.allSettled(waits);
      // What is held back would be missing where an interruption says how far it came.
      this.#progress.flush();
      this.#progress.stop();
    }
    this.#options.signal?.throwIfAborted();
    this.#phase = 'done';
    this.#progress.flush();
    return this.#tally.result();
  }

  /** Sends every file. The waits for the sessions go on beside the sending. */
  async #sendAll(waits: Promise<void>[]): Promise<void> {
    const batches = new PreparedBatches(this.#found.withContent(), (file) => this.#prepare(file), this.#stop);
    try {
      for (;;) {
        const batch = await batches.next();
        if (batch.length === 0 || this.#stop.aborted) return;
        const { noRoom } = this.#tally;
        if (noRoom !== undefined) {
          for (const { file } of batch) this.#fail(file, noRoom);
          continue;
        }
        const session = await this.#open(batch);
        if (session === undefined) return;
        batches.prefetch();
        batches.giveBack(await session.send());
        if (this.#options.waitUntilDone ?? true) waits.push(this.#settle(session));
      }
    } finally {
      await batches.settled();
    }
  }

  async #prepare(file: UploadFile): Promise<PreparedFile | undefined> {
    if (this.#tally.noRoom !== undefined) {
      this.#fail(file, this.#tally.noRoom);
      return undefined;
    }
    const { customMetadata } = this.#options;
    const metadata =
      typeof customMetadata === 'function'
        ? customMetadata({ path: file.path, filename: file.filename })
        : customMetadata;
    if (typeof customMetadata === 'function' && metadata !== undefined) checkCustomMetadata(metadata);
    try {
      const prepared = await prepareFile(file, metadata, this.#stop);
      this.#tally.hashed();
      this.#progress.report();
      return prepared;
    } catch (error) {
      if (!this.#stop.aborted) this.#fail(file, error);
      return undefined;
    }
  }

  /** A session for a batch; undefined when there is none to be had, or the upload has stopped. */
  async #open(batch: readonly PreparedFile[]): Promise<UploadSession | undefined> {
    const { datasetId, signal, pace, timeoutMs = defaultWaitMs } = this.#options;
    try {
      return await openUploadSession(batch, {
        service: this.#service,
        datasetId,
        failureMode: this.#options.failureMode ?? FailureMode.FAIL_AFTER_ONE,
        onAssetOverwritten: this.#options.onAssetOverwritten ?? ResourceRetentionMode.REMOVE_LINKED_RESOURCE,
        timeoutMs,
        pace,
        tally: this.#tally,
        found: this.#found,
        stop: this.#stop,
        signal,
        onProgress: () => this.#progress.report(),
        onFailure: () => this.#afterFailure(),
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (this.#stop.aborted) return undefined;
      // As long as nothing was handed over there is no result to speak of.
      if (!this.#tally.hasSessions) throw error;
      for (const { file } of batch) this.#tally.failed(file, asViError(error));
      this.#stopped.abort();
      return undefined;
    }
  }

  async #settle(session: UploadSession): Promise<void> {
    try {
      await session.settle();
    } catch (error) {
      this.#stopped.abort();
      throw error;
    }
  }

  #failEmpty(file: UploadFile): void {
    this.#fail(file, emptyFile(file));
  }

  #fail(file: UploadFile, error: unknown): void {
    this.#tally.failed(file, asViError(error));
    this.#afterFailure();
  }

  #afterFailure(): void {
    this.#progress.report();
    if ((this.#options.failureMode ?? FailureMode.FAIL_AFTER_ONE) === FailureMode.FAIL_AFTER_ONE)
      this.#stopped.abort();
  }
}

function checkEnum(
  value: string | undefined,
  values: Readonly<Record<string, string>>,
  parameter: string,
): void {
  const allowed = Object.values(values);
  if (value === undefined || allowed.includes(value)) return;
  throw new ViInvalidParameterError(`${parameter} "${value}" is none of ${allowed.join(', ')}.`, {
    details: { parameter },
  });
}

function checkCustomMetadata(metadata: AssetCustomMetadata): void {
  for (const [key, value] of Object.entries(metadata)) {
    const isValue = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!isValue) {
      throw new ViInvalidParameterError(
        `customMetadata "${key}" is neither a text, a finite number nor a boolean.`,
        {
          details: { parameter: 'customMetadata', key },
        },
      );
    }
  }
}
