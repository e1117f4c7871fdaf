import path from 'node:path';
import type { Environment } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { type ContentHash, isSameStamp, type LocalFile } from '../manifest/observations.ts';
import type { SessionFile } from '../manifest/session-table.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { isIdentity } from '../plan/content.ts';

export interface UploadProofsOptions {
  readonly environment: Pick<Environment, 'disk'>;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly signal: AbortSignal;
}

/** Those of so many uploads are remembered. */
const mostHashes = 10_000;
/** Algorithms in which every file's hash is known anyway, or which prove nothing. */
const known: ReadonlySet<string> = new Set(['sha256', 'crc32c']);

/**
 * Hashes of uploaded contents in the algorithm that the service uses, where that is another one than ours: they tell our bytes from those that
 * somebody else has uploaded under the same name in the same moment.
 */
export class UploadProofs {
  readonly #options: UploadProofsOptions;
  /** By the SHA-256 of the content. A file that is edited while it is uploaded can't be asked for it any more. */
  readonly #hashes = new Map<string, ContentHash>();
  /** Algorithms that can't be computed here. */
  readonly #unknown = new Set<string>();

  constructor(options: UploadProofsOptions) {
    this.#options = options;
  }

  /** What the service says of these bytes, if they are an asset; null when that is not known. */
  of({ key, sha256 }: Pick<SessionFile, 'key' | 'sha256'>): ContentHash | null {
    const { manifest, mirror } = this.#options;
    const content = manifest.local.get(mirror.id, key)?.content;
    return (content?.sha256 === sha256 ? content.otherHash : null) ?? this.#hashes.get(sha256) ?? null;
  }

  /** Whether a hash can prove anything once it is compared. */
  isProof(hash: ContentHash): boolean {
    return isIdentity(hash) && !this.#unknown.has(hash.algorithm);
  }

  /**
   * Before a file is sent: as long as it has the content that is going to be sent.
   *
   * @param copy absolute path of a file that has it for certain; the file itself when left out
   */
  async prepare(file: LocalFile, copy?: string): Promise<void> {
    const { manifest, mirror } = this.#options;
    const algorithm = manifest.remote.someAlgorithm(mirror.id);
    if (algorithm !== null) await this.#find(file, algorithm, copy);
  }

  /** For the files of open sessions that listings show by now. */
  async complete(): Promise<void> {
    const { manifest, mirror } = this.#options;
    for (const file of manifest.sessions.openFiles(mirror.id)) {
      const remote = manifest.remote.byFilename(mirror.id, file.filename);
      const local = manifest.local.get(mirror.id, file.key);
      if (remote === null || remote.hash === null || remote.sha256 !== null) continue;
      if (local?.content?.sha256 !== file.sha256 || remote.size !== file.size) continue;
      if (this.of(file)?.algorithm !== remote.hash.algorithm) await this.#find(local, remote.hash.algorithm);
    }
  }

  async #find(local: LocalFile, algorithm: string, copy?: string): Promise<void> {
    const { environment, manifest, mirror, signal } = this.#options;
    const { content } = local;
    if (content === null || known.has(algorithm) || this.#unknown.has(algorithm)) return;
    if (content.otherHash?.algorithm === algorithm) return this.#remember(content.sha256, content.otherHash);
    const absolute = copy ?? path.join(mirror.folder, local.path);
    const isStill = async () => {
      if (copy !== undefined) return true;
      const place = await environment.disk.look(absolute);
      return place.kind === 'file' && isSameStamp(place.stamp, local.stamp);
    };
    try {
      if (!(await isStill())) return;
      const hash = await environment.disk.hashIn(absolute, algorithm, signal);
      if (hash === null) this.#unknown.add(algorithm);
      else if (await isStill()) {
        this.#remember(content.sha256, hash);
        manifest.local.setOtherHash(mirror.id, local.key, content.sha256, hash);
      }
    } catch (error) {
      // A file that can't be read proves nothing; that it can't, a scan will tell.
      if (systemCode(error) === null) throw error;
    }
  }

  #remember(sha256: string, hash: ContentHash): void {
    this.#hashes.set(sha256, hash);
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > mostHashes && oldest !== undefined) this.#hashes.delete(oldest);
  }
}
