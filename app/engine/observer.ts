import path from 'node:path';
import type { Problem } from '../contract.ts';
import { isSupportedExtension } from '../image/formats.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { baseNameOf } from '../manifest/path-key.ts';
import { ArrivedFiles } from '../observe/arrived-files.ts';
import { ruleFileName } from '../observe/ignore-rules.ts';
import { scanAll, scanPaths } from '../observe/local-scan.ts';
import { Restless } from '../observe/restless.ts';
import type { ScanResult } from '../observe/scan-options.ts';
import { Unobserved, type UnobservedReason } from '../observe/unobserved.ts';
import { hiddenProblem } from '../observe/unobserved-words.ts';
import { driveProblem } from '../observe/watch-words.ts';
import type { Environment, Watch } from './environment.ts';
import type { Timing } from './timing.ts';

export interface ObserverOptions {
  readonly environment: Environment;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** There is something to look at. */
  readonly onHint: () => void;
  /** Files were recorded, while a scan goes on. */
  /** Whether a file that was deleted takes its asset with it without a question: then only a whole scan proves that it is nowhere else. */
  readonly provesDeletions: () => boolean;
  readonly onRecorded: () => void;
}

/** A watcher reports changes for this long at most before they are looked at. Milliseconds. */
const longestHoldMs = 2000;
/** What can't be read is tried again after this. Milliseconds. */
const unreadableMs = 30_000;
/** A folder that is not there, or not to be believed, is looked at again after this. Milliseconds. */
const missingRootMs = 3000;
/** Whole scans without a watcher take at most this part of the time. */
const blindShare = 20;
/** And as much where they are to prove deletions. */
const proofShare = 4;
const checkMarksMs = 24 * 60 * 60_000;
/** Paths that somebody has changed within this are urgent. Milliseconds. */
const urgentMs = 60_000;
/** A watcher is set up anew for other folders no sooner than this after it was set up. Milliseconds. */
const watchAtLeastMs = 10_000;

