import path from 'node:path';
import type { ReadOutcome } from '../engine/environment.ts';
import { isSameStamp, type LocalFile } from '../manifest/observations.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { PlaceBlockedError, type SafeFiles } from './safe-files.ts';
import type { TransferContext } from './transfer-context.ts';

/** Larger files are not copied: whoever writes such a file needs longer than a session needs to be made. Bytes. */
const mostCopiedBytes = 64 * 1024 ** 2;
/** A file that has changed under an upload is copied for the next ones for this long. Milliseconds. */
const restlessMs = 10 * 60_000;
const mostRestless = 1000;

type CopyContext = Pick<TransferContext, 'environment' | 'mirror' | 'signal' | 'log'>;

/** A version of a file that holds still. */
export interface CopiedVersion {
  readonly local: LocalFile;
  /** Absolute path of the copy. */
  readonly source: string;
}

/**
 * Copies of files that change faster than an ingestion session is made: without one each session would find another content than was
 * announced, and be spent in vain.
 */
export class UploadCopies {
  readonly #context: CopyContext;
  readonly #files: Pick<SafeFiles, 'temporary' | 'discard'>;
  /** Key of a file → when it last changed under an upload, steady milliseconds. */
  readonly #restless = new Map<string, number>();

  constructor(context: CopyContext, files: Pick<SafeFiles, 'temporary' | 'discard'>) {
    this.#context = context;
    this.#files = files;
  }

  /** A file has changed between its hash and its upload. */
  noteChanged(key: string): void {
    this.#restless.delete(key);
    this.#restless.set(key, this.#context.environment.clock.monotonic());
    const [oldest] = this.#restless.keys();
    if (this.#restless.size > mostRestless && oldest !== undefined) this.#restless.delete(oldest);
  }

  isRestless(key: string): boolean {
    const at = this.#restless.get(key);
    return at !== undefined && this.#context.environment.clock.monotonic() - at < restlessMs;
  }

  /**
   * Copies a file as it is now, and reads the copy. Null: it does not hold still even for that, is no sound image, or can't be copied;
   * whatever it is, a look at the file will tell.
   */
  async take(local: LocalFile): Promise<CopiedVersion | null> {
    const { environment, mirror, signal, log } = this.#context;
    const { disk } = environment;
    const original = path.join(mirror.folder, local.path);
    let source: string | undefined;
    let copy: LocalFile | null = null;
    try {
      const before = await disk.look(original);
      if (before.kind !== 'file' || before.stamp.size > mostCopiedBytes) return null;
      source = (await this.#files.temporary()) + path.extname(local.path);
      await disk.copyNew(original, source);
      const after = await disk.look(original);
      const reading = await disk.readFile(source, signal, before.stamp.size);
      const isStill = after.kind === 'file' && isSameStamp(before.stamp, after.stamp);
      copy = isStill ? versionOf(local, before.stamp, reading) : null;
      return copy === null ? null : { local: copy, source };
    } catch (error) {
      // A disk that takes no copy takes none of our files at all, or is full: the upload goes without.
      if (systemCode(error) === null && !(error instanceof PlaceBlockedError)) throw error;
      log.info('A file that changes could not be copied for its upload', { path: local.path, error });
      return null;
    } finally {
      if (copy === null && source !== undefined) await this.discard(source);
    }
  }

  /** Removes a copy. What can't be removed now goes with the next start. */
  async discard(source: string): Promise<void> {
    try {
      await this.#files.discard(source);
    } catch (error) {
      // Whatever is left there goes with the next start.
      if (systemCode(error) === null) throw error;
      this.#context.log.info('A copy could not be removed', { path: source, error });
    }
  }
}

function versionOf(local: LocalFile, stamp: LocalFile['stamp'], reading: ReadOutcome): LocalFile | null {
  if (reading.kind !== 'read') return null;
  const { hash, inspection } = reading;
  if (!inspection.ok || inspection.warning !== null || hash.size !== stamp.size) return null;
  const { sha256, crc32c } = hash;
  return { ...local, stamp, mime: inspection.mime ?? null, content: { sha256, crc32c, otherHash: null } };
}
