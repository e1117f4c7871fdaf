import { eachLimited } from '../each-limited.ts';
import type { PreparedFile } from './prepare-file.ts';
import { mostAssetsASession } from './session-requests.ts';
import type { UploadFile } from './upload-files.ts';

/** Files that are read at once: reads overlap with hashing, more only cost memory. */
const preparedAtOnce = 4;

/**
 * Turns the files of an upload into batches for sessions, at most one batch ahead of the sending. `prepare` gives undefined
 * for a file that is not fit to be sent.
 */
export class PreparedBatches {
  readonly #files: readonly UploadFile[];
  readonly #prepare: (file: UploadFile) => Promise<PreparedFile | undefined>;
  readonly #stop: AbortSignal;
  #at = 0;
  #carried: PreparedFile[] = [];
  #ahead: Promise<PreparedFile[]> | undefined;

  constructor(
    files: readonly UploadFile[],
    prepare: (file: UploadFile) => Promise<PreparedFile | undefined>,
    stop: AbortSignal,
  ) {
    this.#files = files;
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
      if (batch.length > 0 || this.#at >= this.#files.length || this.#stop.aborted) return batch;
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
    const files = this.#files.slice(this.#at, this.#at + most);
    this.#at += files.length;
    const prepared: (PreparedFile | undefined)[] = Array.from({ length: files.length });
    await eachLimited(files.entries(), preparedAtOnce, async ([index, file]) => {
      if (!this.#stop.aborted) prepared[index] = await this.#prepare(file);
    });
    return prepared.filter((file) => file !== undefined);
  }
}
