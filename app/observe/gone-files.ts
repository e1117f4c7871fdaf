import type { KnownFile } from '../manifest/local-table.ts';
import type { FolderGate } from './folder-gate.ts';
import type { LocalRecorder } from './local-recorder.ts';
import type { ScanOptions } from './scan-options.ts';
import { isInside } from './scan-path.ts';

/** The files that one scan has not found where they were known, and which of them are gone. */
export class GoneFiles {
  /** Paths of those that may turn up at another place. */
  readonly missing: string[] = [];
  /** Disks that were taken away during the scan. */
  readonly away: string[] = [];
  readonly #options: ScanOptions;
  readonly #recorder: LocalRecorder;
  readonly #gate: FolderGate;
  readonly #files = new Map<string, KnownFile>();

  constructor(options: ScanOptions, recorder: LocalRecorder, gate: FolderGate) {
    this.#options = options;
    this.#recorder = recorder;
    this.#gate = gate;
  }

  get isAny(): boolean {
    return this.#files.size > 0;
  }

  add(files: Iterable<KnownFile>): void {
    for (const file of files) this.#files.set(file.key, file);
  }

  /** A file that was recorded: one that is missing elsewhere has come here. */
  noteSeen({ path, stamp }: Pick<KnownFile, 'path' | 'stamp'>): void {
    this.#options.patience?.arrived.note(stamp, path);
  }

  /**
   * Takes those that are gone out of the tree. Returns how many; those that are only not observed any more are none of them.
   *
   * @param start when the scan began, as observations are counted
   */
  async remove(
    start: number,
    seen: { readonly isOfHints: boolean; readonly isAnyArriving: boolean },
  ): Promise<number> {
    const { manifest, unobserved } = this.#options;
    await this.#findTakenAway();
    const believed = this.#believed(start, seen);
    return manifest.transaction(
      () =>
        believed.filter(
          (known) => this.#recorder.recordGone(known, start) && unobserved.why(known.path) === null,
        ).length,
    );
  }

  /** Disks below the mirror's folder that were taken away with files that were therefore not found. They are judged when they are looked at again. */
  async #findTakenAway(): Promise<void> {
    for (const mount of this.#gate.mounts) {
      const lost = [...this.#files.values()].filter(({ path }) => isInside(path, mount));
      if (lost.length === 0 || !(await this.#gate.isTakenAway(mount))) continue;
      this.away.push(mount);
      for (const { key } of lost) this.#files.delete(key);
    }
  }

  /**
   * A file that is renamed or moved leaves its place at once, and counts in its new one only when it has held still there; and what tells
   * of the one may come before what tells of the other. Until then it is missing and not gone: as gone, it would be deleted in the dataset
   * and uploaded again.
   */
  #believed(
    start: number,
    seen: { readonly isOfHints: boolean; readonly isAnyArriving: boolean },
  ): KnownFile[] {
    const { patience, unobserved } = this.#options;
    const files = [...this.#files.values()].filter((known) => this.#isStillKnown(known, start));
    if (patience === undefined) return files;
    const isProvable = !seen.isOfHints || !patience.needsWholeScan();
    const isAnyArriving = seen.isAnyArriving || patience.isAnyArriving();
    return files.filter(({ path, stamp }) => {
      const isTimeUp = !isAnyArriving && (!seen.isOfHints || patience.wasMissing(path));
      const isGone = (isTimeUp || patience.isLongMissing(path)) && isProvable;
      const isElsewhere = patience.arrived.isElsewhere(stamp, path);
      const isBelieved = isGone || isElsewhere || unobserved.why(path) !== null;
      if (!isBelieved) this.missing.push(path);
      return isBelieved;
    });
  }

  /** False when it has been found under another spelling, or something newer has been recorded. */
  #isStillKnown(known: KnownFile, start: number): boolean {
    const now = this.#options.manifest.local.known(this.#options.mirror.id, known.key);
    return now !== null && now.path === known.path && now.observed <= start;
  }
}
