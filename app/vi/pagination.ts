import { attachPage, ViError, ViResponseError } from './errors.ts';

/** Which page, and how large. */
export interface PaginationParams {
  /** Items a page, 1 to 1,000; the service's default is 10. */
  readonly pageSize?: number | undefined;
  /** Token of the page to begin with: `nextPage` or `prevPage` of a page, or `error.page.pageToken` of a page that failed. */
  readonly pageToken?: string | undefined;
}

/** One page as the service gives it. */
export interface RawPage<T> {
  readonly items: readonly T[];
  readonly nextPage: string | null;
  readonly prevPage: string | null;
}

/** Fetches the page of a token; null is the first page. */
export type FetchPage<T> = (pageToken: string | null) => Promise<RawPage<T>>;

/** A service that gives this many empty pages in a row, each pointing to another one, is not taken to end by itself. */
const mostEmptyPagesInARow = 1000;

/**
 * One page of a listing. Iterating it goes through this page and all later ones; `allItems()` does so item by item.
 */
export class PaginatedResponse<T> implements RawPage<T>, AsyncIterable<PaginatedResponse<T>> {
  readonly items: readonly T[];
  /** Token of the next page; null on the last one. */
  readonly nextPage: string | null;
  /** Token of the page before; null on the first one, or when the service does not say. */
  readonly prevPage: string | null;
  /** Token that this page was asked for with. */
  readonly pageToken: string | null;
  /** 1 for the first page that the listing asked for. */
  readonly number: number;
  readonly #fetch: FetchPage<T>;

  constructor(page: RawPage<T>, place: { pageToken: string | null; number: number }, fetch: FetchPage<T>) {
    this.items = page.items;
    this.nextPage = page.nextPage;
    this.prevPage = page.prevPage;
    this.pageToken = place.pageToken;
    this.number = place.number;
    this.#fetch = fetch;
  }

  /** This page and every later one. A page that fails throws an error whose `page` names it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<PaginatedResponse<T>, void, undefined> {
    const seen = new Set<string | null>([this.pageToken]);
    let page: PaginatedResponse<T> = this;
    let empty = 0;
    for (;;) {
      yield page;
      const next = page.nextPage;
      if (next === null) return;
      empty = page.items.length === 0 ? empty + 1 : 0;
      const failed = { number: page.number + 1, pageToken: next };
      if (seen.has(next)) {
        throw attachPage(
          new ViResponseError(
            'The service gave a page token that it had given before, so the listing would never end.',
          ),
          failed,
        );
      }
      if (empty >= mostEmptyPagesInARow) {
        throw attachPage(
          new ViResponseError(
            `The service gave ${empty} empty pages in a row, and says that there are more.`,
          ),
          failed,
        );
      }
      seen.add(next);
      page = await fetchPage(this.#fetch, next, failed.number);
    }
  }

  /** Every item of this page and all later ones. */
  async *allItems(): AsyncGenerator<T, void, undefined> {
    for await (const page of this) yield* page.items;
  }
}

/**
 * What a list call returns: `await` it for the first page, iterate it page by page with `for await`, or item by item
 * with `allItems()`. Nothing is requested before one of these is done, and the first page is requested once. Being
 * awaitable, it becomes its first page when an async function returns it.
 */
export class PaginatedList<T>
  implements PromiseLike<PaginatedResponse<T>>, AsyncIterable<PaginatedResponse<T>>
{
  readonly #fetch: FetchPage<T>;
  readonly #pageToken: string | null;
  #first: Promise<PaginatedResponse<T>> | undefined;

  constructor(fetch: FetchPage<T>, pageToken: string | null = null) {
    this.#fetch = fetch;
    this.#pageToken = pageToken;
  }

  // biome-ignore lint/suspicious/noThenProperty: a list call can be awaited for its first page, by design.
  then<A = PaginatedResponse<T>, B = never>(
    onFulfilled?: ((page: PaginatedResponse<T>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#firstPage().then(onFulfilled, onRejected);
  }

  catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<PaginatedResponse<T> | B> {
    return this.#firstPage().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<PaginatedResponse<T>> {
    return this.#firstPage().finally(onFinally);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PaginatedResponse<T>, void, undefined> {
    yield* await this.#firstPage();
  }

  async *allItems(): AsyncGenerator<T, void, undefined> {
    yield* (await this.#firstPage()).allItems();
  }

  #firstPage(): Promise<PaginatedResponse<T>> {
    // A failed first page is asked for anew when somebody tries again.
    this.#first ??= fetchPage(this.#fetch, this.#pageToken, 1).catch((error: unknown) => {
      this.#first = undefined;
      throw error;
    });
    return this.#first;
  }
}

async function fetchPage<T>(
  fetch: FetchPage<T>,
  pageToken: string | null,
  number: number,
): Promise<PaginatedResponse<T>> {
  try {
    return new PaginatedResponse(await fetch(pageToken), { pageToken, number }, fetch);
  } catch (error) {
    if (error instanceof ViError) throw attachPage(error, { number, pageToken });
    throw error;
  }
}
