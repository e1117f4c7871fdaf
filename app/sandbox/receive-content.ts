import { finished, type Readable } from 'node:stream';
import { type ChunkFile, type ContentDigest, contentThread, type OwnChunk } from './content-threads.ts';

/** Content up to this size is kept in memory until it is complete, and then written at once. */
const WHOLE_UP_TO = 256 * 1024;
/** As much is written at a time. */
const WRITE_SIZE = 1024 * 1024;
/** Writes of one upload that are under way; at this many, nothing more is read from the network. */
const MOST_WRITES = 4;

export interface ReceivedContent extends ContentDigest {
  readonly size: number;
}

/**
 * Writes a stream to a new file and digests it on the way. Holds a few MiB of it in memory.
 * Rejects with the stream's or the disk's error; the file may then be there in part, and is the caller's to remove.
 * @param onWhole Gets content that is small enough to be in memory as a whole
 */
export async function receiveContent(
  source: Readable,
  file: string,
  onWhole: (bytes: Uint8Array) => void = () => undefined,
): Promise<ReceivedContent> {
  const first: Uint8Array[] = [];
  let size = 0;
  let writer: ChunkWriter | undefined;
  try {
    await consume(source, (chunk) => {
      size += chunk.length;
      if (writer === undefined) {
        first.push(chunk);
        if (size <= WHOLE_UP_TO) return undefined;
        writer = new ChunkWriter(contentThread().writeChunks(file));
        for (const early of first.splice(0)) writer.add(early);
        return undefined;
      }
      return writer.add(chunk);
    });
    if (writer !== undefined) return { size, ...(await writer.end()) };
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
  const bytes = Buffer.concat(first);
  const digest = await contentThread().writeWhole(file, bytes);
  onWhole(bytes);
  return { size, ...digest };
}

/**
 * Hands each chunk of a stream on, and holds the stream while what came back is pending. By events: an iterator would cost a
 * promise or two for each chunk.
 */
function consume(source: Readable, take: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    source.on('data', (chunk: Uint8Array) => {
      const pending = take(chunk);
      if (pending === undefined) return;
      source.pause();
      pending.then(
        () => source.resume(),
        (error: Error) => source.destroy(error),
      );
    });
    finished(source, { writable: false }, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

/** Collects chunks until a write is worth it, and limits how many writes are under way. */
class ChunkWriter {
  readonly #file: ChunkFile;
  #chunks: OwnChunk[] = [];
  #collected = 0;
  #underWay = 0;
  #wake: (() => void) | undefined;

  constructor(file: ChunkFile) {
    this.#file = file;
  }

  /** A promise when too much is under way: fulfilled when there is room again. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    this.#chunks.push(own(chunk));
    this.#collected += chunk.length;
    if (this.#collected >= WRITE_SIZE) this.#write();
    return this.#underWay < MOST_WRITES ? undefined : this.#downTo(MOST_WRITES - 1);
  }

  async end(): Promise<ContentDigest> {
    this.#write();
    return this.#file.end();
  }

  async abandon(): Promise<void> {
    await this.#downTo(0);
    this.#file.abandon();
  }

  #write(): void {
    if (this.#chunks.length === 0) return;
    this.#underWay++;
    this.#file.write(this.#chunks, () => {
      this.#underWay--;
      this.#wake?.();
    });
    this.#chunks = [];
    this.#collected = 0;
  }

  async #downTo(count: number): Promise<void> {
    while (this.#underWay > count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/**
 * The chunk itself when it has its memory to itself, as the bodies of requests do; else a copy, since whoever shares the
 * memory would lose it.
 */
function own(chunk: Uint8Array): OwnChunk {
  const { buffer, byteLength } = chunk;
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return alone ? new Uint8Array(buffer) : new Uint8Array(chunk);
}
