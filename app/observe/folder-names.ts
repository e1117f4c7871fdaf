import path from 'node:path';
import type { Disk } from '../engine/environment.ts';
import { systemCode } from './file-stamp.ts';

/** The names in folders, each folder read once: for the time of one scan. */
export class FolderNames {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #names = new Map<string, Promise<ReadonlySet<string> | null>>();

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#root = root;
  }

  /** @returns null when the system does not let us see them */
  in(folder: string): Promise<ReadonlySet<string> | null> {
    let names = this.#names.get(folder);
    if (names === undefined) {
      names = this.#read(folder);
      this.#names.set(folder, names);
    }
    return names;
  }

  async #read(folder: string): Promise<ReadonlySet<string> | null> {
    try {
      return new Set(await this.#disk.names(path.join(this.#root, folder)));
    } catch (error) {
      if (systemCode(error) === null) throw error;
      return null;
    }
  }
}
