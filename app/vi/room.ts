import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ViOperationError } from './errors.ts';

/** Smaller files are not worth a question: if they fill the disk, writing them says so. Bytes. */
const large = 8 * 1024 * 1024;
/** Of a disk that much stays free, if it is a large one. Bytes. */
const mostReserve = 256 * 1024 * 1024;
const reserveShare = 0.02;

/** Room on the disk of a file that is being fetched: a large one is not begun where it has no room, and one without an end stops before there is none. */
export class Room {
  readonly #path: string;
  #nextCheck = large;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param bytes still to come. @throws ViOperationError `DiskFull` */
  async check(bytes: number): Promise<void> {
    if (bytes < large) return;
    const { free } = await this.#look();
    if (bytes > free) throw this.#full();
  }

  /** @param size bytes of a file that may grow for ever. @throws ViOperationError `DiskFull` */
  async growing(size: number): Promise<void> {
    if (size < this.#nextCheck) return;
    this.#nextCheck = size + large;
    const { free, reserve } = await this.#look();
    if (free < reserve) throw this.#full();
  }

  async #look(): Promise<{ free: number; reserve: number }> {
    try {
      const { bavail, blocks, bsize } = await statfs(dirname(this.#path));
      // Some network drives tell nothing.
      if (blocks === 0) return { free: Number.POSITIVE_INFINITY, reserve: 0 };
      return { free: bavail * bsize, reserve: Math.min(mostReserve, blocks * bsize * reserveShare) };
    } catch {
      // What can't be asked is found out by writing.
      return { free: Number.POSITIVE_INFINITY, reserve: 0 };
    }
  }

  #full(): ViOperationError {
    return new ViOperationError(`Cannot write ${this.#path}: the disk has no room for it.`, {
      code: 'DiskFull',
      suggestion: 'Free some space and try again.',
      details: { path: this.#path },
    });
  }
}
