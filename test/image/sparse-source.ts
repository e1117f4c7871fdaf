import type { ByteSource } from '../../app/image/byte-source.ts';

export interface CountingSource extends ByteSource {
  readonly bytesRead: () => number;
}

/** A source of any size that holds pieces of bytes at places and zeros elsewhere, and counts what is read of it. */
export function sparseSource(size: number, pieces: ReadonlyMap<number, Uint8Array>): CountingSource {
  let bytesRead = 0;
  return {
    size,
    bytesRead: () => bytesRead,
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      const bytes = Buffer.alloc(Math.max(0, end - offset));
      bytesRead += bytes.length;
      for (const [start, piece] of pieces) {
        const from = Math.max(start, offset);
        const to = Math.min(start + piece.length, end);
        if (from < to) bytes.set(piece.subarray(from - start, to - start), from - offset);
      }
      return bytes;
    },
  };
}
