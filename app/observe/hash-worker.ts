import { createHash, getHashes } from 'node:crypto';
import { createReadStream, lstatSync, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parentPort } from 'node:worker_threads';
import type { FileReading, ReadOutcome } from '../engine/environment.ts';
import { inspectImage, inspectImageBytes } from '../image/inspect.ts';
import { type ContentHash, type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { ContentDigester } from '../vi/content-hash.ts';
import { hashFile } from '../vi/file-hash.ts';
import { stampOf, systemCode } from './file-stamp.ts';
import { listFolder } from './folder-listing.ts';
import type { HashAnswer, HashJob } from './hash-job.ts';
import { buffersOf, packReading } from './packed-listing.ts';

/** Up to this size a file is read at once: opening it again to look at it would take longer than reading it. Bytes. */
const inOnePiece = 1024 * 1024;

/**
 * A thread of the hash pool: reads folders and files, so that a slow disk never holds up the engine. Calls to the disk that are one
 * system call each are made synchronously: this thread has nothing else to do.
 */
if (parentPort !== null) {
  const port = parentPort;
  port.on('message', (job: HashJob) => {
    answer(job).then(({ message, moved }) => port.postMessage(message, moved));
  });
}

async function answer(job: HashJob): Promise<{ message: HashAnswer; moved: ArrayBuffer[] }> {
  try {
    if (job.name !== 'list') return { message: { id: job.id, ok: true, result: await run(job) }, moved: [] };
    const result = packReading(listFolder(job.path));
    return { message: { id: job.id, ok: true, result }, moved: buffersOf(result) };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? '') : String(error);
    return { message: { id: job.id, ok: false, message }, moved: [] };
  }
}

function run(job: Exclude<HashJob, { name: 'list' }>): Promise<ReadOutcome | ContentHash | null> {
  switch (job.name) {
    case 'read':
      return readWhole(job.path);
    case 'hashIn':
      return hashIn(job.path, job.algorithm);
  }
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
