/** After the first listing that was forced, the wait before the next; doubled each time. Milliseconds. */
const firstWaitMs = 30_000;
const longestWaitMs = 60 * 60_000;
/** A small dataset is listed at little cost: the wait is no longer than so much for each of its pages. Milliseconds. */
const pageMs = 10_000;

/**
 * Listings of everything that were forced, by a count that disagrees or by one that could not be believed. Each may be in vain: they are
 * spaced further and further, until the count has been right once. Times by the monotonic clock.
 */
export class ForcedListings {
  #inARow = 0;
  #nextAt = Number.NEGATIVE_INFINITY;

  /** How many there have been without a right count in between. */
  get inARow(): number {
    return this.#inARow;
  }

  mayList(now: number): boolean {
    return now >= this.#nextAt;
  }

  /** One has ended. */
  listed(now: number, pages: number): void {
    const wait = Math.min(firstWaitMs * 2 ** Math.min(this.#inARow, 10), Math.max(1, pages) * pageMs);
    this.#inARow += 1;
    this.#nextAt = now + Math.min(longestWaitMs, wait);
  }

  /** The count was right. */
  settled(): void {
    this.#inARow = 0;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }
}
