import type { Stats } from 'node:fs';
import { link, lstat, mkdir, open, opendir, realpath, rename, rm, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileError, hasErrno } from '../file-error.ts';
import { PackedSet } from '../packed-texts.ts';
import { probeNameRules } from '../probe-name-rules.ts';
import { type NameRules, nameKey } from '../safe-filename.ts';
import { Partials, refuseOutside } from './partials.ts';

/** Files on their way are here, beside the datasets' folders and so on the same disk; no dataset can have this name. */
const workFolderName = '.vi-sync';

/** Errors of disks without hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);

/** The folder of one download: `saveDir/{datasetId}`, with a place for partial files. */
export class DownloadFolder {
  /** As the caller spelled it, made absolute. */
  readonly path: string;
  readonly nameRules: NameRules;
  readonly #partials: Partials;
  /** Keys of the names that were there at the beginning. */
  readonly #keys: PackedSet;

  private constructor(path: string, partials: Partials, nameRules: NameRules, keys: PackedSet) {
    this.path = path;
    this.#partials = partials;
    this.nameRules = nameRules;
    this.#keys = keys;
  }

  /**
   * Makes the folders that are missing.
   *
   * @throws ViOperationError (code `OutsideSaveDir`) when a symbolic link would lead writes outside `saveDir`, or when a
   * folder can't be made; ViPermissionError
   */
  static async open(saveDir: string, datasetId: string): Promise<DownloadFolder> {
    const root = resolve(saveDir);
    const path = join(root, datasetId);
    try {
      await mkdir(root, { recursive: true });
      const realRoot = await realpath(root);
      await mkdir(path, { recursive: true });
      await refuseOutside(path, realRoot);
      const partials = await Partials.make(join(root, workFolderName), realRoot);
      try {
        const nameRules = await probeNameRules(partials.path);
        return new DownloadFolder(path, partials, nameRules, await keysIn(path, nameRules));
      } catch (error) {
        await partials.remove();
        throw error;
      }
    } catch (error) {
      throw fileError(error, path, 'write');
    }
  }

  /**
   * What was at a name at the beginning; undefined when nothing was. One listing is cheaper than a question for each of many
   * files, and `publish` notices what has come since.
   */
  async statOf(name: string): Promise<Stats | undefined> {
    if (!this.#keys.has(nameKey(name, this.nameRules))) return undefined;
    return await this.statNow(name);
  }

  /** What is at a name now; undefined when nothing is. Does not follow links. */
  async statNow(name: string): Promise<Stats | undefined> {
    const path = join(this.path, name);
    try {
      return await lstat(path);
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return undefined;
      throw fileError(error, path, 'read');
    }
  }

  /** A new path for a file on its way. */
  partialPath(): string {
    return this.#partials.newPath();
  }

  /** Drops a partial file that is not wanted any more. */
  async discard(partial: string): Promise<void> {
    await rm(partial, { force: true });
  }

  /**
   * Gives a finished file its name, atomically. With `replace` it takes the place of what has that name; without, an
   * existing file is never touched: then false is returned, and the partial file is still there.
   */
  async publish(partial: string, name: string, replace: boolean): Promise<boolean> {
    const target = join(this.path, name);
    try {
      if (replace) {
        await rename(partial, target);
        return true;
      }
      return await this.#publishNew(partial, target);
    } catch (error) {
      throw fileError(error, target, 'write');
    }
  }

  /** Makes the names durable and removes what is not needed any more. */
  async close(): Promise<void> {
    await syncFolder(this.path);
    await this.#partials.remove();
  }

  async #publishNew(partial: string, target: string): Promise<boolean> {
    try {
      // Unlike a rename, a link fails when the name is taken, so a file that has just appeared is safe.
      await link(partial, target);
      await unlink(partial);
      return true;
    } catch (error) {
      if (hasErrno(error, 'EEXIST')) return false;
      if (!hasErrno(error, ...noLinks)) throw error;
    }
    if ((await this.statNow(basename(target))) !== undefined) return false;
    await rename(partial, target);
    return true;
  }
}

async function keysIn(folder: string, nameRules: NameRules): Promise<PackedSet> {
  const keys = new PackedSet();
  for await (const { name } of await opendir(folder, { bufferSize: 256 })) keys.add(nameKey(name, nameRules));
  return keys;
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no way to flush a folder.
  if (process.platform === 'win32') return;
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    // Some network disks refuse it; the files themselves have been flushed.
    if (!hasErrno(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES', 'EPERM'))
      throw fileError(error, path, 'write');
  }
}
