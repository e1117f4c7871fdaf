import { useCallback, useEffect, useState } from 'react';
import type { DatasetRow, Place, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { whenOpen } from './mirrors.ts';
import { useEngine } from './use-engine.ts';

interface Datasets {
  /** Those that are here so far, in the service's order. */
  readonly items: readonly DatasetRow[];
  readonly token: string | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
}

const nothingYet: Datasets = { items: [], token: null, problem: null, isLoading: true };

/** The datasets of an account, page by page. */
export function useDatasets({ endpoint, organizationId }: Place) {
  const { engine } = useEngine();
  const [state, setState] = useState(nothingYet);
  const fetchPage = useCallback(
    async (token: string | null, isWanted: () => boolean): Promise<void> => {
      setState((before) => ({ ...before, isLoading: true, problem: null }));
      try {
        const { items, nextToken } = await engine.call('datasets', {
          endpoint,
          organizationId,
          token,
          limit: 200,
        });
        if (!isWanted()) return;
        setState((before) => ({
          items: token === null ? items : [...before.items, ...items],
          token: nextToken,
          problem: null,
          isLoading: false,
        }));
      } catch (error) {
        if (isWanted())
          setState((before) => ({ ...before, problem: problemOfCall(error), isLoading: false }));
      }
    },
    [engine, endpoint, organizationId],
  );
  useEffect(() => {
    let isHere = true;
    const end = whenOpen(engine, () => void fetchPage(null, () => isHere));
    return () => {
      isHere = false;
      end();
    };
  }, [engine, fetchPage]);
  return {
    items: state.items,
    hasMore: state.token !== null,
    isLoading: state.isLoading,
    problem: state.problem,
    more: () => void fetchPage(state.token, () => true),
    again: () => void fetchPage(null, () => true),
  };
}
