import path from 'node:path';
import type { Disk } from '../engine/environment.ts';
import { identityKey } from '../manifest/path-key.ts';

/**
 * How paths are really spelled on a disk that takes `A` and `a` for one name. There a path that is gone can be found all the same: after
 * `Train` was renamed to `train`, both lead to the folder, and only its parent says which is its name.
 */
export class Spelling {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #names = new Map<string, Promise<Names>>();

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#root = root;
  }

  /** Paths relative to the root, each as the disk spells it, as far as it is there. A spelling that is no longer one stands beside it. */
  async all(paths: Iterable<string>): Promise<string[]> {
    const spelled: string[] = [];
    for (const each of new Set(paths)) spelled.push(await this.#of(each));
    return spelled;
  }

  async #of(relative: string): Promise<string> {
    const parts: string[] = [];
    for (const part of relative === '' ? [] : relative.split('/')) {
      const { exact, byKey } = await this.#namesIn(parts.join('/'));
      parts.push(exact.has(part) ? part : (byKey.get(identityKey(part, true)) ?? part));
    }
    return parts.join('/');
  }

  #namesIn(folder: string): Promise<Names> {
    let names = this.#names.get(folder);
    if (names === undefined) {
      names = this.#disk.names(path.join(this.#root, folder)).then((list) => ({
        exact: new Set(list),
        byKey: new Map(list.map((name) => [identityKey(name, true), name])),
      }));
      this.#names.set(folder, names);
    }
    return names;
  }
}

interface Names {
  readonly exact: ReadonlySet<string>;
  readonly byKey: ReadonlyMap<string, string>;
}
