import type { Pace } from '../vi/index.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { Lane, Release, TransferSlots } from './transfer-slots.ts';

export type Direction = 'upload' | 'download';

/** What all mirrors share in one direction. */
export interface Road {
  readonly bandwidth: Bandwidth;
  readonly slots: TransferSlots;
}

export interface MirrorGateOptions {
  readonly roads: Readonly<Record<Direction, Road>>;
  readonly isPaused: boolean;
  /** Aborted when the mirror is closed. */
  readonly signal: AbortSignal;
  /** It was paused or resumed. */
  readonly onPause: () => void;
}

/** Leave to transfer one file: a slot, as long as it is not left. A pause takes it away. */
export interface Pass {
  /** Aborted by a pause, and when the mirror is closed. After {@link untilResumed} it is another one. */
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** It was taken away by a pause: whatever came of the transfer is no failure of it. */
  readonly isPaused: boolean;
  /** False when its pace says that a file of so many bytes can't have been handed over whole. */
  mayHaveMoved(bytes: number): boolean;
  /** After a pause: waits until the transfer may go on, in another slot. False: the mirror was closed. */
  untilResumed(): Promise<boolean>;
  leave(): void;
}

/**
 * Where the transfers of one mirror pass. It is shut while the mirror is paused, which ends what is on its way, and while the service can't
 * be reached, which does not: that fails, or comes through, by itself.
 */
export class MirrorGate {
  readonly #roads: Readonly<Record<Direction, Road>>;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  readonly #signal: AbortSignal;
  readonly #onPause: () => void;
  readonly #passes = new Set<RunningPass>();
  #isPaused: boolean;
  #isOnline = true;
  #pauses: number;
  #wasOpen = false;
  #openings = 0;
  #changed = Promise.withResolvers<void>();

  constructor({ roads, isPaused, signal, onPause }: MirrorGateOptions) {
    this.#roads = roads;
    this.#lanes = { upload: roads.upload.slots.addLane(), download: roads.download.slots.addLane() };
    this.#signal = signal;
    this.#onPause = onPause;
    this.#isPaused = isPaused;
    this.#pauses = isPaused ? 1 : 0;
    if (signal.aborted) this.#close();
    else signal.addEventListener('abort', () => this.#close(), { once: true });
    this.#update();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** True when transfers may begin. */
  get isOpen(): boolean {
    return !this.#isPaused && this.#isOnline && !this.#signal.aborted;
  }

  /** True while transfers run, or are about to end. */
  get isMoving(): boolean {
    return [...this.#passes].some(({ isWaiting }) => !isWaiting);
  }

  /** How often it was paused so far. */
  get pauses(): number {
    return this.#pauses;
  }

  /** How often it was opened so far: whatever was known of the service before the last time may be old. */
  get openings(): number {
    return this.#openings;
  }

  /** Whether the service can be reached: while it can't, nothing is begun. */
  setOnline(isOnline: boolean): void {
    if (isOnline === this.#isOnline) return;
    this.#isOnline = isOnline;
    this.#update();
  }

  /** A pause ends what is on its way, before this returns. */
  setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#pauses += 1;
    this.#update();
    if (isPaused) for (const pass of this.#passes) pass.pause();
    this.#onPause();
  }

  /** Waits for its turn, as long as the gate is shut too. Null: the mirror was closed, or `signal` aborted. */
  async enter(direction: Direction, isUrgent: boolean, signal?: AbortSignal): Promise<Pass | null> {
    const slot = { direction, isUrgent, signal };
    const begin = (release: Release): Pass => {
      const pass = new RunningPass(this.#roads[direction].bandwidth, this.#signal, release, {
        again: (resume) => this.#take({ direction, isUrgent }, resume),
        left: () => this.#passes.delete(pass),
      });
      this.#passes.add(pass);
      return pass;
    };
    return await this.#take(slot, begin);
  }

  /** False: the mirror was closed. */
  async untilOpen(): Promise<boolean> {
    while (!this.isOpen && !this.#signal.aborted) await this.#changed.promise;
    return !this.#signal.aborted;
  }

  /** The same, also during a pause. */
  async untilOnline(): Promise<boolean> {
    while (!this.#isOnline && !this.#signal.aborted) await this.#changed.promise;
    return !this.#signal.aborted;
  }

  /** Bytes per second that this mirror can count on while others transfer too; null: there is no limit. */
  share(direction: Direction): number | null {
    const { bandwidth, slots } = this.#roads[direction];
    return bandwidth.limit === null ? null : bandwidth.limit / Math.max(1, slots.busyLanes);
  }

  /** Calls `begin` with a slot in the same moment in which the gate was found open: a pause must not come between. */
  async #take<T>(
    {
      direction,
      isUrgent,
      signal,
    }: { direction: Direction; isUrgent: boolean; signal?: AbortSignal | undefined },
    begin: (release: Release) => T,
  ): Promise<T | null> {
    for (;;) {
      const release = await this.#roads[direction].slots.take(this.#lanes[direction], isUrgent, signal);
      if (release === null) return null;
      if (this.isOpen) return begin(release);
      release();
    }
  }

  #update(): void {
    if (this.isOpen && !this.#wasOpen) this.#openings += 1;
    this.#wasOpen = this.isOpen;
    for (const direction of ['upload', 'download'] as const) {
      this.#roads[direction].slots.setOpen(this.#lanes[direction], this.isOpen);
    }
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }

  #close(): void {
    for (const direction of ['upload', 'download'] as const) {
      this.#roads[direction].slots.removeLane(this.#lanes[direction]);
    }
    this.#update();
  }
}

interface PassOwner {
  /** Null: the mirror was closed. */
  again(resume: (release: Release) => boolean): Promise<boolean | null>;
  left(): void;
}

class RunningPass implements Pass {
  readonly #bandwidth: Bandwidth;
  readonly #closed: AbortSignal;
  readonly #owner: PassOwner;
  readonly #close = (): void => this.#abort.abort(this.#closed.reason);
  #release: Release;
  #abort = new AbortController();
  #isPaused = false;
  #isWaiting = false;
  #asked = 0;
  #granted = 0;

  constructor(bandwidth: Bandwidth, closed: AbortSignal, release: Release, owner: PassOwner) {
    this.#bandwidth = bandwidth;
    this.#closed = closed;
    this.#release = release;
    this.#owner = owner;
    if (closed.aborted) this.#close();
    else closed.addEventListener('abort', this.#close);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  readonly pace: Pace = async (bytes, signal = this.#abort.signal) => {
    this.#asked += 1;
    const granted = await this.#bandwidth.take(bytes, signal);
    this.#granted += granted;
    return granted;
  };

  mayHaveMoved(bytes: number): boolean {
    return this.#asked === 0 || this.#granted >= bytes;
  }

  pause(): void {
    if (this.#abort.signal.aborted) return;
    this.#isPaused = true;
    this.#abort.abort(new DOMException('The transfer has been paused.', 'AbortError'));
  }

  async untilResumed(): Promise<boolean> {
    this.#release();
    this.#isWaiting = true;
    const resumed = await this.#owner.again((release) => {
      this.#release = release;
      this.#abort = new AbortController();
      this.#isPaused = false;
      this.#isWaiting = false;
      this.#asked = 0;
      this.#granted = 0;
      return true;
    });
    return resumed ?? false;
  }

  leave(): void {
    this.#closed.removeEventListener('abort', this.#close);
    this.#owner.left();
    this.#release();
  }
}
