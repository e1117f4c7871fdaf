/**
 * What has been done to a disk and is not on it yet: the newest of it is lost when the power goes. As on a disk with a journal, changes come
 * to the disk in their order, and whoever makes sure of one has made sure of all before it.
 */
export class Unsynced {
  readonly #changes: (readonly (() => void)[])[] = [];
  #open: (() => void)[] | null = null;

  /** Does something that is there wholly or not at all after a power cut. */
  change<T>(what: () => T): T {
    if (this.#open !== null) return what();
    const undo: (() => void)[] = [];
    this.#open = undo;
    try {
      return what();
    } finally {
      this.#open = null;
      if (undo.length > 0) this.#changes.push(undo);
    }
  }

  /** How a part of the change that is being made is undone. */
  undoBy(undo: () => void): void {
    this.#open?.push(undo);
  }

  /** Everything until now is on the disk. */
  sync(): void {
    this.#changes.length = 0;
  }

  /** Number of changes that could be lost. */
  get size(): number {
    return this.#changes.length;
  }

  /** The power goes: the newest changes are undone, so many of them. */
  lose(count: number): void {
    for (let left = count; left > 0; left--) {
      for (const undo of this.#changes.pop()?.toReversed() ?? []) undo();
    }
    this.sync();
  }
}
