import type { AppApi, CallResult, Hold, HoldReason, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { ObservableValue } from './observable.ts';

type HoldCount = CallResult<'holdCounts'>['counts'][number];

/** The holds of one reason in one mirror. */
export interface HoldGroup {
  readonly mirrorId: string;
  readonly reason: HoldReason;
  /** Those that wait for an answer, with the annotations that are at stake. */
  readonly waiting: {
    readonly count: number;
    readonly annotations: number;
    /** Assets that the service tells no number of annotations of. */
    readonly unknown: number;
  };
  /** Those that are left alone without an answer. */
  readonly optional: number;
}

/** What changed last. `groups` is null until it is known. */
export interface HoldListState {
  readonly groups: readonly HoldGroup[] | null;
  /** Grows with every change of what is listed. */
  readonly version: number;
  readonly problem: Problem | null;
}

const pageSize = 100;
const mostPages = 30;
const refreshMs = 300;

export const groupKey = ({ mirrorId, reason }: Pick<HoldGroup, 'mirrorId' | 'reason'>): string =>
  `${mirrorId} ${reason}`;

/** What waits for a person in all mirrors, in groups; the holds of a group are fetched in pages as they come into view. */
export class HoldList {
  readonly state = new ObservableValue<HoldListState>({ groups: null, version: 0, problem: null });
  readonly includesOptional: boolean;
  readonly #engine: AppApi;
  readonly #pages = new Map<string, readonly Hold[]>();
  readonly #requested = new Set<string>();
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(engine: AppApi, includesOptional: boolean) {
    this.#engine = engine;
    this.includesOptional = includesOptional;
  }

  /** A hold of a group by its place; undefined until it is fetched, which asking for it begins. */
  holdAt(group: HoldGroup, index: number): Hold | undefined {
    const page = Math.floor(index / pageSize);
    const key = `${groupKey(group)} ${page}`;
    const holds = this.#pages.get(key);
    if (holds === undefined) void this.#fetchPage(group, page, key);
    return holds?.[index % pageSize];
  }

  /** Asks again soon: something may have been answered, or may wait anew. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.fetchNow();
    }, refreshMs);
  }

  async fetchNow(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    try {
      const { counts } = await this.#engine.call('holdCounts', {});
      const groups = groupsOf(counts, this.includesOptional);
      const pages = await this.#refetched(groups);
      if (this.#closed || generation !== this.#generation) return;
      this.#pages.clear();
      for (const [key, holds] of pages) this.#pages.set(key, holds);
      this.#set({ groups, problem: null });
    } catch (error) {
      const problem = problemOfCall(error);
      if (!this.#closed && generation === this.#generation && problem !== null) this.#set({ problem });
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** The first pages of what was shown, fetched again before the list changes, so that no row flickers. */
  async #refetched(groups: readonly HoldGroup[]): Promise<ReadonlyMap<string, readonly Hold[]>> {
    const wanted = groups.filter((group) => this.#pages.has(`${groupKey(group)} 0`));
    const fetched = await Promise.all(
      wanted.map(async (group) => [`${groupKey(group)} 0`, await this.#ask(group, 0)] as const),
    );
    return new Map(fetched);
  }

  async #fetchPage(group: HoldGroup, page: number, key: string): Promise<void> {
    if (this.#closed || this.#requested.has(key)) return;
    this.#requested.add(key);
    const generation = this.#generation;
    try {
      const holds = await this.#ask(group, page);
      // What was asked before a refresh may be of another list.
      if (this.#closed || generation !== this.#generation) return;
      if (this.#pages.size >= mostPages) this.#pages.clear();
      this.#pages.set(key, holds);
      this.#set({});
    } catch (error) {
      const problem = problemOfCall(error);
      if (!this.#closed && problem !== null) this.#set({ problem });
    } finally {
      this.#requested.delete(key);
      if (!this.#closed && generation !== this.#generation) this.#set({});
    }
  }

  async #ask({ mirrorId, reason }: HoldGroup, page: number): Promise<readonly Hold[]> {
    const { items } = await this.#engine.call('holds', {
      mirrorId,
      reason,
      includeOptional: this.includesOptional,
      offset: page * pageSize,
      limit: pageSize,
    });
    return items;
  }

  #set(change: Partial<HoldListState>): void {
    const before = this.state.get();
    this.state.set({ ...before, ...change, version: before.version + 1 });
  }
}

function groupsOf(counts: readonly HoldCount[], includesOptional: boolean): readonly HoldGroup[] {
  const groups = new Map<string, HoldGroup>();
  for (const { mirrorId, reason, isOptional, count, annotations, unknown } of counts) {
    if (count === 0 || (isOptional && !includesOptional)) continue;
    const key = groupKey({ mirrorId, reason });
    const before = groups.get(key) ?? {
      mirrorId,
      reason,
      waiting: { count: 0, annotations: 0, unknown: 0 },
      optional: 0,
    };
    groups.set(
      key,
      isOptional
        ? { ...before, optional: before.optional + count }
        : { ...before, waiting: { count, annotations, unknown } },
    );
  }
  return [...groups.values()];
}
