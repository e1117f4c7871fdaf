import { constants } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { type ContentDigest, type DigestThread, digestChunks } from './content-digest.ts';

/** Content up to this size is kept in memory until it is complete, and then written at once. */
const WHOLE_UP_TO = 256 * 1024;
const BLOCK_SIZE = 1024 * 1024;
/** Blocks of one upload that wait for the disk or the digest; while all are busy, nothing is read from the network. */
const BLOCKS_IN_FLIGHT = 4;
const SPARE_BLOCKS = 32;

export interface ReceivedContent extends ContentDigest {
  readonly size: number;
}

/** Block buffers that are free; shared memory, since two threads read them at once. */
const spareBlocks: SharedArrayBuffer[] = [];

/**
 * Writes a stream to a new file and digests it on the way. Holds at most {@link BLOCKS_IN_FLIGHT} blocks of it in memory.
 * Rejects with the stream's or the disk's error; the file may then be there in part, and is the caller's to remove.
 */
export async function receiveContent(
  source: AsyncIterable<Uint8Array>,
  file: string,
  digests: DigestThread,
): Promise<ReceivedContent> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) {
      await writeWhole(file, chunks);
      return { size, ...digestChunks(chunks) };
    }
    chunks.push(next.value);
    size += next.value.length;
    if (size > WHOLE_UP_TO) break;
  }
  return receiveInBlocks(chunks, iterator, file, digests);
}

async function createFile(file: string): Promise<FileHandle> {
  return fs.open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
}

async function writeWhole(file: string, chunks: Uint8Array[]): Promise<void> {
  const handle = await createFile(file);
  try {
    await writeFully(handle, Buffer.concat(chunks), 0);
  } finally {
    await handle.close();
  }
}

async function receiveInBlocks(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  file: string,
  digests: DigestThread,
): Promise<ReceivedContent> {
  const handle = await createFile(file);
  const writer = new BlockWriter(handle, digests);
  try {
    for (const chunk of first) await writer.write(chunk);
    for (;;) {
      const next = await rest.next();
      if (next.done === true) break;
      await writer.write(next.value);
    }
    return await writer.end();
  } catch (error) {
    await writer.abandon();
    await rest.return?.();
    throw error;
  } finally {
    await handle.close();
  }
}

/** Fills blocks, and hands each full one to the disk and to the digest at the same time. */
class BlockWriter {
  readonly #handle: FileHandle;
  readonly #job;
  #size = 0;
  #block: SharedArrayBuffer | undefined;
  #filled = 0;
  #inFlight = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(handle: FileHandle, digests: DigestThread) {
    this.#handle = handle;
    this.#job = digests.begin();
  }

  async write(chunk: Uint8Array): Promise<void> {
    let offset = 0;
    while (offset < chunk.length) {
      this.#block ??= await this.#freeBlock();
      const part = chunk.subarray(offset, offset + BLOCK_SIZE - this.#filled);
      new Uint8Array(this.#block, this.#filled).set(part);
      this.#filled += part.length;
      offset += part.length;
      if (this.#filled === BLOCK_SIZE) this.#flush();
    }
  }

  async end(): Promise<ReceivedContent> {
    this.#flush();
    await this.#settled();
    if (this.#failure !== undefined) throw this.#failure;
    return { size: this.#size, ...(await this.#job.end()) };
  }

  async abandon(): Promise<void> {
    if (this.#block !== undefined) returnBlock(this.#block);
    this.#block = undefined;
    // Disk and digest may still read from blocks; they must not be reused before that.
    await this.#settled();
    this.#job.abandon();
  }

  #flush(): void {
    const block = this.#block;
    if (block === undefined || this.#filled === 0) return;
    const length = this.#filled;
    const position = this.#size;
    this.#size += length;
    this.#block = undefined;
    this.#filled = 0;
    this.#inFlight++;
    let readers = 2;
    const release = () => {
      if (--readers > 0) return;
      this.#inFlight--;
      returnBlock(block);
      this.#wake?.();
    };
    this.#job.update(block, length, release);
    writeFully(this.#handle, new Uint8Array(block, 0, length), position)
      .catch((error: Error) => {
        this.#failure ??= error;
      })
      .finally(release);
  }

  async #freeBlock(): Promise<SharedArrayBuffer> {
    while (this.#inFlight >= BLOCKS_IN_FLIGHT) await this.#nextRelease();
    if (this.#failure !== undefined) throw this.#failure;
    return spareBlocks.pop() ?? new SharedArrayBuffer(BLOCK_SIZE);
  }

  async #settled(): Promise<void> {
    while (this.#inFlight > 0) await this.#nextRelease();
  }

  #nextRelease(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await handle.write(bytes, written, bytes.length - written, position + written);
    written += result.bytesWritten;
  }
}

function returnBlock(block: SharedArrayBuffer): void {
  if (spareBlocks.length < SPARE_BLOCKS) spareBlocks.push(block);
}
