import { createHash, getHashes } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parentPort } from 'node:worker_threads';
import type { FileReading, FolderReading, ReadOutcome } from '../engine/environment.ts';
import { inspectImage, inspectImageBytes } from '../image/inspect.ts';
import { type ContentHash, type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { ContentDigester } from '../vi/content-hash.ts';
import { hashFile } from '../vi/file-hash.ts';
import { stampOf, systemCode } from './file-stamp.ts';
import type { HashAnswer, HashJob } from './hash-job.ts';
import { isIgnoredName, isMirroredFile } from './ignore-rules.ts';

/** Up to this size a file is read at once: opening it again to look at it would take longer than reading it. Bytes. */
const inOnePiece = 1024 * 1024;

/**
 * A thread of the hash pool: reads folders and files, so that a slow disk never holds up the engine. Calls to the disk that are one
 * system call each are made synchronously: this thread has nothing else to do.
 */
if (parentPort !== null) {
  const port = parentPort;
  port.on('message', (job: HashJob) => {
    answer(job).then((message) => port.postMessage(message));
  });
}

async function answer(job: HashJob): Promise<HashAnswer> {
  try {
    return { id: job.id, ok: true, result: await run(job) };
  } catch (error) {
    return { id: job.id, ok: false, message: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}

function run(job: HashJob): Promise<ReadOutcome | ContentHash | null> | FolderReading {
  switch (job.name) {
    case 'list':
      return listFolder(job.path);
    case 'read':
      return readWhole(job.path);
    case 'hashIn':
      return hashIn(job.path, job.algorithm);
  }
}

function listFolder(folder: string): FolderReading {
  const folders: string[] = [];
  const files: { name: string; stamp: FileStamp }[] = [];
  let hasOthers = false;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const { name } = entry;
      if (entry.isDirectory() && !isIgnoredName(name)) {
        folders.push(name);
      } else if (entry.isFile() && isMirroredFile(name)) {
        const stats = lstatSync(path.join(folder, name), { bigint: true, throwIfNoEntry: false });
        if (stats?.isFile()) files.push({ name, stamp: stampOf(stats) });
      } else {
        hasOthers = true;
      }
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return { kind: 'missing' };
    if (code === 'ENOTDIR') return { kind: 'not-a-folder' };
    if (code === null) throw error;
    return { kind: 'unreadable', code };
  }
  return { kind: 'listed', listing: { folders, files, hasOthers } };
}

async function readWhole(file: string): Promise<ReadOutcome> {
  try {
    const before = lookAt(file);
    if (before === null) return { kind: 'missing' };
    const { hash, inspection } = await readContent(file, before.size);
    const after = lookAt(file);
    if (after === null) return { kind: 'missing' };
    if (!isSameStamp(before, after) || hash.size !== after.size) return { kind: 'moving' };
    return { kind: 'read', stamp: after, hash, inspection };
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', code };
  }
}

async function readContent(file: string, size: number): Promise<Pick<FileReading, 'hash' | 'inspection'>> {
  if (size > inOnePiece) return { hash: await hashFile(file), inspection: await inspectImage(file) };
  const bytes = readFileSync(file);
  const digester = new ContentDigester();
  digester.update(bytes);
  return { hash: digester.digest(), inspection: await inspectImageBytes(bytes, file) };
}

function lookAt(file: string): FileStamp | null {
  const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() ? stampOf(stats) : null;
}

async function hashIn(file: string, algorithm: string): Promise<ContentHash | null> {
  if (!getHashes().includes(algorithm)) return null;
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return { algorithm, contents: hash.digest('hex') };
}
