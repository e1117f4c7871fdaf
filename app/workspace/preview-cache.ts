import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../log.ts';
import { systemCode } from '../observe/file-stamp.ts';

export interface PreviewCacheOptions {
  /** Made when the first picture is kept. */
  readonly folder: string;
  /** Bytes that all of them together may have. */
  readonly mostBytes: number;
  readonly log: Log;
}

/** What is left when the cache was over its limit, as a part of it: it is not cleared again at once. */
const leftShare = 0.8;
const filePattern = /^[0-9a-f]{64}\.webp$/;

/** Previews on the disk, by what they are of. Deleting the folder costs time only; a disk that can't be written to costs no more. */
export class PreviewCache {
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #log: Log;
  /** Sizes by file name, the least recently used first. */
  #sizes: Map<string, number> | null = null;
  #bytes = 0;
  #loading: Promise<Map<string, number>> | null = null;
  #hasFailed = false;

  constructor({ folder, mostBytes, log }: PreviewCacheOptions) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#log = log;
  }

  /** The name under which a preview is kept, from all that it depends on. */
  static key(parts: readonly (string | number | bigint | null)[]): string {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(`${String(part)}\0`);
    return hash.digest('hex');
  }

  async get(key: string): Promise<Buffer | null> {
    const sizes = await this.#known();
    const name = `${key}.webp`;
    const size = sizes.get(name);
    if (size === undefined) return null;
    try {
      const bytes = await fs.readFile(path.join(this.#folder, name));
      // It moves to the end: it was used last.
      sizes.delete(name);
      sizes.set(name, size);
      await this.#touch(name);
      return bytes;
    } catch (error) {
      this.#forget(name);
      this.#noted(error);
      return null;
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const sizes = await this.#known();
    const name = `${key}.webp`;
    const temporary = path.join(this.#folder, `${randomUUID()}.new`);
    try {
      await fs.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await fs.writeFile(temporary, bytes, { mode: 0o600 });
      await fs.rename(temporary, path.join(this.#folder, name));
      this.#forget(name);
      sizes.set(name, bytes.byteLength);
      this.#bytes += bytes.byteLength;
      if (this.#bytes > this.#mostBytes) await this.#makeRoom(sizes);
    } catch (error) {
      this.#noted(error);
      await fs.rm(temporary, { force: true }).catch((left: unknown) => this.#noted(left));
    }
  }

  /** Bytes that are kept now. */
  async size(): Promise<number> {
    await this.#known();
    return this.#bytes;
  }

  async #makeRoom(sizes: Map<string, number>): Promise<void> {
    for (const name of [...sizes.keys()]) {
      if (this.#bytes <= this.#mostBytes * leftShare) return;
      this.#forget(name);
      await fs.rm(path.join(this.#folder, name), { force: true });
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#sizes?.get(name) ?? 0;
    this.#sizes?.delete(name);
  }

  /** So that the next run of the program knows as well what was used last. */
  async #touch(name: string): Promise<void> {
    const now = new Date();
    await fs.utimes(path.join(this.#folder, name), now, now);
  }

  async #known(): Promise<Map<string, number>> {
    if (this.#sizes !== null) return this.#sizes;
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<Map<string, number>> {
    const found: { name: string; size: number; usedAt: number }[] = [];
    for (const name of await this.#names()) {
      const file = path.join(this.#folder, name);
      if (filePattern.test(name)) {
        const stats = await fs.stat(file).catch((error: unknown) => this.#noted(error));
        if (stats !== undefined) found.push({ name, size: stats.size, usedAt: stats.mtimeMs });
      } else if (name.endsWith('.new')) {
        // A kill has left it.
        await fs.rm(file, { force: true });
      }
    }
    found.sort((a, b) => a.usedAt - b.usedAt);
    const sizes = new Map(found.map(({ name, size }) => [name, size]));
    this.#sizes = sizes;
    this.#bytes = found.reduce((sum, { size }) => sum + size, 0);
    return sizes;
  }

  async #names(): Promise<string[]> {
    try {
      return await fs.readdir(this.#folder);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') this.#noted(error);
      return [];
    }
  }

  /** Without a cache everything works, only slower: it is said once. */
  #noted(error: unknown): undefined {
    if (systemCode(error) === null) throw error;
    if (!this.#hasFailed) this.#log.warn('Previews can’t be kept', { error });
    this.#hasFailed = true;
  }
}
