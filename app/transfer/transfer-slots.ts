/** Gives a slot back; more than once does no harm. */
export type Release = () => void;

/** Told that its turn has come; null: it never will. */
type Waiter = (slot: Release | null) => void;

/** One mirror's transfers of one direction. */
export interface Lane {
  readonly urgent: Set<Waiter>;
  readonly others: Set<Waiter>;
  running: number;
  isOpen: boolean;
}

/**
 * How many transfers of one direction run at once, for all mirrors together. Mirrors take turns, whatever each of them has waiting; within
 * a mirror urgent files come first. One slot more is for urgent files alone: the first of them never waits behind what nobody waits for.
 */
export class TransferSlots {
  #most: number;
  #running = 0;
  #isReserveTaken = false;
  /** The lane whose turn is next comes first. */
  readonly #lanes = new Set<Lane>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Mirrors that transfer something, or wait to. */
  get busyLanes(): number {
    return [...this.#lanes].filter(
      (lane) => lane.isOpen && lane.running + lane.urgent.size + lane.others.size > 0,
    ).length;
  }

  /** Transfers that run go on, even when there are to be fewer. */
  setMost(most: number): void {
    this.#most = most;
    this.#serve();
  }

  addLane(): Lane {
    const lane: Lane = { urgent: new Set(), others: new Set(), running: 0, isOpen: false };
    this.#lanes.add(lane);
    return lane;
  }

  /** Whatever waits in the lane is told that its turn will not come. */
  removeLane(lane: Lane): void {
    lane.isOpen = false;
    this.#lanes.delete(lane);
    for (const waiter of [...lane.urgent, ...lane.others]) waiter(null);
  }

  /** Nothing that waits in a closed lane gets a slot. */
  setOpen(lane: Lane, isOpen: boolean): void {
    lane.isOpen = isOpen;
    if (isOpen) this.#serve();
  }

  /** Resolves with a slot; with null when `signal` is aborted first, or the lane is removed. */
  take(lane: Lane, isUrgent: boolean, signal?: AbortSignal): Promise<Release | null> {
    if (signal?.aborted === true || !this.#lanes.has(lane)) return Promise.resolve(null);
    return new Promise((resolve) => {
      const queue = isUrgent ? lane.urgent : lane.others;
      const giveUp = (): void => waiter(null);
      const waiter: Waiter = (slot) => {
        queue.delete(waiter);
        signal?.removeEventListener('abort', giveUp);
        resolve(slot);
      };
      signal?.addEventListener('abort', giveUp);
      queue.add(waiter);
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#running < this.#most) {
      const lane = this.#next((each) => each.urgent.size + each.others.size > 0);
      if (lane === undefined) return;
      this.#running += 1;
      this.#give(lane, () => {
        this.#running -= 1;
      });
    }
    if (this.#isReserveTaken) return;
    const lane = this.#next(({ urgent }) => urgent.size > 0);
    if (lane === undefined) return;
    this.#isReserveTaken = true;
    this.#give(lane, () => {
      this.#isReserveTaken = false;
    });
  }

  #next(isWaiting: (lane: Lane) => boolean): Lane | undefined {
    for (const lane of this.#lanes) if (lane.isOpen && isWaiting(lane)) return lane;
    return undefined;
  }

  /** To the first that waits in a lane, which goes to the end of the queue. */
  #give(lane: Lane, giveBack: () => void): void {
    const [first] = lane.urgent.size > 0 ? lane.urgent : lane.others;
    this.#lanes.delete(lane);
    this.#lanes.add(lane);
    lane.running += 1;
    let isHeld = true;
    first?.(() => {
      if (!isHeld) return;
      isHeld = false;
      lane.running -= 1;
      giveBack();
      this.#serve();
    });
  }
}
