import type { Clock } from '../engine/environment.ts';
import { Bandwidth } from './bandwidth.ts';
import { type Direction, MirrorGate, type Road } from './mirror-gate.ts';
import { TransferSlots } from './transfer-slots.ts';

/** How fast, and how many at once, for all mirrors together. */
export interface TransferLimits {
  /** Bytes per second; null: as fast as it goes. */
  readonly uploadLimit: number | null;
  readonly downloadLimit: number | null;
  /** Files at once, beside one more for a file that somebody has just edited. */
  readonly uploadsAtOnce: number;
  readonly downloadsAtOnce: number;
}

export const defaultLimits: TransferLimits = {
  uploadLimit: null,
  downloadLimit: null,
  uploadsAtOnce: 16,
  downloadsAtOnce: 16,
};

/** The one place where the transfers of all mirrors of an engine are limited, and paused. */
export class TransferGate {
  readonly #roads: Readonly<Record<Direction, Road>>;
  readonly #mirrors = new Map<MirrorGate, string>();
  readonly #paused = new Set<string>();
  #limits = defaultLimits;

  constructor(clock: Clock) {
    const road = (most: number) => ({ bandwidth: new Bandwidth(clock), slots: new TransferSlots(most) });
    this.#roads = {
      upload: road(defaultLimits.uploadsAtOnce),
      download: road(defaultLimits.downloadsAtOnce),
    };
  }

  get limits(): TransferLimits {
    return this.#limits;
  }

  /**
   * Changes limits, also of transfers that run: what is left out stays. Fewer at once are reached as transfers end.
   *
   * @throws RangeError when a limit is not more than 0; nothing is changed then
   */
  setLimits(changes: Partial<TransferLimits>): void {
    const limits = { ...this.#limits, ...changes };
    checkLimits(limits);
    this.#limits = limits;
    const { upload, download } = this.#roads;
    upload.bandwidth.setLimit(limits.uploadLimit);
    download.bandwidth.setLimit(limits.downloadLimit);
    upload.slots.setMost(limits.uploadsAtOnce);
    download.slots.setMost(limits.downloadsAtOnce);
  }

  /** A pause ends all transfers of the mirror that run, before this returns, and none begins until it is over. */
  setPaused(mirrorId: string, isPaused: boolean): void {
    if (isPaused) this.#paused.add(mirrorId);
    else this.#paused.delete(mirrorId);
    for (const [gate, owner] of this.#mirrors) if (owner === mirrorId) gate.setPaused(isPaused);
  }

  /**
   * The gate of one mirror, until `signal` is aborted.
   *
   * @param onPause told whenever the mirror was paused or resumed
   */
  open(mirrorId: string, signal: AbortSignal, onPause: () => void): MirrorGate {
    const isPaused = this.#paused.has(mirrorId);
    const gate = new MirrorGate({ roads: this.#roads, isPaused, signal, onPause });
    this.#mirrors.set(gate, mirrorId);
    signal.addEventListener('abort', () => this.#mirrors.delete(gate), { once: true });
    return gate;
  }
}

function checkLimits(limits: TransferLimits): void {
  for (const rate of [limits.uploadLimit, limits.downloadLimit]) {
    if (rate === null || (Number.isFinite(rate) && rate > 0)) continue;
    throw new RangeError(`A limit must be more than 0 bytes per second, and not ${rate}.`);
  }
  for (const most of [limits.uploadsAtOnce, limits.downloadsAtOnce]) {
    if (Number.isInteger(most) && most >= 1) continue;
    throw new RangeError(`At least 1 transfer at once must be allowed, and not ${most}.`);
  }
}
