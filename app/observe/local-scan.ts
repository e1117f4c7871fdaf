import path from 'node:path';
import pLimit from 'p-limit';
import type { Problem } from '../contract.ts';
import type { FolderListing } from '../engine/environment.ts';
import { isSupportedExtension } from '../image/formats.ts';
import type { KnownFile } from '../manifest/local-table.ts';
import { type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { baseNameOf, folderOf, identityKey } from '../manifest/path-key.ts';
import { isYoung } from './file-stamp.ts';
import { FolderGate, type Standing } from './folder-gate.ts';
import { GoneFiles } from './gone-files.ts';
import { ruleFileName } from './ignore-rules.ts';
import { LocalRecorder, type SeenFile, unreadableCode } from './local-recorder.ts';
import { ReadQueue } from './read-queue.ts';
import { checkRoot, knownRoot } from './root-guard.ts';
import type { ScanOptions, ScanResult } from './scan-options.ts';
import { isInside, join } from './scan-path.ts';
import { Spelling } from './spelling.ts';

/** Folders listed, and files read, at once. The hash pool bounds what really runs. */
const foldersAtOnce = 8;
const readsAtOnce = 64;
/**
 * Files that are written down in one transaction: the more, the fewer pages of the database are written again and again. A kill
 * costs reading them once more, so that there are fewer where reading takes long (milliseconds).
 */
const recordsAtOnce = 2000;
const recordsEveryMs = 500;
/** From so many hints on, one listing of their folder is cheaper than a look at each. */
const hintsWorthAListing = 50;

/**
 * Brings the manifest's tree of files up to date with the disk, which is right in all. Whatever can't be looked at stays as it was last
 * seen: only a folder that was listed whole says that a file is gone. What must not be looked at (left out by a rule, behind a link) is not
 * known any more, and {@link Unobserved} says why.
 */
export async function scanAll(options: ScanOptions): Promise<ScanResult> {
  const scan = new Scan(options);
  return scan.run(async () => {
    await scan.walk('', true, null);
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

interface KnownFolder {
  readonly folder: string;
  readonly key: string;
}

class Scan {
  readonly #options: ScanOptions;
  readonly #recorder: LocalRecorder;
  readonly #gate: FolderGate;
  readonly #start: number;
  readonly #reads = new ReadQueue(readsAtOnce);
  readonly #listings = pLimit(foldersAtOnce);
  readonly #visited = new Set<string>();
  readonly #visitedKeys = new Set<string>();
  readonly #gone: GoneFiles;
  /** Folders that {@link forgetUnvisited} has been through since one was last visited. */
  readonly #forgotten = new Set<string>();
  #knownFolders: readonly KnownFolder[] | undefined;
  readonly #restless: string[] = [];
  readonly #arriving: string[] = [];
  #isOfHints = false;
  readonly #unreadable: string[] = [];
  /** Folders that vanished while they were looked at: what was known below them stays. */
  readonly #vanished: string[] = [];
  readonly #seen: SeenFile[] = [];
  /** When the first of them was seen, by the clock. */
  #seenSince = 0;
  #changed = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#recorder = new LocalRecorder(options.disk, options.manifest, options.mirror);
    this.#gate = new FolderGate(options);
    this.#gone = new GoneFiles(options, this.#recorder, this.#gate);
    // What is recorded from now on is newer than what this scan is going to see.
    this.#start = options.manifest.local.nextObservation();
  }

  async run(observe: () => Promise<void>): Promise<ScanResult> {
    const { disk, manifest, mirror, signal } = this.#options;
    const known = knownRoot(manifest, mirror);
    const problem = await checkRoot(disk, mirror.folder, known);
    if (problem !== null) return nothingSeen(problem);
    await observe();
    await this.#settleReads();
    signal.throwIfAborted();
    // A disk that was taken away during the scan has left nothing but missing files.
    const problemAfter = this.#gone.isAny ? await checkRoot(disk, mirror.folder, known) : null;
    const seen = { isOfHints: this.#isOfHints, isAnyArriving: this.#arriving.length > 0 };
    const gone = problemAfter === null ? await this.#gone.remove(this.#start, seen) : 0;
    return {
      problem: problemAfter,
      changed: this.#changed,
      gone,
      restless: [...this.#restless, ...this.#gate.restless, ...this.#gone.missing],
      arriving: this.#arriving,
      missing: this.#gone.missing,
      unreadable: [...this.#unreadable, ...this.#gate.hidden, ...this.#gone.away],
      mounts: [...this.#gate.mounts],
    };
  }

  /**
   * Lists a folder, and those below it if `deep` or if other rules hold for them now, and looks at every file in it.
   *
   * @param parentDevice null: it is the mirror's own folder
   * @returns whether all below it was looked at
   */
  async walk(folder: string, deep: boolean, parentDevice: bigint | null): Promise<boolean> {
    const { disk, mirror, signal } = this.#options;
    signal.throwIfAborted();
    const reading = await this.#listings(() => disk.readFolder(path.join(mirror.folder, folder)));
    signal.throwIfAborted();
    switch (reading.kind) {
      case 'unreadable':
        this.#gate.hide(folder, { kind: 'unreadable', code: reading.code });
        return false;
      case 'missing':
      case 'not-a-folder':
        // It was there when its parent was listed: whoever removes it is not done yet.
        this.#restless.push(folder);
        this.#vanished.push(folder);
        return false;
      case 'listed': {
        const { listing } = reading;
        const seen = { ...listing, parentDevice: parentDevice ?? listing.device };
        if ((await this.#gate.enter(folder, seen, true)) === 'shut') return false;
        this.#visited.add(folder);
        this.#forgotten.clear();
        this.#visitedKeys.add(this.#keyOf(folder));
        await this.#compare(folder, listing);
        if (!deep && !this.#gate.renewed.has(folder)) return false;
        const below = this.#foldersIn(folder, listing);
        await Promise.all(below.map((each) => this.walk(each, true, listing.device)));
        return true;
      }
    }
  }

  async lookAt(hints: Iterable<string>): Promise<void> {
    this.#isOfHints = true;
    const spelled = this.#options.mirror.foldsCase ? await this.#spell(hints) : new Set(hints);
    for (const [folder, paths] of Map.groupBy(spelled, folderOf)) {
      const standing = await this.#gate.approach(folder);
      const isListed = standing.kind === 'open' && paths.length >= hintsWorthAListing;
      if (isListed && (await this.walk(folder, false, parentDevice(folder, standing)))) {
        this.forgetUnvisited(folder);
      }
      for (const hint of paths) {
        if (hint === '') await this.#walkWhole('', standing);
        else await this.#lookAtOne(hint, standing, isListed);
      }
    }
    for (const folder of this.#gate.renewed) {
      if (!this.#visited.has(folder)) await this.#walkWhole(folder, await this.#gate.approach(folder));
    }
  }

  /** Where the disk folds case, only a listing tells how a name is spelled now. */
  async #spell(hints: Iterable<string>): Promise<Set<string>> {
    const { disk, mirror } = this.#options;
    const spelling = new Spelling(disk, mirror.folder);
    const spelled = new Set<string>();
    for (const hint of hints) {
      const path = await spelling.of(hint);
      if (path === null) this.#unreadable.push(hint);
      else spelled.add(path);
    }
    return spelled;
  }

  async #walkWhole(folder: string, standing: Standing): Promise<void> {
    if (standing.kind !== 'open') return;
    await this.walk(folder, true, parentDevice(folder, standing));
    this.forgetUnvisited(folder);
  }

  async #lookAtOne(hint: string, above: Standing, isListed: boolean): Promise<void> {
    const { disk, mirror, unobserved, signal } = this.#options;
    signal.throwIfAborted();
    if (above.kind === 'shut') return;
    if (above.kind !== 'open') {
      this.forgetUnvisited(folderOf(hint));
      return;
    }
    const name = baseNameOf(hint);
    if (name === ruleFileName) return;
    const place = await disk.look(path.join(mirror.folder, hint));
    const isIgnored = unobserved.ruleFiles.tree.isIgnoredItself(hint, place.kind === 'folder');
    const isLink = place.kind === 'link' && !isIgnored && (isSupportedExtension(name) || place.toFolder);
    if (place.kind !== 'unreadable') unobserved.setLink(hint, isLink);
    switch (place.kind) {
      case 'folder':
        this.#forget(hint);
        if (isIgnored) this.forgetUnvisited(hint);
        else await this.#walkWhole(hint, { ...above, parentDevice: above.device });
        return;
      case 'unreadable':
        this.#unreadable.push(hint);
        return;
      case 'file':
      case 'link':
      case 'missing':
      case 'other': {
        this.forgetUnvisited(hint);
        if (isListed) return;
        const known = this.#recorder.known(hint);
        if (isLink && place.kind === 'link') await this.#noteLink(hint, place.stamp, known);
        else if (place.kind === 'file' && !isIgnored && isSupportedExtension(name)) {
          this.#compareFile(hint, place.stamp, known);
        } else if (place.kind === 'missing' && mirror.foldsCase) this.#forgetAnySpelling(hint);
        else this.#forget(hint);
      }
    }
  }

  /** There is no file of this path. */
  #forget(path: string): void {
    const known = this.#recorder.known(path);
    if (known !== null && known.path === path) this.#gone.add([known]);
  }

  /** There is nothing at this path on a disk for which all its spellings are one name. */
  #forgetAnySpelling(path: string): void {
    const known = this.#options.manifest.local.known(this.#options.mirror.id, this.#keyOf(path));
    if (known !== null) this.#gone.add([known]);
  }

  /** Files that were known in folders that are no longer there, in a folder that this scan has looked at and in all below it. */
  forgetUnvisited(ancestor: string): void {
    const { manifest, mirror, unobserved } = this.#options;
    if (this.#forgotten.has(ancestor)) return;
    this.#forgotten.add(ancestor);
    const place = this.#keyOf(ancestor);
    const shut = [...this.#gate.hidden, ...this.#vanished].map((folder) => this.#keyOf(folder));
    const isConcerned = (key: string) => isInside(key, place) && !shut.some((each) => isInside(key, each));
    // Where the disk folds case, they may be known under another spelling.
    const known = mirror.foldsCase ? this.#allFolders() : this.#withKeys(ancestor);
    for (const { folder, key } of known) {
      if (this.#visited.has(folder) || !isConcerned(key)) continue;
      this.#gone.add(manifest.local.knownInFolder(mirror.id, folder));
    }
    unobserved.keep((folder) => {
      const key = this.#keyOf(folder);
      return this.#visitedKeys.has(key) || !isConcerned(key);
    });
  }

  /** All folders with known files. New ones come only by being visited. */
  #allFolders(): readonly KnownFolder[] {
    this.#knownFolders ??= this.#withKeys('');
    return this.#knownFolders;
  }

  #withKeys(ancestor: string): KnownFolder[] {
    const { manifest, mirror } = this.#options;
    return manifest.local
      .folders(mirror.id, ancestor)
      .map((folder) => ({ folder, key: this.#keyOf(folder) }));
  }

  async #compare(folder: string, listing: FolderListing): Promise<void> {
    const { disk, manifest, mirror, unobserved } = this.#options;
    const { tree } = unobserved.ruleFiles;
    const known = new Map(manifest.local.knownInFolder(mirror.id, folder).map((file) => [file.path, file]));
    const take = (file: string) => {
      const before = known.get(file) ?? null;
      known.delete(file);
      return before;
    };
    // Our own rules are applied already.
    const isIgnored = (file: string) => !tree.isBare && tree.isIgnoredItself(file, false);
    for (const { name, stamp } of listing.files) {
      const file = join(folder, name);
      if (isIgnored(file)) continue;
      this.#compareFile(file, stamp, take(file));
      if (this.#reads.isFull) await this.#reads.room();
    }
    for (const name of tree.hasNegations ? listing.leftOut.files : []) {
      const file = join(folder, name);
      if (tree.isIgnoredItself(file, false)) continue;
      const place = await disk.look(path.join(mirror.folder, file));
      if (place.kind === 'file') this.#compareFile(file, place.stamp, take(file));
    }
    const links = listing.links.filter(({ name }) => !isIgnored(join(folder, name)));
    unobserved.setLinks(
      folder,
      links.map(({ name }) => join(folder, name)),
    );
    for (const { name, stamp } of links) {
      await this.#noteLink(join(folder, name), stamp, take(join(folder, name)));
    }
    for (const { name } of listing.unreadable) {
      take(join(folder, name));
      this.#unreadable.push(join(folder, name));
    }
    this.#gone.add(known.values());
  }

  #foldersIn(folder: string, listing: FolderListing): string[] {
    const { tree } = this.#options.unobserved.ruleFiles;
    const names = tree.hasNegations ? [...listing.folders, ...listing.leftOut.folders] : listing.folders;
    const folders = names.map((name) => join(folder, name));
    return tree.isBare ? folders : folders.filter((each) => !tree.isIgnoredItself(each, true));
  }

  #keyOf(folder: string): string {
    return identityKey(folder, this.#options.mirror.foldsCase);
  }

  #compareFile(file: string, stamp: FileStamp, before: KnownFile | null): void {
    const isKnown = before?.path === file && before.isRead && isSameStamp(before.stamp, stamp);
    if (!isKnown || this.#options.rereads === true) this.#read(file, stamp, before === null);
  }

  async #noteLink(file: string, stamp: FileStamp, before: KnownFile | null): Promise<void> {
    if (before !== null && before.path === file && !before.isRead && isSameStamp(before.stamp, stamp)) return;
    const outcome = await this.#recorder.link(file, stamp);
    if (outcome.kind === 'seen') this.#seen.push(outcome);
    else this.#restless.push(file);
  }

  #read(file: string, stamp: FileStamp, isNew: boolean): void {
    const { clock, quietMs } = this.#options;
    if (isYoung(stamp, clock.now(), quietMs)) {
      this.#reads.add(() => this.#noteRestless(file, stamp, isNew));
      return;
    }
    this.#reads.add(async () => {
      const outcome = await this.#recorder.look(file, stamp, this.#options);
      if (outcome.kind !== 'seen') await this.#noteRestless(file, stamp, isNew);
      else this.#note(outcome);
    });
  }

  #note(seen: SeenFile): void {
    const now = this.#options.clock.now();
    if (this.#seen.push(seen) === 1) this.#seenSince = now;
    // A clock may be set back.
    const isDue = Math.abs(now - this.#seenSince) >= recordsEveryMs;
    if (isDue || this.#seen.length >= recordsAtOnce) this.#record();
  }

  async #noteRestless(file: string, stamp: FileStamp, isNew: boolean): Promise<void> {
    this.#restless.push(file);
    if (this.#options.isLongRestless?.(file) !== true) {
      if (isNew) this.#arriving.push(file);
      return;
    }
    const outcome = await this.#recorder.beingWritten(file, stamp);
    if (outcome.kind === 'seen') this.#seen.push(outcome);
  }

  /** Writes down what was seen, many files in one transaction: a commit for each would take longer than reading it. */
  #record(): void {
    const seen = this.#seen.splice(0);
    this.#options.manifest.transaction(() => {
      for (const look of seen) {
        const { file } = look;
        if (this.#isOfHints) this.#gone.noteSeen(file);
        if (!this.#recorder.record(look)) this.#restless.push(file.path);
        else if (file.problem?.code === unreadableCode) this.#unreadable.push(file.path);
        else this.#changed += 1;
      }
    });
    this.#options.onRecorded?.();
  }

  async #settleReads(): Promise<void> {
    await this.#reads.settled();
    this.#record();
  }
}

function nothingSeen(problem: Problem): ScanResult {
  return {
    problem,
    changed: 0,
    gone: 0,
    restless: [],
    arriving: [],
    missing: [],
    unreadable: [],
    mounts: [],
  };
}

function parentDevice(folder: string, standing: Extract<Standing, { kind: 'open' }>): bigint | null {
  return folder === '' ? null : standing.parentDevice;
}
