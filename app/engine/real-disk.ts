import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { isSameStamp } from '../manifest/observations.ts';
import { driveOf } from '../observe/drive.ts';
import { stampOf, systemCode } from '../observe/file-stamp.ts';
import { HashPool, HashPoolError, type HashPoolOptions } from '../observe/hash-pool.ts';
import { watchLocally } from '../observe/local-watch.ts';
import { unpackReading } from '../observe/packed-listing.ts';
import type { Disk, PathReading, TextReading } from './environment.ts';

/** Codes of disks that have no hard links, or not here. */
const noLinks: ReadonlySet<string> = new Set([
  'EINVAL',
  'EMLINK',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
]);

/** The disk of this computer. Reading goes through threads of its own. */
export function realDisk(options: HashPoolOptions = {}): Disk {
  const pool = new HashPool(options);
  return {
    watch: watchLocally,
    realPath,
    readText,
    driveOf,
    readFolder: async (folder) => unpackReading(await pool.run('list', { path: folder })),
    look,
    async readFile(file, signal, size) {
      try {
        return await pool.run('read', { path: file, size }, signal);
      } catch (error) {
        // A picture that brings down the thread that reads it must not bring down the scan.
        if (error instanceof HashPoolError && !error.isClosed)
          return { kind: 'unreadable', code: 'ECRASHED' };
        throw error;
      }
    },
    hashIn: (file, algorithm, signal) => pool.run('hashIn', { path: file, algorithm }, signal),
    makeFolder,
    rename: (from, to) => fs.rename(from, to),
    placeNew,
    copyNew: (from, to) => fs.copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
    setTimes: async (file, mtimeMs) => {
      await fs.utimes(file, mtimeMs / 1000, mtimeMs / 1000);
    },
    syncFolder,
    remove: (file) => fs.rm(file, { force: true }),
    removeFolder,
    names,
    writeFile: writeWhole,
    close: () => pool.close(),
  };
}

async function realPath(place: string): Promise<string | null> {
  try {
    return await fs.realpath(place);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

async function look(file: string): Promise<PathReading> {
  try {
    const stats = await fs.lstat(file, { bigint: true });
    const stamp = stampOf(stats);
    if (stats.isFile()) return { kind: 'file', stamp };
    if (stats.isDirectory()) return { kind: 'folder', stamp, device: stats.dev };
    return stats.isSymbolicLink()
      ? { kind: 'link', stamp, toFolder: await leadsToFolder(file) }
      : { kind: 'other' };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === null) throw error;
    return { kind: 'unreadable', code };
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && (await look(folder)).kind === 'folder') return;
    throw error;
  }
}

async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await fs.stat(link)).isDirectory();
  } catch (error) {
    // It leads nowhere, in circles, or where nobody may look.
    if (systemCode(error) === null) throw error;
    return false;
  }
}

async function readText(file: string, mostBytes: number): Promise<TextReading> {
  try {
    // Not through a link, and not for ever, as the opening of a pipe would.
    const handle = await fs.open(
      file,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    try {
      return await readOpen(handle, mostBytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return code === 'ELOOP' || code === 'EISDIR' ? { kind: 'not-a-file' } : { kind: 'unreadable', code };
  }
}

async function readOpen(handle: fs.FileHandle, mostBytes: number): Promise<TextReading> {
  const before = await handle.stat({ bigint: true });
  if (!before.isFile()) return { kind: 'not-a-file' };
  if (before.size > mostBytes) return { kind: 'too-large' };
  const bytes = Buffer.alloc(Number(before.size));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
  const after = stampOf(await handle.stat({ bigint: true }));
  if (bytesRead !== bytes.length || !isSameStamp(stampOf(before), after)) return { kind: 'moving' };
  return isUtf8(bytes) ? { kind: 'text', text: bytes.toString(), stamp: after } : { kind: 'not-text' };
}

async function placeNew(from: string, to: string): Promise<boolean> {
  try {
    // A link fails where something is; a rename would replace it.
    await fs.link(from, to);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (code === null || !noLinks.has(code)) throw error;
    if ((await look(to)).kind !== 'missing') return false;
    await fs.rename(from, to);
    return true;
  }
  await fs.unlink(from);
  return true;
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and writes their entries through.
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === null || !['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${randomUUID()}`);
  try {
    await fs.writeFile(temporary, text, { flag: 'wx' });
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}
