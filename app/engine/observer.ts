import type { Problem } from '../contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { type ScanResult, scanAll, scanPaths } from '../observe/local-scan.ts';
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
const checkMarksMs = 24 * 60 * 60_000;
/** Paths that somebody has changed within this are urgent. Milliseconds. */
const urgentMs = 60_000;

/** Keeps the manifest's tree of files up to date: knows what must be looked at, and when. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #hints = new Set<string>();
  /** Paths to be looked at again, and when, by the monotonic clock. */
  readonly #later = new Map<string, number>();
  readonly #edited = new Map<string, number>();
  #watch: Watch | undefined;
  #nextScan = Number.NEGATIVE_INFINITY;
  #nextCheck = Number.NEGATIVE_INFINITY;
  #hasScanned = false;
  #isScanning = false;
  #rereads = false;
  #rootProblem: Problem | null = null;
  #watchProblem: Problem | null = null;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** Why nothing can be observed; or why changes are found late. */
  get problem(): Problem | null {
    return this.#rootProblem ?? this.#watchProblem;
  }

  /** False while the folder can't be believed, and before it has been scanned whole. */
  get isProven(): boolean {
    return this.#hasScanned && this.#rootProblem === null;
  }

  get isRootMissing(): boolean {
    return this.#rootProblem !== null;
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
    const soon = this.#now() + 2 * this.#options.timing.quietMs + 1000;
    return this.#hints.size > 0 || this.isScanDue || [...this.#later.values()].some((at) => at <= soon);
  }

  /** When to look again, by the monotonic clock. */
  get nextAt(): number {
    if (this.#hints.size > 0 && this.#rootProblem === null) return this.#now();
    return Math.min(this.#nextScan, ...this.#later.values());
  }

  isUrgent(path: string): boolean {
    return (this.#edited.get(path) ?? Number.NEGATIVE_INFINITY) > this.#now() - urgentMs;
  }

  start(): void {
    const { environment, mirror, timing, onHint } = this.#options;
    this.#watch = environment.disk.watch({
      folder: mirror.folder,
      quietMs: Math.min(200, timing.quietMs),
      longestMs: longestHoldMs,
      onHints: (paths) => {
        for (const path of paths) {
          this.#hints.add(path);
          this.#edited.set(path, this.#now());
        }
        onHint();
      },
      onFailure: (problem) => {
        this.#watchProblem = problem;
        this.scanSoon();
      },
    });
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

  /** Looks at whatever is due. True when something was looked at. */
  async look(): Promise<boolean> {
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
    const hints = [...this.#hints];
    this.#hints.clear();
    this.#digest(await scanPaths(hints, this.#scanOptions()));
    return true;
  }

  async close(): Promise<void> {
    await this.#watch?.close();
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
      const result = await scanAll({ ...this.#scanOptions(), rereads });
      // Asked for again meanwhile: again.
      if (rereads && result.problem === null) this.#rereads = false;
      const took = this.#now() - start;
      const every =
        this.#watchProblem === null ? timing.scanMs : Math.max(timing.blindScanMs, blindShare * took);
      this.#planScan(this.#now() + every);
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

  /** What the manifest marks as decided is checked against its rows once a run and once a day: that reads all of them. */
  async #checkMarks(): Promise<void> {
    if (this.#now() < this.#nextCheck) return;
    const { manifest, mirror, environment, signal } = this.#options;
    await manifest.differences.unsettleDiffering(mirror.id, async () => {
      await environment.clock.sleep(0);
      signal.throwIfAborted();
    });
    this.#nextCheck = this.#now() + checkMarksMs;
  }

  /** A scan that was asked for meanwhile is not put off. */
  #planScan(at: number): void {
    this.#nextScan = Math.min(this.#nextScan, at);
  }

  #digest(result: ScanResult): void {
    this.#rootProblem = result.problem;
    if (result.problem !== null) {
      this.#nextScan = this.#now() + missingRootMs;
      return;
    }
    const { quietMs } = this.#options.timing;
    for (const path of result.restless) this.#later.set(path, this.#now() + quietMs);
    for (const path of result.unreadable) this.#later.set(path, this.#now() + unreadableMs);
    for (const [path, at] of this.#edited) {
      if (at <= this.#now() - urgentMs) this.#edited.delete(path);
    }
  }

  #scanOptions() {
    const { environment, manifest, mirror, timing, signal, onRecorded } = this.#options;
    const { disk, clock } = environment;
    return { disk, clock, manifest, mirror, quietMs: timing.quietMs, signal, onRecorded };
  }

  #now(): number {
    return this.#options.environment.clock.monotonic();
  }
}
