import { ViResponseError } from './errors.ts';

/** After so many pages in a row that show nothing new, a listing is not taken to end by itself. */
const mostIdlePages = 20;
/** The most assets of a listing: twice as many as the dataset counts, or so many whatever it counts, and never more than the last. */
const leastMost = 50_000;
const uncountedMost = 5_000_000;

/** Makes sure that a listing ends, whatever the service says. */
export class ListingEnd {
  readonly #assetTotal: number | null;
  readonly #most: number;
  #listed = 0;
  #idle = 0;
  #pages = 0;
  /** A token that comes again leads in a circle. One is remembered, further and further on: it is met again in any circle. */
  #remembered: string | undefined;
  #rememberAt = 1;

  /** @param assetTotal how many assets the dataset says that it has; null: it does not say */
  constructor(assetTotal: number | null) {
    this.#assetTotal = assetTotal;
    this.#most = Math.min(uncountedMost, Math.max(leastMost, 2 * (assetTotal ?? uncountedMost)));
  }

  /**
   * A page was listed, and another one is to come.
   *
   * @param fresh assets on it that no page before has shown
   * @param nextToken of the page to come
   * @throws ViResponseError `EndlessListing`
   */
  next(fresh: number, nextToken: string): void {
    this.#pages += 1;
    this.#listed += fresh;
    this.#idle = fresh === 0 ? this.#idle + 1 : 0;
    if (nextToken === this.#remembered) throw endless('it gives a page again that it has given before');
    if (this.#idle >= mostIdlePages) throw endless(`${this.#idle} pages in a row have shown nothing new`);
    if (this.#listed > this.#most) {
      const counted = this.#assetTotal ?? 'none';
      throw endless(`it has shown ${this.#listed} assets, and the dataset counts ${counted}`);
    }
    if (this.#pages === this.#rememberAt) {
      this.#remembered = nextToken;
      this.#rememberAt *= 2;
    }
  }
}

function endless(reason: string): ViResponseError {
  return new ViResponseError(`The service’s list of the dataset’s assets does not end: ${reason}.`, {
    code: 'EndlessListing',
    suggestion:
      'Nothing was changed because of it. Try again later; if it stays so, tell the service’s support.',
  });
}
