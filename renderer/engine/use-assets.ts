import { useCallback, useEffect, useRef, useState } from 'react';
import type { AssetRow, CallArgs, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { whenOpen } from './mirrors.ts';
import { useEngine } from './use-engine.ts';

export type AssetQuery = Omit<CallArgs<'datasetAssets'>, 'token' | 'limit'>;

interface Assets {
  /** The query that the items answer, as one text. */
  readonly key: string;
  readonly items: readonly AssetRow[];
  readonly token: string | null;
}

export interface AssetPages {
  /** Those that are here so far; null until the first page of any query is. While a new one is asked, the last ones stay. */
  readonly items: readonly AssetRow[] | null;
  /** The query that they answer, as one text. */
  readonly shownKey: string | null;
  /** What is shown is of an earlier query, and the answer to this one is under way. */
  readonly isOld: boolean;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly problem: Problem | null;
  readonly more: () => void;
  readonly again: () => void;
  /** Takes assets out that are deleted. */
  readonly drop: (assetIds: ReadonlySet<string>) => void;
}

const pageLimit = 60;
/** A search goes on through the dataset by itself until it has found that many. */
const enoughFound = 30;

/** The assets of a dataset that fit a query, page by page, by the service's tokens. */
export function useAssets(query: AssetQuery): AssetPages {
  const { engine } = useEngine();
  const key = JSON.stringify(query);
  const [shown, setShown] = useState<Assets | null>(null);
  const [failure, setFailure] = useState<{ readonly key: string; readonly problem: Problem } | null>(null);
  const [isLoading, setIsLoading] = useState(false);
  const latest = useRef({ run: 0, query });
  latest.current.query = query;

  const fetchPage = useCallback(
    async (token: string | null): Promise<void> => {
      latest.current.run += 1;
      const { run, query } = latest.current;
      setIsLoading(true);
      setFailure(null);
      try {
        const page = await engine.call('datasetAssets', { ...query, token, limit: pageLimit });
        if (latest.current.run !== run) return;
        setShown((before) => ({
          key,
          items: token === null || before?.key !== key ? page.items : joined(before.items, page.items),
          token: page.nextToken,
        }));
      } catch (error) {
        const problem = problemOfCall(error);
        if (latest.current.run === run && problem !== null) setFailure({ key, problem });
      } finally {
        if (latest.current.run === run) setIsLoading(false);
      }
    },
    [engine, key],
  );
  useEffect(() => {
    const end = whenOpen(engine, () => void fetchPage(null));
    return () => {
      end();
      // An answer under way is of a query that nobody asks any more.
      latest.current.run += 1;
    };
  }, [engine, fetchPage]);

  const isOld = shown !== null && shown.key !== key;
  const token = isOld ? null : (shown?.token ?? null);
  const problem = failure?.key === key ? failure.problem : null;
  const mustGoOn =
    query.search !== undefined && !isLoading && problem === null && (shown?.items.length ?? 0) < enoughFound;
  useEffect(() => {
    if (mustGoOn && token !== null) void fetchPage(token);
  }, [mustGoOn, token, fetchPage]);

  return {
    items: shown?.items ?? null,
    shownKey: shown?.key ?? null,
    isOld,
    hasMore: token !== null,
    isLoading,
    problem,
    more: () => {
      if (token !== null && !isLoading) void fetchPage(token);
    },
    again: () => void fetchPage(null),
    drop: (assetIds) =>
      setShown((before) =>
        before === null
          ? null
          : { ...before, items: before.items.filter(({ assetId }) => !assetIds.has(assetId)) },
      ),
  };
}

/** A dataset that changes between two pages may have an asset on both. */
function joined(before: readonly AssetRow[], next: readonly AssetRow[]): readonly AssetRow[] {
  const known = new Set(before.map(({ assetId }) => assetId));
  return [...before, ...next.filter(({ assetId }) => !known.has(assetId))];
}
