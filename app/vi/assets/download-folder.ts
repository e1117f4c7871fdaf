import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  link,
  lstat,
  mkdir,
  open,
  opendir,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ViOperationError } from '../errors.ts';
import { fileError } from '../file-error.ts';
import { PackedSet } from '../packed-texts.ts';
import { probeNameRules } from '../probe-name-rules.ts';
import { type NameRules, nameKey } from '../safe-filename.ts';

/** Files on their way are here, beside the datasets' folders and so on the same disk; no dataset can have this name. */
const workFolderName = '.vi-sync';

/** In it, each download has a folder of its own, so that one that ends takes nothing from another. */
const partialsPrefix = 'download-';

/** Partial files that nobody has touched for so long are left over from a process that was killed. */
const leftOverMs = 24 * 60 * 60 * 1000;

const mostTries = 10;

/** Errors of disks without hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);

/** The folder of one download: `saveDir/{datasetId}`, with a place for partial files. */
export class DownloadFolder {
  /** As the caller spelled it, made absolute. */
  readonly path: string;
  readonly nameRules: NameRules;
  readonly #partials: string;
  /** Keys of the names that were there at the beginning. */
  readonly #keys: PackedSet;

  private constructor(path: string, partials: string, nameRules: NameRules, keys: PackedSet) {
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
      const partials = await makePartials(join(root, workFolderName), realRoot);
      const nameRules = await probeNameRules(partials);
      return new DownloadFolder(path, partials, nameRules, await keysIn(path, nameRules));
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
      if (hasCode(error, 'ENOENT')) return undefined;
      throw fileError(error, path, 'read');
    }
  }

  /** A new path for a file on its way. */
  partialPath(): string {
    return join(this.#partials, randomUUID());
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
    await rm(this.#partials, { recursive: true, force: true });
    const work = dirname(this.#partials);
    try {
      await rmdir(work);
    } catch (error) {
      // Another download is using it.
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM', 'EBUSY'))
        throw fileError(error, work, 'write');
    }
  }

  async #publishNew(partial: string, target: string): Promise<boolean> {
    try {
      // Unlike a rename, a link fails when the name is taken, so a file that has just appeared is safe.
      await link(partial, target);
      await unlink(partial);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      if (!hasCode(error, ...noLinks)) throw error;
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

/** Makes the folder of one download's partial files, and clears away those of downloads that were killed. */
async function makePartials(work: string, realRoot: string): Promise<string> {
  const partials = join(work, `${partialsPrefix}${randomUUID()}`);
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(work, { recursive: true });
      await refuseOutside(work, realRoot);
      await removeLeftOvers(work);
      await mkdir(partials);
      return partials;
    } catch (error) {
      // Another download has ended, and removed the empty folder, in between.
      if (!hasCode(error, 'ENOENT') || tries >= mostTries) throw error;
    }
  }
}

async function refuseOutside(folder: string, realRoot: string): Promise<void> {
  const real = await realpath(folder);
  const way = relative(realRoot, real);
  if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new ViOperationError(`${folder} is a link that leads outside the folder to save to.`, {
    code: 'OutsideSaveDir',
    suggestion: 'Remove the link, or pass the folder that it leads to as the one to save to.',
    details: { path: folder },
  });
}

async function removeLeftOvers(work: string): Promise<void> {
  for (const name of await readdir(work)) {
    if (!name.startsWith(partialsPrefix)) continue;
    const path = join(work, name);
    try {
      if (Date.now() - (await lstat(path)).mtimeMs > leftOverMs)
        await rm(path, { recursive: true, force: true });
    } catch (error) {
      // The download that it belongs to has just ended.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no way to flush a folder.
  if (process.platform === 'win32') return;
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    // Some network disks refuse it; the files themselves have been flushed.
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES', 'EPERM'))
      throw fileError(error, path, 'write');
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}
