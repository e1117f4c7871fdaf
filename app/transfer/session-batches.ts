import type { AnnotationFate } from '../engine/environment.ts';
import type { UploadOperation } from '../plan/operation.ts';
import { mostOperations } from '../plan/work.ts';
import type { ViError } from '../vi/index.ts';

/** Answers to a new session that may mean one of its files: its name, its type, its metadata. */
const oneFileStatuses: ReadonlySet<number> = new Set([400, 409, 413, 422]);

/**
 * Cuts what is to be uploaded into sessions. A session is refused as a whole, whatever is wrong with one of its files; one file's
 * failure must not stop the others, so it is looked for among those that were refused together.
 */
export class SessionBatches {
  /** Items that were refused → how many files a session with them may have: half as many each time, until the unwanted one is alone. */
  readonly #refused = new Map<string, number>();

  /** The files of one session: as many as it takes and as can be sent in time, each name once, the least suspect first. */
  cut(operations: readonly UploadOperation[], mostBytes: number): UploadOperation[] {
    const sorted = this.#leastSuspectFirst(operations);
    const fate = sorted[0] === undefined ? 'KeepLinkedResource' : fateOf(sorted[0]);
    const names = new Set<string>();
    const batch: UploadOperation[] = [];
    let bytes = 0;
    let mostFiles = mostOperations;
    for (const operation of sorted) {
      if (batch.length >= mostFiles) break;
      // A session does the same with the annotations of all that it overwrites.
      if (fateOf(operation) !== fate || names.has(operation.filename)) continue;
      const company = this.#companyOf(operation);
      if (batch.length >= company) continue;
      bytes += operation.local.stamp.size;
      if (bytes > mostBytes && batch.length > 0) break;
      mostFiles = Math.min(mostFiles, company);
      names.add(operation.filename);
      batch.push(operation);
    }
    return batch;
  }

  /** A session of these files has been created. */
  accept(batch: readonly UploadOperation[]): void {
    for (const { item } of batch) this.#refused.delete(item);
  }

  /**
   * A session of these files has been refused.
   *
   * @returns the files that are refused for themselves; none when it may be one among them, which is to be looked for
   */
  refuse(batch: readonly UploadOperation[], { status }: ViError): readonly UploadOperation[] {
    const mayBeOne = status !== undefined && oneFileStatuses.has(status);
    if (!mayBeOne || batch.length === 1) {
      this.accept(batch);
      return batch;
    }
    for (const { item } of batch) this.#refused.set(item, Math.ceil(batch.length / 2));
    return [];
  }

  /** Nobody waits for the search among those that were refused. */
  #leastSuspectFirst(operations: readonly UploadOperation[]): readonly UploadOperation[] {
    if (this.#refused.size === 0) return operations;
    return operations.toSorted((a, b) => this.#companyOf(b) - this.#companyOf(a));
  }

  /** How many files a session may have that this one is in. */
  #companyOf({ item }: UploadOperation): number {
    return this.#refused.get(item) ?? mostOperations;
  }
}

/** What a session that overwrites must do with annotations. Where there are none it keeps those that are made in that very moment. */
export function fateOf({ annotations }: UploadOperation): AnnotationFate {
  return annotations === 'RemoveLinkedResource' ? annotations : 'KeepLinkedResource';
}
