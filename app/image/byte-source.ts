import fs, { type FileHandle } from 'node:fs/promises';

/** Bytes that can be read at any place: an image file, or an image in memory. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `offset` on, `length` of them or as many as there are. The result is only valid until the next read. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** A picture's structure leads past the last byte there is. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** A picture's structure contradicts itself. The message says how, as the rest of a sentence on the file. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** The bytes begin as a format's do by accident: they are no picture of it. */
export class Foreign extends Error {
  override readonly name = 'Foreign';
}

/** Exactly `length` bytes from `offset` on. @throws CutShort when there are fewer. */
export async function need(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  const bytes = await source.read(offset, length);
  if (bytes.length < length) throw new CutShort(`needs ${length} bytes at ${offset}, has ${bytes.length}`);
  return bytes;
}

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    read: async (offset, length) => buffer.subarray(offset, offset + length),
  };
}

/** The structures of most images are chains of short headers far apart: larger windows would read the whole file. */
const WINDOW_BYTES = 8 * 1024;

/** An open file as a source that keeps the last window it read. The caller closes the handle. */
export async function fileSource(handle: FileHandle, signal?: AbortSignal): Promise<ByteSource> {
  const { size } = await handle.stat();
  let windowStart = 0;
  let window = Buffer.alloc(0);
  return {
    size,
    async read(offset, length) {
      if (offset >= windowStart && offset + length <= windowStart + window.length) {
        return window.subarray(offset - windowStart, offset - windowStart + length);
      }
      signal?.throwIfAborted();
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), Math.max(0, size - offset));
      window = await readFully(handle, offset, wanted);
      windowStart = offset;
      return window.subarray(0, length);
    },
  };
}

/** Opens the file, hands it to `use` as a source, and closes it whatever happens. */
export async function withFileSource<T>(
  path: string,
  signal: AbortSignal | undefined,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const handle = await fs.open(path, 'r');
  try {
    return await use(await fileSource(handle, signal));
  } finally {
    await handle.close();
  }
}

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    // The file shrank while it was read: what is there now is all there is.
    if (bytesRead === 0) return buffer.subarray(0, filled);
    filled += bytesRead;
  }
  return buffer;
}
