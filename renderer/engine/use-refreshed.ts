import { useEffect } from 'react';
import type { CallArgs, CallName, CallResult, EventName } from '../../app/contract.ts';
import { useEngine } from './use-engine.ts';
import { type Query, useQuery } from './use-query.ts';

/** Least time between two refreshes while events come, in milliseconds. */
const refreshMs = 500;

/** The answer to a call, asked again soon after every event of a name: events are hints, merged where they are many. */
export function useRefreshed<N extends CallName>(
  name: N,
  args: CallArgs<N> | null,
  ...eventNames: readonly EventName[]
): Query<CallResult<N>> {
  const { engine } = useEngine();
  const query = useQuery(name, args);
  const { again } = query;
  const names = eventNames.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names as one text are the same from drawing to drawing, as the array is not
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ends = eventNames.map((event) =>
      engine.on(event, () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          again();
        }, refreshMs);
      }),
    );
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [engine, again, names]);
  return query;
}
