import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Database } from 'better-sqlite3';
import { ViOperationError } from '../errors.ts';
import { fileError, hasErrno } from '../file-error.ts';

/** In the work folder each download has a folder of its own, so that one that ends takes nothing from another. */
const prefix = 'download-';

/** In it, held as long as the download runs. */
const lockName = 'lock';
/** In it, the name of the machine: a lock says nothing to another one. */
const hostName = 'host';

/** Partial files of a download that nothing is known about, and that nobody has touched for so long, are left over. */
const leftOverMs = 24 * 60 * 60 * 1000;

const mostTries = 10;

/**
 * The folder of one download's partial files. A lock on a file in it says that the download runs: it is SQLite's, which the
 * system drops when the process dies, however it dies.
 */
export class Partials {
  readonly #path: string;
  readonly #lock: Database | undefined;

  private constructor(path: string, lock: Database | undefined) {
    this.#path = path;
    this.#lock = lock;
  }

  /**
   * Makes the folder, and removes those of downloads that were killed.
   *
   * @param work where all of them are, made when it is missing
   * @throws ViOperationError `OutsideSaveDir`; errors of the disk
   */
  static async make(work: string, realRoot: string): Promise<Partials> {
    for (let tries = 1; ; tries++) {
      try {
        await mkdir(work, { recursive: true });
        await refuseOutside(work, realRoot);
        await removeLeftOvers(work);
        const path = join(work, `${prefix}${randomUUID()}`);
        await mkdir(path);
        const lock = await lockNew(path);
        // Another download may have taken the folder for one that is left over, in the moment before it was locked.
        if (lock !== 'lost') return new Partials(path, lock);
      } catch (error) {
        // Another download has ended, and removed the empty work folder, in between.
        if (!hasErrno(error, 'ENOENT')) throw error;
      }
      if (tries >= mostTries) throw new Error(`${work} is removed again and again.`);
    }
  }

  get path(): string {
    return this.#path;
  }

  /** A new path for a file on its way. */
  newPath(): string {
    return join(this.#path, randomUUID());
  }

  /** Removes the folder, and the work folder when no other download uses it. */
  async remove(): Promise<void> {
    this.#lock?.close();
    await rm(this.#path, { recursive: true, force: true });
    const work = dirname(this.#path);
    try {
      await rmdir(work);
    } catch (error) {
      if (!hasErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM', 'EBUSY'))
        throw fileError(error, work, 'write');
    }
  }
}

/** @throws ViOperationError `OutsideSaveDir` for a folder that is not in the real root */
export async function refuseOutside(folder: string, realRoot: string): Promise<void> {
  const real = await realpath(folder);
  const way = relative(realRoot, real);
  if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new ViOperationError(`${folder} is a link that leads outside the folder to save to.`, {
    code: 'OutsideSaveDir',
    suggestion: 'Remove the link, or pass the folder that it leads to as the one to save to.',
    details: { path: folder },
  });
}

/** The lock of a new folder; undefined on a disk without locks; `lost` when somebody else was quicker. */
async function lockNew(folder: string): Promise<Database | undefined | 'lost'> {
  const file = join(folder, lockName);
  await writeFile(join(folder, hostName), hostname());
  const lock = await tryLock(file);
  if (lock === 'unable') {
    // Nobody may conclude anything from a lock that is not there.
    await rm(join(folder, hostName), { force: true });
    return undefined;
  }
  if (lock === 'taken') return 'lost';
  if (await exists(file)) return lock;
  lock.close();
  return 'lost';
}

async function removeLeftOvers(work: string): Promise<void> {
  for (const name of await readdir(work)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(work, name);
    try {
      await removeWhenLeftOver(folder);
    } catch (error) {
      // The download that it belongs to has just ended.
      if (!hasErrno(error, 'ENOENT')) throw error;
    }
  }
}

async function removeWhenLeftOver(folder: string): Promise<void> {
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = join(folder, lockName);
  if ((await hostOf(folder)) !== hostname() || !(await exists(file))) {
    if (Date.now() - (await lstat(folder)).mtimeMs > leftOverMs) await remove();
    return;
  }
  const lock = await tryLock(file);
  if (lock === 'taken' || lock === 'unable') return;
  // Windows removes no file that is open; nobody takes the lock of a process that is gone.
  if (process.platform === 'win32') lock.close();
  try {
    await remove();
  } finally {
    lock.close();
  }
}

async function hostOf(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, hostName), 'utf8');
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function tryLock(file: string): Promise<Database | 'taken' | 'unable'> {
  const { default: Sqlite } = await import('better-sqlite3');
  let lock: Database | undefined;
  try {
    lock = new Sqlite(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    return error.code.startsWith('SQLITE_BUSY') ? 'taken' : 'unable';
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
