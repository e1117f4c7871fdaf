import { asViError } from '../as-vi-error.ts';
import type { ViError } from '../errors.ts';
import type { OpenEnum } from '../open-enum.ts';
import type { UploadProgress } from './assets-options.ts';
import type { AssetIngestionError } from './enums.ts';
import type { AssetIngestionSession } from './ingestion-session.ts';
import type { FoundFiles, UploadFile } from './upload-files.ts';
import { AssetUploadResult, type UploadFailure } from './upload-result.ts';

/** Keeps count of one upload: what has become of each file. Each file gets its last state once. */
export class UploadTally {
  readonly #found: FoundFiles;
  readonly #bytesTotal: number;
  readonly #sent = new Set<UploadFile>();
  readonly #succeeded = new Set<UploadFile>();
  readonly #failures = new Map<UploadFile, UploadFailure>();
  readonly #inFlight = new Map<UploadFile, number>();
  readonly #sessions = new Map<string, AssetIngestionSession>();
  readonly #errors: ViError[] = [];
  #hashed = 0;
  #bytesSent = 0;
  /** Files that sessions count as succeeded without saying which. */
  #succeededUnnamed = 0;

  constructor(found: FoundFiles) {
    this.#found = found;
    this.#bytesTotal = found.files.reduce((sum, file) => sum + file.size, 0);
  }

  isFailed(file: UploadFile): boolean {
    return this.#failures.has(file);
  }

  get hasSessions(): boolean {
    return this.#sessions.size > 0;
  }

  hashed(): void {
    this.#hashed++;
  }

  /** Bytes of a file handed to the network so far. */
  moved(file: UploadFile, bytesDone: number): void {
    this.#bytesSent += bytesDone - (this.#inFlight.get(file) ?? 0);
    this.#inFlight.set(file, bytesDone);
  }

  sent(file: UploadFile): void {
    this.#inFlight.delete(file);
    this.#sent.add(file);
  }

  /** A file whose transfer has ended without success, for now: its bytes no longer count. */
  notSent(file: UploadFile): void {
    this.moved(file, 0);
    this.#inFlight.delete(file);
  }

  succeeded(file: UploadFile): void {
    this.#succeeded.add(file);
  }

  succeededUnnamed(count: number): void {
    this.#succeededUnnamed += count;
  }

  failed(file: UploadFile, error: ViError, code: OpenEnum<AssetIngestionError> = error.code): void {
    const { path, filename } = file;
    this.#failures.set(file, {
      path,
      filename,
      code,
      message: `${error.message} ${error.suggestion}`,
      error,
    });
  }

  /** The session as last seen; its lists of files are dropped, they would fill the memory of a large upload. */
  session(session: AssetIngestionSession): void {
    const { assets: _announced, ...spec } = session.spec;
    const { assets: _urls, ...status } = session.status;
    this.#sessions.set(session.assetIngestionSessionId, { ...session, spec, status });
  }

  /** Something that went wrong with a session as a whole. */
  trouble(error: unknown): void {
    this.#errors.push(asViError(error));
  }

  progress(phase: UploadProgress['phase']): UploadProgress {
    let filesSucceeded = 0;
    for (const session of this.#sessions.values()) filesSucceeded += session.status.progressCount.succeeded;
    return {
      phase,
      filesTotal: this.#found.files.length,
      bytesTotal: this.#bytesTotal,
      filesHashed: this.#hashed,
      filesSent: this.#sent.size,
      bytesSent: this.#bytesSent,
      filesSucceeded,
      filesFailed: this.#failures.size,
    };
  }

  result(): AssetUploadResult {
    const { files, skipped } = this.#found;
    const unconfirmed = files.filter(
      (file) => this.#sent.has(file) && !this.#succeeded.has(file) && !this.#failures.has(file),
    );
    return new AssetUploadResult({
      totalFiles: files.length,
      totalSucceeded: this.#succeeded.size + this.#succeededUnnamed,
      totalPending: unconfirmed.length - this.#succeededUnnamed,
      sessions: [...this.#sessions.values()],
      failures: files.map((file) => this.#failures.get(file)).filter((failure) => failure !== undefined),
      unconfirmed: unconfirmed.map((file) => file.path),
      notAttempted: files
        .filter((file) => !this.#sent.has(file) && !this.#failures.has(file))
        .map((file) => file.path),
      skipped,
      errors: this.#errors,
    });
  }
}
