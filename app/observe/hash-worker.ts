import { createHash, getHashes } from 'node:crypto';
import { closeSync, createReadStream, lstatSync, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parentPort } from 'node:worker_threads';
import type { FileReading, ReadOutcome } from '../engine/environment.ts';
import { inspectImage, inspectImageBytes } from '../image/inspect.ts';
import { type ContentHash, type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { digestOf } from '../vi/content-hash.ts';
import { hashFile } from '../vi/file-hash.ts';
import { stampOf, systemCode } from './file-stamp.ts';
import { listFolder } from './folder-listing.ts';
import { type HashAnswer, type HashJob, inOnePiece, isSmall } from './hash-job.ts';
import { buffersOf, packReading } from './packed-listing.ts';

/** Answers that go in one message, if so many come in one turn of the event loop. */
const answersAtOnce = 12;

/** Blocks that nobody reads into: making a new one for each small file would cost as much as reading it. */
const spareBlocks: Buffer[] = [];
const mostSpareBlocks = 2;

/**
 * A thread of the hash pool: reads folders and files, so that a slow disk never holds up the engine. Calls to the disk that are one
 * system call each are made synchronously: this thread has nothing else to do.
 */
if (parentPort !== null) {
  const port = parentPort;
  const answers: HashAnswer[] = [];
  const moved: ArrayBuffer[] = [];
  const post = () => {
    if (answers.length > 0) port.postMessage(answers.splice(0), moved.splice(0));
  };
  const carryOut = async (job: HashJob) => {
    const done = await answer(job);
    moved.push(...done.moved);
    answers.push(done.message);
    // Whoever waits for them is woken once for many.
    if (answers.length === 1) setImmediate(post);
    else if (answers.length >= answersAtOnce) post();
  };
  port.on('message', async (jobs: HashJob[]) => {
    for (const job of jobs) {
      const done = carryOut(job);
      // One after the other: nothing is gained by having many in memory at once.
      if (isSmall(job)) await done;
    }
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
  // A byte more than it had tells whether it has grown; that it has shrunk tells the size.
  const block = spareBlocks.pop() ?? Buffer.allocUnsafeSlow(inOnePiece + 1);
  try {
    const bytes = block.subarray(0, readInto(block.subarray(0, size + 1), file));
    return { hash: digestOf(bytes), inspection: await inspectImageBytes(bytes, file) };
  } finally {
    if (spareBlocks.length < mostSpareBlocks) spareBlocks.push(block);
  }
}

/** Reads a file from its beginning until the block is full. Returns how many bytes it has got. */
function readInto(block: Buffer, file: string): number {
  const descriptor = openSync(file, 'r');
  try {
    for (let filled = 0; ; ) {
      const read = readSync(descriptor, block, filled, block.length - filled, null);
      filled += read;
      if (read === 0 || filled === block.length) return filled;
    }
  } finally {
    closeSync(descriptor);
  }
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
