import type { AppApi, CallArgs, FileRow, FileState, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { ObservableValue } from './observable.ts';

export type FileSort = NonNullable<CallArgs<'files'>['sort']>;

export interface FileQuery {
  readonly mirrorId: string;
  readonly state: FileState | null;
  readonly search: string;
  readonly sort: FileSort;
  readonly descending: boolean;
}

/** What changed last: the total (null until known), a number that grows with every change of rows, and why rows could not be fetched. */
export interface FilePagesState {
  readonly total: number | null;
  readonly version: number;
  readonly problem: Problem | null;
}

interface Page {
  readonly rows: readonly FileRow[];
  readonly generation: number;
}

const pageSize = 200;
/** Pages kept beside those on screen, so that scrolling back shows rows at once. */
const mostPages = 25;
const mostRequests = 2;
/** Least time between two refreshes while rows change, in milliseconds. */
const refreshMs = 400;

/**
 * The files of one query, fetched in pages as they come into view. A list of any length costs the memory of a few thousand rows.
 * Rows that changed are shown as they were until they are fetched again.
 */
export class FilePages {
  readonly query: FileQuery;
  readonly state = new ObservableValue<FilePagesState>({ total: null, version: 0, problem: null });
  readonly #engine: AppApi;
  readonly #pages = new Map<number, Page>();
  readonly #requested = new Set<number>();
  #first = 0;
  #last = 0;
  #generation = 0;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(engine: AppApi, query: FileQuery) {
    this.#engine = engine;
    this.query = query;
  }

  rowAt(index: number): FileRow | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
  }

  /** Where a path is among the rows that are here, or -1. */
  indexOf(path: string): number {
    for (const [number, { rows }] of this.#pages) {
      const within = rows.findIndex((row) => row.path === path);
      if (within !== -1) return number * pageSize + within;
    }
    return -1;
  }

  /** Says which rows are on screen. */
  show(first: number, last: number): void {
    if (first === this.#first && last === this.#last) return;
    this.#first = first;
    this.#last = last;
    this.#fetch();
  }

  /** Rows may have changed: those on screen are fetched again soon, others when they come into view. */
  refresh(): void {
    this.#generation += 1;
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = undefined;
      this.#fetch();
    }, refreshMs);
  }

  /** Fetches what is on screen at once: at first, after a failure, at a new connection. */
  fetchNow(): void {
    this.#generation += 1;
    this.#requested.clear();
    this.#fetch();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#refreshTimer);
  }

  #fetch(): void {
    if (this.#closed) return;
    for (const number of this.#wanted()) {
      if (this.#requested.size >= mostRequests) return;
      if (!this.#requested.has(number)) void this.#fetchPage(number);
    }
  }

  #wanted(): readonly number[] {
    const from = Math.floor(this.#first / pageSize);
    const to = Math.floor(this.#last / pageSize);
    const wanted: number[] = [];
    for (let number = from; number <= to; number++) {
      // While a refresh waits for its time, a page that is here counts as fresh.
      const page = this.#pages.get(number);
      if (page === undefined || (page.generation < this.#generation && this.#refreshTimer === undefined))
        wanted.push(number);
    }
    return wanted;
  }

  async #fetchPage(number: number): Promise<void> {
    const generation = this.#generation;
    this.#requested.add(number);
    try {
      const { state, search, ...rest } = this.query;
      const { total, items } = await this.#engine.call('files', {
        ...rest,
        ...(state === null ? {} : { state }),
        ...(search === '' ? {} : { search }),
        offset: number * pageSize,
        limit: pageSize,
      });
      if (this.#closed) return;
      this.#requested.delete(number);
      const known = this.#pages.get(number)?.rows;
      this.#keep(number, { rows: known === undefined ? items : reuse(known, items), generation });
      this.state.set({ total, version: this.state.get().version + 1, problem: null });
      this.#fetch();
    } catch (error) {
      this.#requested.delete(number);
      const problem = problemOfCall(error);
      if (!this.#closed && problem !== null) this.state.set({ ...this.state.get(), problem });
    }
  }

  #keep(number: number, page: Page): void {
    this.#pages.delete(number);
    this.#pages.set(number, page);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= mostPages) return;
      // A map lists its oldest entries first.
      this.#pages.delete(old);
    }
  }
}

/** The fetched rows, with the known object for each that did not change: rows on screen are drawn again only when they differ. */
function reuse(known: readonly FileRow[], fetched: readonly FileRow[]): readonly FileRow[] {
  return fetched.map((row, index) => {
    const before = known[index];
    return before !== undefined && JSON.stringify(before) === JSON.stringify(row) ? before : row;
  });
}
