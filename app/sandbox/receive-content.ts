import { finished, type Readable } from 'node:stream';
import {
  BLOCK_SIZE,
  type Block,
  type BlockFile,
  type ContentDigest,
  contentThread,
  giveBlockBack,
  takeBlock,
} from './content-threads.ts';

/** Content up to this size is kept in memory until it is complete, and then written at once. */
const WHOLE_UP_TO = 256 * 1024;
/** Blocks of one upload that are still to be written; while all are, nothing is read from the network. */
const BLOCKS_IN_FLIGHT = 4;

export interface ReceivedContent extends ContentDigest {
  readonly size: number;
}

/**
 * Writes a stream to a new file and digests it on the way. Holds at most {@link BLOCKS_IN_FLIGHT} blocks of it in memory.
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
  let blocks: Blocks | undefined;
  try {
    await consume(source, (chunk) => {
      size += chunk.length;
      if (blocks === undefined && size <= WHOLE_UP_TO) {
        first.push(chunk);
        return undefined;
      }
      if (blocks !== undefined) return blocks.add(chunk);
      blocks = new Blocks(contentThread().writeBlocks(file));
      return blocks.add(Buffer.concat([...first.splice(0), chunk]));
    });
    if (blocks !== undefined) return { size, ...(await blocks.end()) };
  } catch (error) {
    await blocks?.abandon();
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

/** Collects chunks in blocks, and hands each full one on. */
class Blocks {
  readonly #file: BlockFile;
  #block: Block | undefined;
  #filled = 0;
  #inFlight = 0;
  #wake: (() => void) | undefined;

  constructor(file: BlockFile) {
    this.#file = file;
  }

  /** A promise when there is no room at once: nothing may be added before it is fulfilled. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    const rest = this.#fill(chunk);
    return rest === undefined ? undefined : this.#addWhenFree(rest);
  }

  async end(): Promise<ContentDigest> {
    this.#flush();
    const digest = await this.#file.end();
    await this.#allReleased();
    return digest;
  }

  async abandon(): Promise<void> {
    if (this.#block !== undefined) giveBlockBack(this.#block);
    this.#block = undefined;
    await this.#allReleased();
    this.#file.abandon();
  }

  async #addWhenFree(chunk: Uint8Array): Promise<void> {
    let rest: Uint8Array | undefined = chunk;
    while (rest !== undefined) {
      await this.#nextRelease();
      rest = this.#fill(rest);
    }
  }

  /** What of the chunk found no room. */
  #fill(chunk: Uint8Array): Uint8Array | undefined {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#block === undefined) {
        if (this.#inFlight >= BLOCKS_IN_FLIGHT) return rest;
        this.#block = takeBlock();
      }
      const part = rest.subarray(0, BLOCK_SIZE - this.#filled);
      this.#block.bytes.set(part, this.#filled);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === BLOCK_SIZE) this.#flush();
    }
    return undefined;
  }

  #flush(): void {
    const block = this.#block;
    if (block === undefined) return;
    this.#inFlight++;
    this.#file.write(block, this.#filled, () => {
      this.#inFlight--;
      giveBlockBack(block);
      this.#wake?.();
    });
    this.#block = undefined;
    this.#filled = 0;
  }

  async #allReleased(): Promise<void> {
    while (this.#inFlight > 0) await this.#nextRelease();
  }

  #nextRelease(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
