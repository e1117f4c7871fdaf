import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Where the engine of a data folder listens for other processes of the same person.
 *
 * On Unix a socket in a folder of its own that only its owner may enter: the data folder itself may be one that a person has made, and
 * open to others. Where the path is longer than the system takes for a socket, it lies in the folder for temporary files, and a file
 * tells where. On Windows a named pipe, which other users can't write to.
 */
export interface SocketPlace {
  /** What to listen on. */
  readonly address: string;
  /** Leaves nothing behind. */
  remove(): void;
}

const runFolder = 'run';
const socketFile = 'engine.sock';
/** Tells of a socket elsewhere. */
const noteFile = 'engine.path';
const temporaryPrefix = 'vi-sync-';
/** macOS takes 103 bytes, Linux 107. */
const longestAddress = 100;

/** Another user could have made the socket's folder, or could enter it. */
export class SocketPlaceError extends Error {
  override readonly name = 'SocketPlaceError';
}

/**
 * Makes the place to listen at, without what a process before has left there. For who holds the manifest, and nobody else.
 *
 * @throws SocketPlaceError, and system errors
 */
export function makeSocketPlace(dataDir: string): SocketPlace {
  if (process.platform === 'win32') return { address: pipeName(dataDir), remove: () => undefined };
  const folder = path.join(dataDir, runFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isOwn(folder)) chmodSync(folder, 0o700);
  requirePrivate(folder);
  const address = path.join(folder, socketFile);
  const note = path.join(folder, noteFile);
  const removeNoted = () => {
    const noted = notedAddress(note);
    rmSync(note, { force: true });
    if (noted === null) return;
    rmSync(noted, { force: true });
    rmdirSync(path.dirname(noted));
  };
  removeNoted();
  rmSync(address, { force: true });
  if (Buffer.byteLength(address) <= longestAddress) {
    return { address, remove: () => rmSync(address, { force: true }) };
  }
  const short = path.join(mkdtempSync(path.join(os.tmpdir(), temporaryPrefix)), socketFile);
  writeFileSync(note, short, { mode: 0o600 });
  return { address: short, remove: removeNoted };
}

/**
 * Where to connect to; null when nobody listens.
 *
 * @throws SocketPlaceError, and system errors
 */
export function findSocketAddress(dataDir: string): string | null {
  if (process.platform === 'win32') return pipeName(dataDir);
  const folder = path.join(dataDir, runFolder);
  const address = path.join(folder, socketFile);
  if (!isThere(folder)) return null;
  requirePrivate(folder);
  return isThere(address) ? address : notedAddress(path.join(folder, noteFile));
}

function requirePrivate(folder: string): void {
  if (isPrivate(folder)) return;
  throw new SocketPlaceError(`${folder} must be a folder that nobody else may enter.`);
}

function isPrivate(folder: string): boolean {
  return isOwn(folder) && (lstatSync(folder).mode & 0o077) === 0;
}

/** A folder, and no link to one. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.getuid?.();
}

/** What the note tells; null when there is none, or what it tells of is gone or not a place of ours. */
function notedAddress(note: string): string | null {
  if (!isThere(note)) return null;
  const address = readFileSync(note, 'utf8');
  const folder = path.dirname(address);
  const isOurs = path.basename(folder).startsWith(temporaryPrefix) && path.basename(address) === socketFile;
  return isOurs && isThere(folder) && isPrivate(folder) ? address : null;
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Windows folds case in paths, so the name must not depend on it. */
function pipeName(dataDir: string): string {
  const id = createHash('sha256').update(path.resolve(dataDir).toLowerCase()).digest('hex').slice(0, 32);
  return `\\\\.\\pipe\\vi-sync-${id}`;
}
