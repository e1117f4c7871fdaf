import { useCallback, useEffect, useRef, useState } from 'react';
import type { Activity, ActivityKind, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { whenOpen } from './mirrors.ts';
import { useEngine } from './use-engine.ts';

export interface ActivityQuery {
  readonly mirrorId: string | null;
  /** Null: all. */
  readonly kinds: readonly ActivityKind[] | null;
  readonly search: string;
}

interface State {
  readonly key: string;
  /** The newest first. */
  readonly items: readonly Activity[];
  readonly hasOlder: boolean;
}

export interface ActivityPages {
  /** Null until the first answer to any query. While a new one is asked, the last ones stay. */
  readonly items: readonly Activity[] | null;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly problem: Problem | null;
  readonly older: () => void;
  readonly again: () => void;
}

const pageLimit = 200;
const mostOfCatchUp = 500;
const refreshMs = 500;

/** What has happened, the newest first: what happens meanwhile comes on top, what was before is fetched on demand. */
export function useActivity({ mirrorId, kinds, search }: ActivityQuery): ActivityPages {
  const { engine } = useEngine();
  const key = JSON.stringify([mirrorId, kinds, search]);
  const [state, setState] = useState<State | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoadingOlder, setIsLoadingOlder] = useState(false);
  const current = useRef({ key, state });
  current.current = { key, state };

  const ask = useCallback(
    async (before: number | null, limit: number) => {
      const [mirrorId, kinds, search] = JSON.parse(key) as [string | null, ActivityKind[] | null, string];
      const { items } = await engine.call('activity', {
        limit,
        ...(mirrorId === null ? {} : { mirrorId }),
        ...(kinds === null ? {} : { kinds }),
        ...(search === '' ? {} : { search }),
        ...(before === null ? {} : { before }),
      });
      return items;
    },
    [engine, key],
  );

  const fetchNewest = useCallback(async (): Promise<void> => {
    const isSame = current.current.state?.key === key;
    try {
      const items = await ask(null, isSame ? mostOfCatchUp : pageLimit);
      if (current.current.key !== key) return;
      setProblem(null);
      setState((before) => {
        if (before?.key !== key) return { key, items, hasOlder: items.length === pageLimit };
        const newest = before.items[0]?.id ?? 0;
        const added = items.filter(({ id }) => id > newest);
        // More has happened than one page holds: what is between is not known, so the list begins anew.
        if (added.length === mostOfCatchUp) return { key, items, hasOlder: true };
        return added.length === 0 ? before : { ...before, items: [...added, ...before.items] };
      });
    } catch (error) {
      if (current.current.key === key) setProblem(problemOfCall(error));
    }
  }, [ask, key]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ends = [
      whenOpen(engine, () => void fetchNewest()),
      engine.on('activityAdded', () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          void fetchNewest();
        }, refreshMs);
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [engine, fetchNewest]);

  const older = async (): Promise<void> => {
    const oldest = state?.items.at(-1)?.id;
    if (oldest === undefined || isLoadingOlder) return;
    setIsLoadingOlder(true);
    try {
      const items = await ask(oldest, pageLimit);
      setState((before) =>
        before?.key !== key || before.items.at(-1)?.id !== oldest
          ? before
          : { ...before, items: [...before.items, ...items], hasOlder: items.length === pageLimit },
      );
    } catch (error) {
      setProblem(problemOfCall(error));
    } finally {
      setIsLoadingOlder(false);
    }
  };

  return {
    items: state?.items ?? null,
    hasOlder: state?.key === key && state.hasOlder,
    isLoadingOlder,
    problem,
    older: () => void older(),
    again: () => void fetchNewest(),
  };
}
