import { comparableHash, type ViError } from '../vi/index.ts';
import { ProgressThrottle } from '../vi/progress-throttle.ts';
import type { LockedFile } from './lock.ts';
import type { PlannedFile } from './planned-file.ts';
import type {
  ConflictKind,
  FrozenDifference,
  PullConflict,
  PullFailure,
  PullProgress,
  PullResult,
} from './pull-result.ts';

type Counts = Pick<
  PullResult,
  | 'totalFiles'
  | 'totalPulled'
  | 'totalSame'
  | 'totalBytes'
  | 'totalUnverified'
  | 'totalNotTried'
  | 'conflicts'
  | 'failures'
  | 'differences'
  | 'replaced'
>;

/** Keeps count of one pull. Every file is settled once. */
export class PullTally {
  readonly held: LockedFile[] = [];
  readonly conflicts: PullConflict[] = [];
  readonly failures: PullFailure[] = [];
  readonly differences: FrozenDifference[] = [];
  readonly replaced: { path: string; trashPath: string }[] = [];
  readonly #progress: ProgressThrottle<PullProgress>;
  readonly #inFlight = new Map<string, number>();
  #phase: PullProgress['phase'] = 'listing';
  #total = 0;
  #checked = 0;
  #pulled = 0;
  #same = 0;
  #unverified = 0;
  #bytesTotal = 0;
  #bytesDone = 0;
  #bytesPulled = 0;

  constructor(onProgress: ((progress: PullProgress) => void) | undefined) {
    this.#progress = new ProgressThrottle(onProgress, () => this.progress());
  }

  listed(count: number): void {
    this.#total = count;
    this.#progress.report();
  }

  enter(phase: PullProgress['phase'], bytesTotal = this.#bytesTotal): void {
    this.#phase = phase;
    this.#bytesTotal = bytesTotal;
    this.#progress.report();
  }

  checked(): void {
    this.#checked++;
    this.#progress.report();
  }

  /** Bytes of a file fetched so far; falls back when it is begun anew. */
  moved(file: PlannedFile, bytes: number): void {
    this.#bytesDone += bytes - (this.#inFlight.get(file.assetId) ?? 0);
    this.#inFlight.set(file.assetId, bytes);
    this.#progress.report();
  }

  same(file: LockedFile): void {
    this.#same++;
    this.#hold(file);
  }

  pulled(file: LockedFile): void {
    this.#pulled++;
    this.#bytesPulled += file.size;
    this.#hold(file);
  }

  conflict(file: PlannedFile, kind: ConflictKind): void {
    const { path, assetId, filename } = file;
    this.conflicts.push({ kind, path, assetId, filename });
    this.#settle(file);
  }

  failed(file: PlannedFile, error: ViError): void {
    const { path, assetId, filename } = file;
    const message = `${error.message} ${error.suggestion}`;
    this.failures.push({ path, assetId, filename, code: error.code, message, error });
    this.#settle(file);
  }

  differs(file: PlannedFile, kind: FrozenDifference['kind'], filenameNow: string | null = null): void {
    const { path, assetId, filename } = file;
    this.differences.push({ kind, path, assetId, filename, filenameNow });
    this.#settle(file);
  }

  progress(): PullProgress {
    return {
      phase: this.#phase,
      filesTotal: this.#total,
      filesDone: this.#phase === 'checking' ? this.#checked : this.#settled,
      bytesTotal: this.#bytesTotal,
      bytesDone: this.#bytesDone,
    };
  }

  counts(): Counts {
    return {
      totalFiles: this.#total,
      totalPulled: this.#pulled,
      totalSame: this.#same,
      totalBytes: this.#bytesPulled,
      totalUnverified: this.#unverified,
      totalNotTried: this.#total - this.#settled,
      conflicts: this.conflicts,
      failures: this.failures,
      differences: this.differences,
      replaced: this.replaced,
    };
  }

  /** The last state, and no more reports. */
  end(): void {
    this.#progress.flush();
    this.#progress.stop();
  }

  /** No more reports, whatever still happens. */
  stop(): void {
    this.#progress.stop();
  }

  get #settled(): number {
    return this.#pulled + this.#same + this.conflicts.length + this.failures.length + this.differences.length;
  }

  #hold(file: LockedFile): void {
    this.held.push(file);
    if (comparableHash(file.hash ?? undefined) === undefined) this.#unverified++;
    this.#settle(file);
  }

  /** Its bytes need not be fetched any more: they count as done, so that the progress ends at its total. */
  #settle({ assetId, size }: Pick<PlannedFile, 'assetId' | 'size'>): void {
    if (this.#phase === 'fetching') {
      const moved = this.#inFlight.get(assetId) ?? 0;
      this.#bytesDone += (size ?? moved) - moved;
      this.#inFlight.delete(assetId);
    }
    this.#progress.report();
  }
}
