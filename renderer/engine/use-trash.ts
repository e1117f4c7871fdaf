import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallResult, Problem, TrashedFile } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { whenOpen } from './mirrors.ts';
import { useEngine } from './use-engine.ts';

export interface TrashPages {
  /** The newest first, as far as they are fetched; null until they are known. */
  readonly answer: CallResult<'trash'> | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly more: () => void;
  /** All that is shown, anew. */
  readonly again: () => Promise<void>;
}

const pageLimit = 100;
const mostOfCall = 500;
const refreshMs = 500;

/** What lies in the trash of a mirror (null: of all), kept fresh as far as it is shown. */
export function useTrash(mirrorId: string | null): TrashPages {
  const { engine } = useEngine();
  const [answer, setAnswer] = useState<CallResult<'trash'> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setIsLoading] = useState(false);
  const latest = useRef({ run: 0, wanted: pageLimit });

  const load = useCallback(async (): Promise<void> => {
    latest.current.run += 1;
    const { run, wanted } = latest.current;
    const ofMirror = mirrorId === null ? {} : { mirrorId };
    setIsLoading(true);
    try {
      const items: TrashedFile[] = [];
      for (;;) {
        const offset = items.length;
        const limit = Math.min(mostOfCall, wanted - offset);
        const page = await engine.call('trash', { ...ofMirror, offset, limit });
        if (latest.current.run !== run) return;
        items.push(...page.items);
        if (items.length < Math.min(wanted, page.total) && page.items.length > 0) continue;
        setAnswer({ ...page, items });
        setProblem(null);
        return;
      }
    } catch (error) {
      if (latest.current.run === run) setProblem(problemOfCall(error));
    } finally {
      if (latest.current.run === run) setIsLoading(false);
    }
  }, [engine, mirrorId]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void load();
      }, refreshMs);
    };
    const ends = [
      whenOpen(engine, () => void load()),
      engine.on('activityAdded', refresh),
      engine.on('mirrorRemoved', refresh),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
      latest.current.run += 1;
    };
  }, [engine, load]);

  return {
    answer,
    problem,
    isLoading,
    more: () => {
      latest.current.wanted += pageLimit;
      void load();
    },
    again: load,
  };
}
