import path from 'node:path';
import pLimit from 'p-limit';
import type { Problem } from '../contract.ts';
import type { Clock, Disk, FolderListing } from '../engine/environment.ts';
import type { KnownFile } from '../manifest/local-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { folderOf } from '../manifest/path-key.ts';
import { isMirroredPath } from './ignore-rules.ts';
import { LocalRecorder, type LookOutcome } from './local-recorder.ts';
import { checkRoot } from './root-guard.ts';

export interface ScanResult {
  /** Why nothing could be observed at all; null when the scan is good. */
  readonly problem: Problem | null;
  /** Files that were recorded as new or changed, and files that are gone. */
  readonly changed: number;
  readonly gone: number;
  /** Files that did not hold still: to be looked at again in a moment. */
  readonly restless: readonly string[];
  /** Files and folders that can't be read: to be looked at again later. */
  readonly unreadable: readonly string[];
}

export interface ScanOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  /** How long a file must have been left alone to count. Milliseconds. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
  /** Every file is read, whatever its stamp says: somebody wants proof. */
  readonly rereads?: boolean;
  /** Called as files are recorded. */
  readonly onRecorded?: () => void;
}

/** Folders listed, and files read, at once. The hash pool bounds what really runs. */
const foldersAtOnce = 8;
const readsAtOnce = 32;
const recordsAtOnce = 200;
/** From so many hints on, one listing of their folder is cheaper than a look at each. */
const hintsWorthAListing = 50;

/**
 * Brings the manifest's tree of files up to date with the disk, which is right in all. Whatever can't be looked at stays as it was last
 * seen: only a folder that was listed whole says that a file is gone.
 */
export async function scanAll(options: ScanOptions): Promise<ScanResult> {
  const scan = new Scan(options);
  return scan.run(async () => {
    await scan.walk('', true);
    scan.forgetUnvisited('');
  });
}

/**
 * The same for paths that something may have happened to, relative to the mirror's folder; '' is the folder itself. A path that is a
 * folder stands for all below it.
 */
export async function scanPaths(hints: Iterable<string>, options: ScanOptions): Promise<ScanResult> {
  const scan = new Scan(options);
  return scan.run(() => scan.lookAt(hints));
}

