import { eachLimited } from '../each-limited.ts';
import type { UploadFile } from './found-files.ts';
import type { PreparedFile } from './prepare-file.ts';
import { mostAssetsASession } from './session-requests.ts';

/** Files that are read at once: reads overlap with hashing, more only cost memory. */
const preparedAtOnce = 4;

/**
 * Turns the files of an upload into batches for sessions, at most one batch ahead of the sending. `prepare` gives undefined
 * for a file that is not fit to be sent.
 */
export class PreparedBatches {
  readonly #files: Iterator<UploadFile, unknown>;
  readonly #prepare: (file: UploadFile) => Promise<PreparedFile | undefined>;
  readonly #stop: AbortSignal;
  #isAtEnd = false;
  #carried: PreparedFile[] = [];
  #ahead: Promise<PreparedFile[]> | undefined;

  constructor(
    files: Iterable<UploadFile>,
    prepare: (file: UploadFile) => Promise<PreparedFile | undefined>,
    stop: AbortSignal,
  ) {
    this.#files = files[Symbol.iterator]();
    this.#prepare = prepare;
    this.#stop = stop;
  }

  /** Begins to prepare the batch after this one. */
  prefetch(): void {
    if (this.#ahead !== undefined) return;
    this.#ahead = this.#prepareUpTo(mostAssetsASession);
    // Its failure is thrown by `next`; until then it must not count as unhandled.
    this.#ahead.catch(() => undefined);
  }

  /** The next batch, 1 to 5,000 files; empty at the end. */
  async next(): Promise<PreparedFile[]> {
    for (;;) {
      const room = mostAssetsASession - this.#carried.length;
      const prepared = await (this.#ahead ?? this.#prepareUpTo(room));
      this.#ahead = undefined;
      const batch = [...this.#carried, ...prepared];
      this.#carried = batch.splice(mostAssetsASession);
      if (batch.length > 0 || this.#isAtEnd || this.#stop.aborted) return batch;
    }
  }

  /** Puts files that found no place in their session at the head of the next batch. */
  giveBack(files: readonly PreparedFile[]): void {
    this.#carried.push(...files);
  }

  /** Waits until nothing reads a file any more. */
  async settled(): Promise<void> {
    await this.#ahead;
  }

  async #prepareUpTo(most: number): Promise<PreparedFile[]> {
    const prepared: (PreparedFile | undefined)[] = [];
    await eachLimited(this.#take(most), preparedAtOnce, async ([at, file]) => {
      prepared[at] = this.#stop.aborted ? undefined : await this.#prepare(file);
    });
    return prepared.filter((file) => file !== undefined);
  }

  *#take(most: number): Generator<[at: number, file: UploadFile], void, undefined> {
    for (let at = 0; at < most; at++) {
      const next = this.#files.next();
      if (next.done === true) {
        this.#isAtEnd = true;
        return;
      }
      yield [at, next.value];
    }
  }
}
