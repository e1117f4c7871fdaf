import type { Disk } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { isAnyThere } from './root-guard.ts';

/** What a folder is to its parent: part of the same disk, a disk of its own, or not to be believed. */
export type MountState = 'plain' | 'mounted' | 'unmounted' | 'covered';

/**
 * Tells folders whose files are gone from those whose disk is. A disk that is mounted or unmounted in the middle of a mirror's folder takes
 * all its files out of sight at once, and what is there instead, mostly an empty folder, says nothing about them: it is not believed until
 * one of the files is there again, or the folder itself is gone.
 */
export class MountGuard {
  readonly #disk: Disk;
  readonly #manifest: Manifest;
  readonly #mirror: MirrorRecord;
  readonly #mounts: Set<string>;

  constructor(disk: Disk, manifest: Manifest, mirror: MirrorRecord) {
    this.#disk = disk;
    this.#manifest = manifest;
    this.#mirror = mirror;
    this.#mounts = new Set(manifest.mounts.all(mirror.id));
  }

  /** Disks of their own, as far as folders have been judged. */
  get mounts(): ReadonlySet<string> {
    return this.#mounts;
  }

  /** @param folder another than the mirror's own */
  async judge(folder: string, device: bigint, parentDevice: bigint): Promise<MountState> {
    const isMount = device !== parentDevice;
    const wasMount = this.#mounts.has(folder);
    if (isMount !== wasMount) {
      const known = this.#manifest.local.someInside(this.#mirror.id, folder);
      if (known.length > 0 && !(await isAnyThere(this.#disk, this.#mirror.folder, known))) {
        return isMount ? 'covered' : 'unmounted';
      }
      this.#set(folder, isMount);
    }
    return isMount ? 'mounted' : 'plain';
  }

  #set(folder: string, isMount: boolean): void {
    if (isMount) {
      this.#mounts.add(folder);
      this.#manifest.mounts.add(this.#mirror.id, folder);
    } else {
      this.#mounts.delete(folder);
      this.#manifest.mounts.delete(this.#mirror.id, folder);
    }
  }
}
