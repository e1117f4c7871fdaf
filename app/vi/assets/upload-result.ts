import type { ViError } from '../errors.ts';
import type { LazyList } from '../lazy-list.ts';
import type { OpenEnum } from '../open-enum.ts';
import type { AssetIngestionError } from './enums.ts';
import type { AssetIngestionSession } from './ingestion-session.ts';

/** A file that was not uploaded, and why. */
export interface UploadFailure {
  /** Absolute path. */
  readonly path: string;
  readonly filename: string;
  /** A code of the service (`ECORRUPT`, …) or of the client (`InvalidFileFormat`, `NetworkError`, …). */
  readonly code: OpenEnum<AssetIngestionError>;
  /** For a person, with what to do. */
  readonly message: string;
  readonly error: ViError;
}

/** A file that was found in a folder and is not uploaded, by design. */
export interface SkippedFile {
  readonly path: string;
  /** `not-a-file`: a link to a folder, a pipe, a socket, a device. */
  readonly reason: 'unsupported-extension' | 'not-a-file';
}

export interface UploadResultFields {
  readonly totalFiles: number;
  readonly totalSucceeded: number;
  readonly totalPending: number;
  readonly sessions: readonly AssetIngestionSession[];
  readonly failures: readonly UploadFailure[];
  readonly unconfirmed: LazyList<string>;
  readonly notAttempted: LazyList<string>;
  readonly skipped: LazyList<SkippedFile>;
  readonly errors: readonly ViError[];
}

/**
 * What an upload did. `totalFiles` = `totalSucceeded` + `totalFailed` + `totalPending` + `totalNotAttempted`.
 *
 * What may name every file of a large upload (`unconfirmed`, `notAttempted`, `skipped`) is made anew each time that it is asked for.
 */
export class AssetUploadResult {
  /** Files that were to be uploaded, without the skipped ones. */
  readonly totalFiles: number;
  /** Files that the service has confirmed. */
  readonly totalSucceeded: number;
  readonly totalFailed: number;
  /** Files that were sent and not confirmed: `waitUntilDone: false`, or the session went wrong (see `errors`). */
  readonly totalPending: number;
  /** Files left over when an upload with `FailAfterOne` stopped. */
  readonly totalNotAttempted: number;
  /** Files found in folders that are not uploaded, by design. */
  readonly totalSkipped: number;
  /** Succeeded files of all files, in per cent; 100 when there was none. */
  readonly successRate: number;
  /** The sessions as last seen, without their file lists and signed URLs. */
  readonly sessions: readonly AssetIngestionSession[];
  readonly sessionIds: readonly string[];
  readonly failures: readonly UploadFailure[];
  /** What went wrong with sessions as a whole after files were sent, e.g. that waiting took longer than `timeoutMs`. */
  readonly errors: readonly ViError[];
  readonly #unconfirmed: LazyList<string>;
  readonly #notAttempted: LazyList<string>;
  readonly #skipped: LazyList<SkippedFile>;

  constructor(fields: UploadResultFields) {
    this.totalFiles = fields.totalFiles;
    this.totalSucceeded = fields.totalSucceeded;
    this.totalPending = fields.totalPending;
    this.totalFailed = fields.failures.length;
    this.successRate = fields.totalFiles === 0 ? 100 : (100 * fields.totalSucceeded) / fields.totalFiles;
    this.sessions = fields.sessions;
    this.sessionIds = fields.sessions.map((session) => session.assetIngestionSessionId);
    this.failures = fields.failures;
    this.totalNotAttempted = fields.notAttempted.length;
    this.totalSkipped = fields.skipped.length;
    this.errors = fields.errors;
    this.#unconfirmed = fields.unconfirmed;
    this.#notAttempted = fields.notAttempted;
    this.#skipped = fields.skipped;
  }

  /** Absolute paths of the files that failed. */
  get failedFiles(): readonly string[] {
    return this.failures.map((failure) => failure.path);
  }

  /**
   * Absolute paths of files that were sent, and of which the service has not said what became of them: as many as
   * `totalPending`, or more when a session that failed only says how many of its files it took.
   */
  get unconfirmed(): readonly string[] {
    return this.#unconfirmed.items();
  }

  /** Absolute paths of files left over when an upload with `FailAfterOne` stopped. */
  get notAttempted(): readonly string[] {
    return this.#notAttempted.items();
  }

  /** Files found in folders that are not uploaded, by design. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped.items();
  }

  /** A few lines for a person. */
  summary(): string {
    const lines = [
      `Uploaded ${this.totalSucceeded} of ${this.totalFiles} files (${this.successRate.toFixed(1)} %) in ${count(this.sessions.length, 'session')}.`,
    ];
    if (this.totalPending > 0)
      lines.push(`${count(this.totalPending, 'file')} sent and not confirmed by the service.`);
    if (this.totalFailed > 0) lines.push(`${count(this.totalFailed, 'file')} failed:`);
    for (const failure of this.failures.slice(0, mostLines))
      lines.push(`  ${failure.path}: ${failure.code}: ${failure.message}`);
    if (this.totalFailed > mostLines) lines.push(`  … and ${this.totalFailed - mostLines} more.`);
    if (this.totalNotAttempted > 0)
      lines.push(`${count(this.totalNotAttempted, 'file')} not attempted after the first failure.`);
    const others = this.skipped.filter(({ reason }) => reason === 'unsupported-extension').length;
    if (others > 0) lines.push(`${count(others, 'file')} left out: not a supported image file.`);
    if (this.totalSkipped > others)
      lines.push(
        `${this.totalSkipped - others} left out: no files, but links to folders, pipes and the like.`,
      );
    for (const error of this.errors) lines.push(`${error.message} ${error.suggestion}`);
    return lines.join('\n');
  }

  /** Throws the first failure's error (or the first session's), if there is one; returns the result itself otherwise. */
  throwIfFailed(): this {
    const error = this.failures[0]?.error ?? this.errors[0];
    if (error !== undefined) throw error;
    return this;
  }
}

const mostLines = 20;

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
