import { join } from 'node:path';
import type { ViError } from '../errors.ts';
import type { LazyList } from '../lazy-list.ts';
import { grown, KeyIndex, PackedTexts } from '../packed-texts.ts';
import type { SkippedFile } from './upload-result.ts';

/** A file that is to be uploaded. */
export interface UploadFile {
  /** Its place among the files of the upload. */
  readonly index: number;
  /** Absolute. */
  readonly path: string;
  /** Base name: the filename of the asset. */
  readonly filename: string;
  /** Bytes when it was found. */
  readonly size: number;
}

/** Something below a folder that can't be read: a file, or a folder with all that is in it. */
export interface UnreadableFile {
  readonly path: string;
  readonly filename: string;
  readonly error: ViError;
}

const skipReasons: readonly SkippedFile['reason'][] = ['unsupported-extension', 'not-a-file'];

/**
 * The files of an upload, in the order in which they were found. Packed: a file takes some 50 bytes, and is made an object
 * only when its turn comes.
 */
export class FoundFiles {
  readonly unreadable: UnreadableFile[] = [];
  readonly #folders = new PackedTexts();
  readonly #names = new PackedTexts();
  readonly #byName = new KeyIndex((index) => this.#names.at(index));
  #folderOf = new Uint32Array(16);
  #sizes = new Float64Array(16);
  #lastFolder = '';
  #bytesTotal = 0;
  readonly #skipped = new PackedTexts();
  #skipReasons = new Uint8Array(16);

  get length(): number {
    return this.#names.length;
  }

  get bytesTotal(): number {
    return this.#bytesTotal;
  }

  /** Adds a file, unless there is one of this name already: then returns that one. */
  add(folder: string, filename: string, size: number): UploadFile | undefined {
    const index = this.#names.length;
    const same = this.#byName.add(filename, index);
    if (same !== undefined) return this.at(same);
    this.#names.add(filename);
    if (this.#folders.length === 0 || folder !== this.#lastFolder) this.#folders.add(folder);
    this.#lastFolder = folder;
    if (index === this.#sizes.length) {
      this.#sizes = grown(this.#sizes);
      this.#folderOf = grown(this.#folderOf);
    }
    this.#sizes[index] = size;
    this.#folderOf[index] = this.#folders.length - 1;
    this.#bytesTotal += size;
    return undefined;
  }

  skip(path: string, reason: SkippedFile['reason']): void {
    const index = this.#skipped.add(path);
    if (index === this.#skipReasons.length) this.#skipReasons = grown(this.#skipReasons);
    this.#skipReasons[index] = skipReasons.indexOf(reason);
  }

  /** @throws RangeError for an index that no file has */
  at(index: number): UploadFile {
    const filename = this.#names.at(index);
    const path = join(this.#folders.at(this.#folderOf[index] ?? 0), filename);
    return { index, path, filename, size: this.sizeOf(index) };
  }

  /** Bytes of a file, without making an object of it. */
  sizeOf(index: number): number {
    return this.#sizes[index] ?? 0;
  }

  /** The index of the file of a name. */
  find(filename: string): number | undefined {
    return this.#byName.find(filename);
  }

  /** The files that are not empty, one after the other. */
  *withContent(): Generator<UploadFile, void, undefined> {
    for (let index = 0; index < this.length; index++) if (this.sizeOf(index) > 0) yield this.at(index);
  }

  get skipped(): LazyList<SkippedFile> {
    return {
      length: this.#skipped.length,
      items: () =>
        Array.from(this.#skipped, (path, index) => ({
          path,
          reason: skipReasons[this.#skipReasons[index] ?? 0] ?? 'not-a-file',
        })),
    };
  }
}
