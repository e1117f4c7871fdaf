import { close, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { fileError } from './file-error.ts';

/** Read size: large enough that the calls do not count, small enough for many files at once. */
const blockSize = 256 * 1024;
const mostSpareBlocks = 16;
/** Read size of files that do not fit into one block. */
const largeBlockSize = 512 * 1024;

// Plain descriptors: for many small files, file handles cost more than the reading.
const openFile = promisify(open);
const closeFile = promisify(close);

/** Blocks that nobody reads into: making new ones for every small file would cost more than hashing it. */
const spareBlocks: Buffer[] = [];

export interface ReadBlocksOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the file is known to have: a file read up to there, and no further, is not asked whether there is more. */
  readonly knownSize?: number | undefined;
}

/**
 * Reads a file from its beginning to its end. `onBlock` gets one block after the other, which is overwritten afterwards. In a large file
 * the next block is read while `onBlock` is busy with the one before.
 *
 * @throws ViPermissionError, ViOperationError when the file can't be read; the signal's reason; what `onBlock` throws
 */
export async function readFileBlocks(
  path: string,
  onBlock: (bytes: Buffer) => void,
  options: ReadBlocksOptions = {},
): Promise<void> {
  const { signal, knownSize } = options;
  signal?.throwIfAborted();
  const block = spareBlocks.pop() ?? Buffer.allocUnsafeSlow(blockSize);
  let descriptor: number | undefined;
  try {
    descriptor = await openToRead(path);
    let size = 0;
    for (let bytesRead = 0; bytesRead < blockSize; ) {
      bytesRead = await readNext(descriptor, block, path);
      signal?.throwIfAborted();
      if (bytesRead === 0) return;
      onBlock(block.subarray(0, bytesRead));
      size += bytesRead;
      if (size === knownSize && bytesRead < blockSize) return;
    }
    await readAhead(descriptor, onBlock, path, signal);
  } finally {
    if (descriptor !== undefined) await closeFile(descriptor);
    if (spareBlocks.length < mostSpareBlocks) spareBlocks.push(block);
  }
}

/** Reads the rest of a large file: the next block while `onBlock` is busy with the one before. */
async function readAhead(
  descriptor: number,
  onBlock: (bytes: Buffer) => void,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let block = Buffer.allocUnsafeSlow(largeBlockSize);
  let ahead = Buffer.allocUnsafeSlow(largeBlockSize);
  let reading = readNext(descriptor, block, path);
  try {
    for (;;) {
      const bytesRead = await reading;
      signal?.throwIfAborted();
      if (bytesRead === 0) return;
      reading = readNext(descriptor, ahead, path);
      onBlock(block.subarray(0, bytesRead));
      [block, ahead] = [ahead, block];
    }
  } finally {
    // The file must not be closed while the system reads from it. Whatever comes of that, the reading is over.
    await Promise.allSettled([reading]);
  }
}

async function openToRead(path: string): Promise<number> {
  try {
    return await openFile(path, 'r');
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

/** The next bytes of a file, as many as there are and the block holds; 0 at its end. */
async function readNext(descriptor: number, block: Buffer, path: string): Promise<number> {
  try {
    return await readInto(descriptor, block, 0, block.length, null);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

/**
 * Reads a file of at most `most` bytes in one piece; of a longer one, `most` bytes.
 *
 * @throws ViPermissionError, ViOperationError when the file can't be read
 */
export async function readFileStart(path: string, most: number): Promise<Buffer> {
  let descriptor: number | undefined;
  try {
    descriptor = await openFile(path, 'r');
    const bytes = Buffer.allocUnsafeSlow(most);
    let size = 0;
    // One byte less than asked for is the end of the file; a read that gives much less may have been cut short.
    while (size < most - 1 || size === 0) {
      const bytesRead = await readInto(descriptor, bytes, size, most - size, size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return bytes.subarray(0, size);
  } catch (error) {
    throw fileError(error, path, 'read');
  } finally {
    if (descriptor !== undefined) await closeFile(descriptor);
  }
}

function readInto(
  descriptor: number,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number | null,
): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, buffer, offset, length, position, (error, bytesRead) => {
      if (error === null) resolve(bytesRead);
      else reject(error);
    });
  });
}
