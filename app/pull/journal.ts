import { closeSync, openSync, writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode } from '../observe/file-stamp.ts';
import { fileError } from '../vi/file-error.ts';
import { lineText, readLine } from './lines.ts';
import { type LockedFile, lockedFileSchema, lockedFileText } from './lock.ts';

const headSchema = z.object({ dataset: z.string(), organization: z.string() });

/** The dataset that a journal is of. */
export type JournalHead = z.infer<typeof headSchema>;

/**
 * What a pull has fetched so far, for the next one should this one be killed: one file a line, each as it will be in the lock file, written
 * before the file gets its name. It says what content an asset's version has, also where the service gives no hash; whether the file
 * is in its place is for the disk to say.
 */
export class PullJournal implements Disposable {
  readonly #file: string;
  readonly #head: JournalHead;
  #descriptor: number | null = null;

  constructor(file: string, head: JournalHead) {
    this.#file = file;
    this.#head = head;
  }

  /** What an earlier pull of the same dataset has left, by asset ID. A journal of another dataset is removed. */
  async read(): Promise<Map<string, LockedFile>> {
    const files = new Map<string, LockedFile>();
    try {
      await using journal = await open(this.#file, 'r');
      let isOurs: boolean | null = null;
      for await (const line of journal.readLines()) {
        if (isOurs === null) isOurs = this.#isOurs(line);
        const file = isOurs === true ? readLine(line, lockedFileSchema) : null;
        if (file !== null) files.set(file.assetId, file);
      }
      if (isOurs === true) return files;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw fileError(error, this.#file, 'read');
    }
    await rm(this.#file, { force: true });
    return new Map();
  }

  /** @throws ViOperationError, ViPermissionError when it can't be written: `DiskFull`, for one */
  add(file: LockedFile): void {
    try {
      this.#descriptor ??= this.#open();
      writeSync(this.#descriptor, lineText(lockedFileText(file)));
    } catch (error) {
      throw fileError(error, this.#file, 'write');
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  /** Null for a line that does not say. */
  #isOurs(line: string): boolean | null {
    const head = readLine(line, headSchema);
    if (head === null) return null;
    return head.dataset === this.#head.dataset && head.organization === this.#head.organization;
  }

  #open(): number {
    const descriptor = openSync(this.#file, 'a');
    // In a journal that goes on, a second head is passed over as a line that is no file.
    writeSync(descriptor, lineText(JSON.stringify(this.#head)));
    return descriptor;
  }
}