/** Keeps the manifest's tree of files up to date: knows what must be looked at, and when. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #unobserved: Unobserved;
  readonly #restless: Restless;
  readonly #arrived = new ArrivedFiles();
  readonly #hints = new Set<string>();
  /** Paths to be looked at again, and when, by the monotonic clock. */
  readonly #later = new Map<string, number>();
  readonly #edited = new Map<string, number>();
  #watch: Watch | undefined;
  #watchedSince = 0;
  /** What was in reach when the watcher was set up. */
  #watchedReach = 0;
  /** When to set it up anew. */
  #rewatchAt = Number.POSITIVE_INFINITY;
  #markedVersion = 0;
  #nextScan = Number.NEGATIVE_INFINITY;
  /** When the last whole scan ended, and how long it took. */
  #scannedAt = Number.NEGATIVE_INFINITY;
  #scanTook = 0;
  #nextCheck = Number.NEGATIVE_INFINITY;
  #hasScanned = false;
  #isScanning = false;
  #rereads = false;
  #rootProblem: Problem | null = null;
  #watchProblem: Problem | null = null;
  #driveProblem: Problem | null = null;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#unobserved = new Unobserved(options.mirror.foldsCase);
    this.#restless = new Restless(options.timing.quietMs);
  }

  /** Why nothing can be observed; or something; or why changes are found late. */
  get problem(): Problem | null {
    return this.#rootProblem ?? this.#hiddenProblem() ?? this.#watchProblem ?? this.#driveProblem;
  }

  /** False while the folder can't be believed, and before it has been scanned whole. */
  get isProven(): boolean {
    return this.#hasScanned && this.#rootProblem === null;
  }

  get isRootMissing(): boolean {
    return this.#rootProblem !== null;
  }

  /** True while some folder below the mirror's can't be looked at. */
  get isPartial(): boolean {
    return this.#unobserved.hidden.length > 0;
  }

  /** True when the whole folder is to be scanned now. */
  get isScanDue(): boolean {
    return this.#nextScan <= this.#now();
  }

  /** True during a scan of the whole folder. */
  get isScanning(): boolean {
    return this.#isScanning;
  }

  /** True when there is something to look at now, or in a moment. */
  get isPending(): boolean {
    if (this.#rootProblem !== null) return false;
    const now = this.#now();
    const soon = now + 2 * this.#options.timing.quietMs + 1000;
    return (
      this.#hints.size > 0 ||
      this.isScanDue ||
      this.#restless.isAnyShort(now) ||
      [...this.#later].some(([each, at]) => at <= soon && !this.#restless.isLong(each, now))
    );
  }

  /** When to look again, by the monotonic clock. */
  get nextAt(): number {
    if (this.#hints.size > 0 && this.#rootProblem === null) return this.#now();
    return Math.min(this.#nextScan, this.#rewatchAt, ...this.#later.values());
  }

  isUrgent(path: string): boolean {
    return (this.#edited.get(path) ?? Number.NEGATIVE_INFINITY) > this.#now() - urgentMs;
  }

  /** Why nothing is known of a file of this path; null: it would have been seen. */
  whyUnobserved(path: string): UnobservedReason | null {
    return this.#unobserved.why(path);
  }

  start(): void {
    this.#startWatch();
  }

  /** The whole folder is to be scanned with the next look. */
  scanSoon(): void {
    this.#nextScan = this.#now();
    this.#options.onHint();
  }

  /** Every file is to be read anew with the next look. */
  rereadSoon(): void {
    this.#rereads = true;
    this.scanSoon();
  }

  /** Something at this path is not as it was taken to be. */
  hint(path: string): void {
    this.#hints.add(path);
    this.#options.onHint();
  }

  /** Looks at whatever is due. True when that may be of interest for a plan: a look that has found everything as it was known is not. */
  async look(): Promise<boolean> {
    if (this.#rewatchAt <= this.#now()) await this.#rewatch();
    for (const [path, at] of this.#later) {
      if (at > this.#now()) continue;
      this.#later.delete(path);
      this.#hints.add(path);
    }
    if (this.isScanDue) {
      await this.#scanAll();
      return true;
    }
    if (this.#hints.size === 0 || this.#rootProblem !== null) return false;
    return this.#scanHints();
  }

  async close(): Promise<void> {
    await this.#watch?.close();
  }

  /** Own writes are hinted at too: without a download's look at what it has written, there would be a plan for each few of them. */
  async #scanHints(): Promise<boolean> {
    const hints = new Set(this.#hints);
    this.#hints.clear();
    try {
      const result = await scanPaths(hints, this.#scanOptions(hints));
      const restless = new Set(result.restless);
      for (const each of hints) if (!restless.has(each)) this.#restless.settle(each);
      if (this.#options.provesDeletions() && result.missing.some((each) => this.#restless.wasMissing(each))) {
        this.#planScan(Math.max(this.#now(), this.#scannedAt + proofShare * this.#scanTook));
      }
      this.#digest(result);
      const isOtherwiseObserved = this.#unobserved.version !== this.#markedVersion;
      if (isOtherwiseObserved) await this.#checkMarks();
      return isOtherwiseObserved || !isAsKnown(result);
    } catch (error) {
      // What they were about is not known any more than before.
      for (const each of hints) this.#hints.add(each);
      throw error;
    }
  }

  async #scanAll(): Promise<void> {
    const { manifest, mirror, timing, environment } = this.#options;
    const start = this.#now();
    // What is hinted from now on may come too late for this scan.
    this.#hints.clear();
    this.#later.clear();
    this.#nextScan = Number.POSITIVE_INFINITY;
    this.#isScanning = true;
    try {
      const rereads = this.#rereads;
      const result = await scanAll({ ...this.#scanOptions(null), rereads });
      // Asked for again meanwhile: again.
      if (rereads && result.problem === null) this.#rereads = false;
      const took = this.#now() - start;
      this.#scannedAt = this.#now();
      this.#scanTook = took;
      await this.#checkDrives(result);
      const isBlind = this.#watchProblem !== null || this.#driveProblem !== null;
      const every = isBlind ? Math.max(timing.blindScanMs, blindShare * took) : timing.scanMs;
      this.#planScan(this.#now() + every);
      this.#restless.settleAllBut(new Set(result.restless), this.#now());
      this.#digest(result);
      if (result.problem !== null) return;
      this.#hasScanned = true;
      manifest.mirrors.setScanned(mirror.id, environment.clock.now());
      await this.#checkMarks();
    } catch (error) {
      this.#planScan(this.#now());
      throw error;
    } finally {
      this.#isScanning = false;
    }
  }

  /**
   * What is observed again, or not any more, is decided about anew. And once a run and once a day what the manifest marks as decided is
   * checked against its rows all the same: that reads all of them.
   */
  async #checkMarks(): Promise<void> {
    const { version } = this.#unobserved;
    if (version === this.#markedVersion && this.#now() < this.#nextCheck) return;
    const { manifest, mirror, environment, signal } = this.#options;
    await manifest.differences.unsettleDiffering(mirror.id, async () => {
      await environment.clock.sleep(0);
      signal.throwIfAborted();
    });
    manifest.queued.clear(mirror.id);
    this.#markedVersion = version;
    this.#nextCheck = this.#now() + checkMarksMs;
  }

  /** A scan that was asked for meanwhile is not put off. */
  #planScan(at: number): void {
    this.#nextScan = Math.min(this.#nextScan, at);
  }

  #digest(result: ScanResult): void {
    const wasMissing = this.#rootProblem !== null;
    this.#rootProblem = result.problem;
    const now = this.#now();
    if (result.problem !== null) {
      this.#nextScan = now + missingRootMs;
      return;
    }
    // What is watched may be the place of a disk that is back by now.
    if (wasMissing || this.#unobserved.reach !== this.#watchedReach) {
      const atLeast = Math.min(watchAtLeastMs, this.#options.timing.rewatchMs);
      this.#rewatchAt = Math.min(this.#rewatchAt, Math.max(now, this.#watchedSince + atLeast));
    }
    const arriving = new Set(result.arriving);
    const missing = new Set(result.missing);
    for (const path of result.restless) {
      const kind = missing.has(path) ? 'missing' : arriving.has(path) ? 'arriving' : 'moving';
      this.#later.set(path, this.#restless.note(path, kind, now));
    }
    for (const path of result.unreadable) this.#later.set(path, now + unreadableMs);
    for (const [path, at] of this.#edited) {
      if (at <= now - urgentMs) this.#edited.delete(path);
    }
  }

  /** Where other computers change files without a word to this one, watching is not enough. */
  async #checkDrives({ mounts }: ScanResult): Promise<void> {
    const { environment, mirror } = this.#options;
    this.#driveProblem = null;
    for (const folder of ['', ...mounts]) {
      const absolute = path.join(mirror.folder, folder);
      const { isShared, name } = await environment.disk.driveOf(absolute);
      if (isShared) this.#driveProblem ??= driveProblem(absolute, name);
    }
  }

  #hiddenProblem(): Problem | null {
    const [first, ...others] = this.#unobserved.hidden;
    if (first === undefined) return null;
    const problem = hiddenProblem(first.folder, first.why);
    if (others.length === 0) return problem;
    return { ...problem, detail: `${problem.detail} (And ${others.length} more of the kind.)` };
  }

  #startWatch(): void {
    const { environment, mirror, timing, onHint } = this.#options;
    this.#watchedSince = this.#now();
    this.#watchedReach = this.#unobserved.reach;
    this.#rewatchAt = Number.POSITIVE_INFINITY;
    let hasFailed = false;
    this.#watch = environment.disk.watch({
      folder: mirror.folder,
      quietMs: Math.min(200, timing.quietMs),
      longestMs: longestHoldMs,
      isWatched: (path, kind) => this.#isWatched(path, kind),
      onHints: (paths) => {
        const now = this.#now();
        for (const path of paths) {
          this.#edited.set(path, now);
          // It will be looked at in its time.
          if (!this.#restless.isResting(path, now)) this.#hints.add(path);
        }
        onHint();
      },
      onReady: () => {
        if (!hasFailed) this.#watchProblem = null;
      },
      onFailure: (problem) => {
        hasFailed = true;
        this.#watchProblem = problem;
        this.#rewatchAt = this.#now() + timing.rewatchMs;
        this.scanSoon();
      },
    });
  }

  /** What would never be observed need not be watched. */
  #isWatched(path: string, kind: 'file' | 'folder' | 'link' | 'unknown'): boolean {
    const name = baseNameOf(path);
    if (name === ruleFileName) return true;
    if (kind === 'file' && !isSupportedExtension(name)) return false;
    return !this.#unobserved.ruleFiles.tree.isIgnored(path, kind === 'folder');
  }

  async #rewatch(): Promise<void> {
    await this.#watch?.close();
    if (!this.#options.signal.aborted) this.#startWatch();
  }

  /** @param looksAt the paths that the scan looks at; null: everything */
  #scanOptions(looksAt: ReadonlySet<string> | null) {
    const { environment, manifest, mirror, timing, signal, onRecorded } = this.#options;
    const { disk, clock } = environment;
    return {
      disk,
      clock,
      manifest,
      mirror,
      unobserved: this.#unobserved,
      quietMs: timing.quietMs,
      signal,
      isLongRestless: (path: string) => this.#restless.isLong(path, this.#now()),
      patience: {
        arrived: this.#arrived,
        isAnyArriving: () => looksAt !== null && this.#restless.isAnyArriving(looksAt, this.#now()),
        needsWholeScan: () => this.#options.provesDeletions(),
        wasMissing: (path: string) => this.#restless.wasMissing(path),
        isLongMissing: (path: string) => this.#restless.isLongMissing(path, this.#now()),
      },
      onRecorded,
    };
  }

  #now(): number {
    return this.#options.environment.clock.monotonic();
  }
}

/** Whether a scan has found everything as the manifest had it, and nothing that is to be looked at again. */
function isAsKnown({ problem, changed, gone, restless, unreadable }: ScanResult): boolean {
  return problem === null && changed === 0 && gone === 0 && restless.length === 0 && unreadable.length === 0;
}