class Scan {
  readonly #options: ScanOptions;
  readonly #recorder: LocalRecorder;
  readonly #start: number;
  readonly #reads = pLimit(readsAtOnce);
  readonly #listings = pLimit(foldersAtOnce);
  readonly #pending = new Set<Promise<void>>();
  #readEnded: PromiseWithResolvers<void> | undefined;
  readonly #visited = new Set<string>();
  readonly #gone: KnownFile[] = [];
  readonly #restless: string[] = [];
  readonly #unreadable: string[] = [];
  /** Folders that could not be listed: what was known below them stays. */
  readonly #hidden: string[] = [];
  readonly #seen: Extract<LookOutcome, { kind: 'seen' }>[] = [];
  #changed = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#recorder = new LocalRecorder(options.disk, options.manifest, options.mirror);
    // What is recorded from now on is newer than what this scan is going to see.
    this.#start = options.manifest.local.nextObservation();
  }

  async run(observe: () => Promise<void>): Promise<ScanResult> {
    const { disk, manifest, mirror, signal } = this.#options;
    const isAnyKnown = manifest.local.isAny(mirror.id);
    const problem = await checkRoot(disk, mirror.folder, isAnyKnown);
    if (problem !== null) return { problem, changed: 0, gone: 0, restless: [], unreadable: [] };
    await observe();
    await this.#settleReads();
    signal.throwIfAborted();
    // A disk that was taken away during the scan has left nothing but missing files.
    const problemAfter = this.#gone.length === 0 ? null : await checkRoot(disk, mirror.folder, isAnyKnown);
    const gone = problemAfter === null ? this.#removeGone() : 0;
    return {
      problem: problemAfter,
      changed: this.#changed,
      gone,
      restless: this.#restless,
      unreadable: this.#unreadable,
    };
  }

  /** Lists a folder, and those below it if `deep`, and looks at every file in it. */
  async walk(folder: string, deep: boolean): Promise<void> {
    const { disk, mirror, signal } = this.#options;
    signal.throwIfAborted();
    const reading = await this.#listings(() => disk.readFolder(path.join(mirror.folder, folder)));
    signal.throwIfAborted();
    switch (reading.kind) {
      case 'unreadable':
        this.#unreadable.push(folder);
        this.#hidden.push(folder);
        return;
      case 'missing':
      case 'not-a-folder':
        // It was there when its parent was listed: whoever removes it is not done yet.
        this.#restless.push(folder);
        this.#hidden.push(folder);
        return;
      case 'listed':
        this.#visited.add(folder);
        await this.#compare(folder, reading.listing);
        if (deep) {
          await Promise.all(reading.listing.folders.map((name) => this.walk(join(folder, name), true)));
        }
    }
  }

  async lookAt(hints: Iterable<string>): Promise<void> {
    const { mirror } = this.#options;
    const byFolder = Map.groupBy(new Set(hints), folderOf);
    for (const [folder, paths] of byFolder) {
      // Where the disk folds case, only a listing tells how a name is spelled now.
      const isListed = paths.length >= hintsWorthAListing || (mirror.foldsCase && !paths.includes(''));
      if (isListed && (await this.#isRealFolder(folder))) await this.walk(folder, false);
      for (const hint of paths) await this.#lookAtOne(hint, isListed);
    }
  }

  async #lookAtOne(hint: string, isListed: boolean): Promise<void> {
    const { disk, mirror, signal } = this.#options;
    signal.throwIfAborted();
    if (hint !== '' && !(await this.#isRealFolder(folderOf(hint)))) {
      this.forgetUnvisited(folderOf(hint));
      return;
    }
    const place = await disk.look(path.join(mirror.folder, hint));
    switch (place.kind) {
      case 'folder':
        if (hint === '' || isMirroredPath(`${hint}/a.jpg`)) {
          await this.walk(hint, true);
          this.forgetUnvisited(hint);
        }
        return;
      case 'file':
        if (!isListed && isMirroredPath(hint)) this.#compareFile(hint, place.stamp);
        return;
      case 'missing':
      case 'other': {
        const known = isListed ? null : this.#recorder.known(hint);
        if (known !== null && known.path === hint) this.#gone.push(known);
        this.forgetUnvisited(hint);
        return;
      }
      case 'unreadable':
        this.#unreadable.push(hint);
    }
  }

  /** Whether every part of a folder's path is a folder, and none a link out of the mirror. */
  async #isRealFolder(folder: string): Promise<boolean> {
    const { disk, mirror } = this.#options;
    if (folder === '') return true;
    if (!(await this.#isRealFolder(folderOf(folder)))) return false;
    const place = await disk.look(path.join(mirror.folder, folder));
    return place.kind === 'folder' || place.kind === 'unreadable';
  }

  /** Files that were known in folders that are no longer there, in a folder that this scan has looked at and in all below it. */
  forgetUnvisited(ancestor: string): void {
    const { manifest, mirror } = this.#options;
    for (const folder of manifest.local.folders(mirror.id, ancestor)) {
      if (this.#visited.has(folder)) continue;
      const isHidden = this.#hidden.some((each) => isInside(folder, each));
      if (!isHidden) this.#gone.push(...manifest.local.knownInFolder(mirror.id, folder));
    }
  }

  async #compare(folder: string, listing: FolderListing): Promise<void> {
    const { manifest, mirror } = this.#options;
    const known = new Map(manifest.local.knownInFolder(mirror.id, folder).map((file) => [file.path, file]));
    for (const { name, stamp } of listing.files) {
      const file = join(folder, name);
      const before = known.get(file);
      known.delete(file);
      const isKnown = before?.isRead === true && isSameStamp(before.stamp, stamp);
      if (!isKnown || this.#options.rereads === true) {
        this.#read(file, stamp);
      }
      // Reading is slower than listing: a first scan of a million files must not queue them all in memory.
      while (this.#pending.size >= 4 * readsAtOnce) await this.#nextRead();
    }
    this.#gone.push(...known.values());
  }

  #compareFile(file: string, stamp: FileStamp): void {
    const before = this.#recorder.known(file);
    if (before === null || before.path !== file || !before.isRead || !isSameStamp(before.stamp, stamp)) {
      this.#read(file, stamp);
    }
  }

  #read(file: string, stamp: FileStamp): void {
    if (isYoung(stamp, this.#options.clock.now(), this.#options.quietMs)) {
      this.#restless.push(file);
      return;
    }
    const read: Promise<void> = this.#reads(async () => {
      const outcome = await this.#recorder.look(file, stamp, this.#options);
      if (outcome.kind !== 'seen') this.#restless.push(file);
      else if (this.#seen.push(outcome) >= recordsAtOnce) this.#record();
    }).finally(() => {
      this.#pending.delete(read);
      this.#readEnded?.resolve();
      this.#readEnded = undefined;
    });
    // Whoever waits for all of them sees the error; until then it is nobody's.
    read.catch(() => undefined);
    this.#pending.add(read);
  }

  /** Writes down what was seen, many files in one transaction: a commit for each would take longer than reading it. */
  #record(): void {
    const seen = this.#seen.splice(0);
    this.#options.manifest.transaction(() => {
      for (const look of seen) {
        const { file } = look;
        if (!this.#recorder.record(look)) this.#restless.push(file.path);
        else if (file.content === null) this.#unreadable.push(file.path);
        else this.#changed += 1;
      }
    });
    this.#options.onRecorded?.();
  }

  /** Resolves when any read ends. */
  #nextRead(): Promise<void> {
    this.#readEnded ??= Promise.withResolvers<void>();
    return this.#readEnded.promise;
  }

  async #settleReads(): Promise<void> {
    await Promise.all(this.#pending);
    this.#record();
  }

  #removeGone(): number {
    const { manifest } = this.#options;
    return manifest.transaction(
      () => this.#gone.filter((known) => this.#recorder.recordGone(known, this.#start)).length,
    );
  }
}

/** Whether a file may still be being written: nobody says when a writer is done, so it must have been left alone for a while. */
function isYoung(stamp: FileStamp, now: number, quietMs: number): boolean {
  const touched = Number((stamp.mtimeNs > stamp.ctimeNs ? stamp.mtimeNs : stamp.ctimeNs) / 1_000_000n);
  const age = now - touched;
  // A time in the future is a clock that differs, or a date that somebody has set; it says nothing.
  return age >= -quietMs && age < quietMs;
}

function isInside(folder: string, ancestor: string): boolean {
  return ancestor === '' || folder === ancestor || folder.startsWith(`${ancestor}/`);
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
