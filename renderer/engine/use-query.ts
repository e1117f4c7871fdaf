import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallArgs, CallName, CallResult, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { whenOpen } from './mirrors.ts';
import { useEngine } from './use-engine.ts';

/** What is known of the answer to a call. `answer` stays while it is asked again, and when that fails. */
export interface Query<R> {
  readonly answer: R | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly again: () => void;
}

/**
 * The answer to a call, asked when its arguments change, at every connection, and by `again`. `args` null: not asked. An answer of other
 * arguments is never shown.
 */
export function useQuery<N extends CallName>(name: N, args: CallArgs<N> | null): Query<CallResult<N>> {
  const { engine } = useEngine();
  const key = args === null ? null : JSON.stringify(args);
  const [state, setState] = useState<{
    readonly key: string | null;
    readonly answer: CallResult<N> | null;
    readonly problem: Problem | null;
  }>({ key: null, answer: null, problem: null });
  const latest = useRef({ args, run: 0 });
  latest.current.args = args;

  const ask = useCallback(async () => {
    const { args } = latest.current;
    if (args === null || key === null) return;
    latest.current.run += 1;
    const { run } = latest.current;
    try {
      const answer = await engine.call(name, args);
      if (latest.current.run === run) setState({ key, answer, problem: null });
    } catch (error) {
      const problem = problemOfCall(error);
      if (latest.current.run !== run || problem === null) return;
      setState((before) => ({ key, answer: before.key === key ? before.answer : null, problem }));
    }
  }, [engine, name, key]);
  useEffect(() => {
    const end = whenOpen(engine, () => void ask());
    return () => {
      end();
      // An answer under way is of arguments that nobody asks about any more.
      latest.current.run += 1;
    };
  }, [engine, ask]);

  const isCurrent = state.key === key;
  return {
    answer: isCurrent ? state.answer : null,
    problem: isCurrent ? state.problem : null,
    isLoading: key !== null && !isCurrent,
    again: useCallback(() => void ask(), [ask]),
  };
}
