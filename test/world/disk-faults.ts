import type { Disk } from '../../app/engine/environment.ts';
import type { SeededRandom } from './seeded-random.ts';

export type DiskCall = Exclude<keyof Disk, 'watch' | 'driveOf' | 'close'> | 'send' | 'fetch';

/** Something that goes wrong with a disk. */
export interface DiskFault {
  /** Only these calls; left out, all. */
  readonly calls?: readonly DiskCall[];
  /** Only paths that have this in them. */
  readonly path?: string;
  /** `EIO`, `EACCES`, `ENOSPC`, `EBUSY`, … */
  readonly code: string;
  /** How many matching calls go well before. */
  readonly skip?: number;
  /** How often it happens; left out, until it is taken away. */
  readonly times?: number;
}

/** Faults that strike at random. */
export interface DiskTrouble {
  /** Part of all calls that fail, 0 to 1. */
  readonly rate: number;
  readonly codes: readonly string[];
}

/** The faults of a disk, and how often each has happened. */
export class DiskFaults {
  /** Put another array in its place to change it. */
  list: readonly DiskFault[] = [];
  trouble: DiskTrouble | null = null;
  readonly #random: SeededRandom;
  readonly #met = new WeakMap<DiskFault, number>();

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** The code that a call fails with; null: it goes well. Counts. */
  next(call: DiskCall, path: string): string | null {
    for (const fault of this.list) {
      if (fault.calls !== undefined && !fault.calls.includes(call)) continue;
      if (fault.path !== undefined && !path.includes(fault.path)) continue;
      const met = (this.#met.get(fault) ?? 0) + 1;
      this.#met.set(fault, met);
      const skip = fault.skip ?? 0;
      if (met > skip && met <= skip + (fault.times ?? Number.POSITIVE_INFINITY)) return fault.code;
    }
    const { trouble } = this;
    return trouble !== null && this.#random.chance(trouble.rate) ? this.#random.pick(trouble.codes) : null;
  }
}
