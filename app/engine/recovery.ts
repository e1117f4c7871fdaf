import type { Problem } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { checkRoot, knownRoot, markAgain, ownFolder } from '../observe/root-guard.ts';
import type { SafeFiles } from '../transfer/safe-files.ts';
import { failedTransfer } from '../transfer/transfer-failure.ts';
import type { Environment } from './environment.ts';

export interface RecoveryOptions {
  readonly environment: Environment;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly files: SafeFiles;
  readonly log: Log;
}

/** Between two tries to put in order what a kill has left. Milliseconds. */
const betweenTriesMs = 5000;
/** Between two looks for what has been in the trash long enough. Milliseconds. */
const betweenPurgesMs = 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

/**
 * Once the folder can be believed, at first and after it was away: what a kill, or a disk that was taken away, has left is put in order
 * before anything is planned.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  #isDone = false;
  #problem: Problem | null = null;
  #nextTry = Number.NEGATIVE_INFINITY;
  #nextPurge = Number.NEGATIVE_INFINITY;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Why it could not be done. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** When to try again, by the monotonic clock. */
  get nextAt(): number {
    return this.#problem === null ? Number.POSITIVE_INFINITY : this.#nextTry;
  }

  /** The folder has been away. */
  undo(): void {
    this.#isDone = false;
  }

  /** @returns whether it has been done now */
  async run(): Promise<boolean> {
    const { environment, manifest, mirror, files, log } = this.#options;
    const { clock, disk } = environment;
    if (this.#isDone || clock.monotonic() < this.#nextTry) return false;
    if ((await checkRoot(disk, mirror.folder, knownRoot(manifest, mirror))) !== null) return false;
    try {
      await markAgain(disk, mirror.folder, mirror.mirrorId, log);
      await files.recover();
    } catch (error) {
      this.#problem = failedTransfer(error, ownFolder).problem;
      this.#nextTry = clock.monotonic() + betweenTriesMs;
      log.warn('What an earlier run has left could not be put in order', { error });
      return false;
    }
    this.#problem = null;
    this.#isDone = true;
    return true;
  }

  /** What has been in the trash for as long as a person has said goes for good. */
  async purgeTrash(): Promise<void> {
    const { environment, manifest, files, log } = this.#options;
    const { trashDays } = manifest.settings.get();
    const now = environment.clock.monotonic();
    if (trashDays === null || !this.#isDone || now < this.#nextPurge) return;
    this.#nextPurge = now + betweenPurgesMs;
    try {
      await files.purgeBefore(environment.clock.now() - trashDays * dayMs);
    } catch (error) {
      if (systemCode(error) === null) throw error;
      log.warn('Old files could not be removed from the trash', { error });
    }
  }
}
