import { useCallback, useState } from 'react';
import type { Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';

export interface Action {
  readonly isRunning: boolean;
  /** Why it failed the last time; null once it runs again. */
  readonly problem: Problem | null;
  /** Runs what a person asked for. Resolves to whether it was done. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly dismiss: () => void;
}

/** Something that a person asks for and that can fail: whether it runs, and why it failed. */
export function useAction(): Action {
  const [running, setRunning] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useCallback(async (work: () => Promise<unknown>): Promise<boolean> => {
    setProblem(null);
    setRunning((count) => count + 1);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(problemOfCall(error));
      return false;
    } finally {
      setRunning((count) => count - 1);
    }
  }, []);
  const dismiss = useCallback(() => setProblem(null), []);
  return { isRunning: running > 0, problem, run, dismiss };
}
