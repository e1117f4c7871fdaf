import type { Disk } from '../engine/environment.ts';
import { identityKey } from '../manifest/path-key.ts';
import { FolderNames } from './folder-names.ts';

/**
 * How paths are really spelled on a disk that takes `A` and `a` for one name. There a path that is gone can be found all the same: after
 * `Train` was renamed to `train`, both lead to the folder, and only its parent says which is its name.
 */
export class Spelling {
  readonly #names: FolderNames;
  readonly #byKey = new Map<string, ReadonlyMap<string, string>>();

  constructor(disk: Disk, root: string) {
    this.#names = new FolderNames(disk, root);
  }

  /** A path relative to the root as the disk spells it, as far as it is there; null when nobody can tell now. */
  async of(relative: string): Promise<string | null> {
    const parts: string[] = [];
    for (const part of relative === '' ? [] : relative.split('/')) {
      const folder = parts.join('/');
      const names = await this.#names.in(folder);
      if (names === null) return null;
      parts.push(names.has(part) ? part : (this.#keysIn(folder, names).get(identityKey(part, true)) ?? part));
    }
    return parts.join('/');
  }

  #keysIn(folder: string, names: ReadonlySet<string>): ReadonlyMap<string, string> {
    let byKey = this.#byKey.get(folder);
    if (byKey === undefined) {
      byKey = new Map([...names].map((name) => [identityKey(name, true), name]));
      this.#byKey.set(folder, byKey);
    }
    return byKey;
  }
}
