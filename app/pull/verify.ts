import { opendir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { realDisk } from '../engine/real-disk.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { isIgnoredName } from '../observe/ignore-rules.ts';
import { eachLimited } from '../vi/each-limited.ts';
import { fileError } from '../vi/file-error.ts';
import { nameKey } from '../vi/index.ts';
import { ProgressThrottle } from '../vi/progress-throttle.ts';
import { checkFile } from './check-file.ts';
import { fileProblem } from './file-problem.ts';
import { FolderTree } from './folder-tree.ts';
import { byPath, type LockedFile, type PullLock } from './lock.ts';
import { readLock } from './lock-file.ts';
import { isReserved } from './place-rules.ts';

/** Files that are read at once: more do not make a disk faster. */
const atOnce = 4;

export interface VerifyProgress {
  readonly filesTotal: number;
  readonly filesDone: number;
  readonly bytesTotal: number;
  readonly bytesDone: number;
}

export interface VerifyOptions {
  /** A folder with a lock file. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second, and at the end. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** What a folder holds, against its lock file. Paths are relative to the folder, `/` between their parts, sorted. */
export interface VerifyResult {
  readonly folder: string;
  readonly datasetId: string;
  readonly pulledAt: string;
  readonly totalFiles: number;
  /** Files that are there, to the byte. */
  readonly totalSame: number;
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Folders, links and others in the place of a file. */
  readonly noFile: readonly string[];
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
  /** What is there and not in the lock file. Hidden files, and what systems and editors leave behind, do not count. */
  readonly extra: readonly string[];
  /** True when all of this is empty. */
  readonly isSame: boolean;
}

/**
 * Reads every file of a pulled folder anew, and compares it with the lock file. Asks no service, and changes nothing.
 *
 * @throws PullError when there is no usable lock file; ViPermissionError or ViOperationError when the folder can't be read; the signal's
 * reason
 */
export async function verifyPull(options: VerifyOptions): Promise<VerifyResult> {
  options.signal?.throwIfAborted();
  const lock = await readLock(options.folder);
  const root = await realFolder(options.folder);
  const files = await compareFiles(root, lock, options);
  const extra = await findExtra(root, lock, options.signal);
  return {
    folder: root,
    datasetId: lock.dataset,
    pulledAt: lock.pulledAt,
    totalFiles: lock.files.length,
    ...files,
    extra,
    isSame: files.totalSame === lock.files.length && extra.length === 0,
  };
}

type Compared = Pick<VerifyResult, 'totalSame' | 'missing' | 'changed' | 'noFile' | 'unreadable'>;

async function compareFiles(
  root: string,
  { files }: PullLock,
  { signal, onProgress }: VerifyOptions,
): Promise<Compared> {
  const tree = new FolderTree(root, realDisk());
  const missing: string[] = [];
  const changed: string[] = [];
  const noFile: string[] = [];
  const unreadable: { path: string; message: string }[] = [];
  const bytesTotal = files.reduce((sum, { size }) => sum + size, 0);
  let totalSame = 0;
  let filesDone = 0;
  let bytesDone = 0;
  const progress = new ProgressThrottle(onProgress, () => ({
    filesTotal: files.length,
    filesDone,
    bytesTotal,
    bytesDone,
  }));
  const compareOne = async (file: LockedFile) => {
    signal?.throwIfAborted();
    try {
      const { kind } = await checkFile(tree, file, signal);
      if (kind === 'same') totalSame++;
      else if (kind === 'missing') missing.push(file.path);
      else if (kind === 'no-file') noFile.push(file.path);
      else changed.push(file.path);
    } catch (error) {
      signal?.throwIfAborted();
      const { message, suggestion } = fileProblem(error, tree.absolute(file.path));
      unreadable.push({ path: file.path, message: `${message} ${suggestion}` });
    }
    filesDone++;
    bytesDone += file.size;
    progress.report();
  };
  try {
    await eachLimited(files, atOnce, compareOne);
    progress.flush();
  } finally {
    progress.stop();
  }
  unreadable.sort(byPath);
  return {
    totalSame,
    missing: missing.sort(),
    changed: changed.sort(),
    noFile: noFile.sort(),
    unreadable,
  };
}

async function findExtra(root: string, lock: PullLock, signal: AbortSignal | undefined): Promise<string[]> {
  const locked = new Set(lock.files.map((file) => nameKey(file.path, lock.names)));
  const extra: string[] = [];
  for await (const file of filesIn(root, '')) {
    signal?.throwIfAborted();
    if (!locked.has(nameKey(file, lock.names))) extra.push(file);
  }
  return extra.sort();
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw fileError(error, folder, 'read');
  }
}

/** Everything below a folder that is no folder; links are named, and not followed. */
async function* filesIn(root: string, folder: string): AsyncGenerator<string, void, undefined> {
  const absolute = path.join(root, ...folder.split('/'));
  try {
    for await (const entry of await opendir(absolute)) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isIgnoredName(entry.name) || isReserved(relative)) continue;
      if (entry.isDirectory()) yield* filesIn(root, relative);
      else yield relative;
    }
  } catch (error) {
    if (systemCode(error) === null) throw error;
    throw fileError(error, absolute, 'read');
  }
}
