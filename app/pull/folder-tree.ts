import path from 'node:path';
import type { Disk, PathReading } from '../engine/environment.ts';
import { folderOf } from '../manifest/path-key.ts';

/** What is at a path. `blocked`: one of the folders on the way to it is no folder, but a link or a file. */
export type PlaceReading = PathReading | { readonly kind: 'blocked'; readonly by: string };

/** Looks at paths in a folder without ever following a link. Remembers which folders are folders: for one pass, not for longer. */
export class FolderTree {
  /** Absolute, without links in it. */
  readonly root: string;
  readonly #disk: Pick<Disk, 'look'>;
  readonly #folders = new Set<string>(['']);

  constructor(root: string, disk: Pick<Disk, 'look'>) {
    this.root = root;
    this.#disk = disk;
  }

  /** @param relative a safe path: see `isSafePlace` */
  absolute(relative: string): string {
    return path.join(this.root, ...relative.split('/'));
  }

  async look(relative: string): Promise<PlaceReading> {
    const obstacle = await this.#obstacle(folderOf(relative));
    return obstacle ?? (await this.#disk.look(this.absolute(relative)));
  }

  /** Why what is in a folder can't be looked at; null when the folder is one. */
  async #obstacle(folder: string): Promise<PlaceReading | null> {
    if (this.#folders.has(folder)) return null;
    const above = await this.#obstacle(folderOf(folder));
    if (above !== null) return above;
    const reading = await this.#disk.look(this.absolute(folder));
    if (reading.kind === 'missing' || reading.kind === 'unreadable') return reading;
    if (reading.kind !== 'folder') return { kind: 'blocked', by: folder };
    this.#folders.add(folder);
    return null;
  }
}
