import { asViError } from '../as-vi-error.ts';
import type { ViError } from '../errors.ts';
import type { LazyList } from '../lazy-list.ts';
import type { UploadProgress } from './assets-options.ts';
import type { FoundFiles, UploadFile } from './found-files.ts';
import type { AssetIngestionSession } from './ingestion-session.ts';
import { AssetUploadResult, type UploadFailure } from './upload-result.ts';

/** What has become of a file so far. */
const fileStates = ['open', 'sent', 'succeeded', 'failed'] as const;
type FileState = (typeof fileStates)[number];

/**
 * Keeps count of one upload: what has become of each file, in a byte for each. Each file gets its last state once.
 */
export class UploadTally {
  /** Why nothing more is sent: the storage has no room. */
  noRoom: ViError | undefined;
  readonly #found: FoundFiles;
  readonly #states: Uint8Array;
  readonly #counts: Record<FileState, number>;
  /** Failures by the file's index. */
  readonly #failures = new Map<number, UploadFailure>();
  readonly #inFlight = new Map<number, number>();
  readonly #sessions = new Map<string, AssetIngestionSession>();
  readonly #errors: ViError[] = [];
  #hashed = 0;
  #sent = 0;
  #bytesSent = 0;
  /** Files that sessions count as succeeded without saying which. */
  #succeededUnnamed = 0;

  constructor(found: FoundFiles) {
    this.#found = found;
    this.#states = new Uint8Array(found.length);
    this.#counts = { open: found.length, sent: 0, succeeded: 0, failed: 0 };
  }

  get hasSessions(): boolean {
    return this.#sessions.size > 0;
  }

  isFailed(index: number): boolean {
    return this.#stateOf(index) === 'failed';
  }

  hashed(): void {
    this.#hashed++;
  }

  /** Bytes of a file handed to the network so far. */
  moved({ index }: UploadFile, bytesDone: number): void {
    this.#bytesSent += bytesDone - (this.#inFlight.get(index) ?? 0);
    this.#inFlight.set(index, bytesDone);
  }

  sent({ index }: UploadFile): void {
    this.#inFlight.delete(index);
    this.#sent++;
    this.#set(index, 'sent');
  }

  /** A file whose transfer has ended without success, for now: its bytes no longer count. */
  notSent(file: UploadFile): void {
    this.moved(file, 0);
    this.#inFlight.delete(file.index);
  }

  succeeded(index: number): void {
    this.#set(index, 'succeeded');
  }

  succeededUnnamed(count: number): void {
    this.#succeededUnnamed += count;
  }

  failed(file: UploadFile, error: ViError): void {
    this.failedAs(file.index, failureOf(file, error));
  }

  failedAs(index: number, failure: UploadFailure): void {
    this.#set(index, 'failed');
    this.#failures.set(index, failure);
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
      filesTotal: this.#found.length + this.#found.unreadable.length,
      bytesTotal: this.#found.bytesTotal,
      filesHashed: this.#hashed,
      filesSent: this.#sent,
      bytesSent: this.#bytesSent,
      filesSucceeded,
      filesFailed: this.#failures.size + this.#found.unreadable.length,
    };
  }

  result(): AssetUploadResult {
    const found = this.#found;
    const failures = [...this.#failures].sort(([a], [b]) => a - b).map(([, failure]) => failure);
    return new AssetUploadResult({
      totalFiles: found.length + found.unreadable.length,
      totalSucceeded: this.#counts.succeeded + this.#succeededUnnamed,
      totalPending: this.#counts.sent - this.#succeededUnnamed,
      sessions: [...this.#sessions.values()],
      failures: [...found.unreadable.map((file) => failureOf(file, file.error)), ...failures],
      unconfirmed: this.#paths('sent'),
      notAttempted: this.#paths('open'),
      skipped: found.skipped,
      errors: this.#errors,
    });
  }

  #stateOf(index: number): FileState {
    return fileStates[this.#states[index] ?? 0] ?? 'open';
  }

  #set(index: number, state: FileState): void {
    this.#counts[this.#stateOf(index)]--;
    this.#counts[state]++;
    this.#states[index] = fileStates.indexOf(state);
  }

  /** Paths of the files in a state; the states do not change any more. */
  #paths(state: FileState): LazyList<string> {
    const found = this.#found;
    return {
      length: this.#counts[state],
      items: () => {
        const paths: string[] = [];
        for (let index = 0; index < found.length; index++)
          if (this.#stateOf(index) === state) paths.push(found.at(index).path);
        return paths;
      },
    };
  }
}

function failureOf(
  { path, filename }: { readonly path: string; readonly filename: string },
  error: ViError,
): UploadFailure {
  return { path, filename, code: error.code, message: `${error.message} ${error.suggestion}`, error };
}
