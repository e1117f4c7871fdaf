import { useEffect, useState } from 'react';
import type { Problem, Pull } from '../../app/contract.ts';
import { useEngine } from './use-engine.ts';
import { useQuery } from './use-query.ts';

/** The pulls of this run of Vi Sync, the newest first, moved on by each event; null until they are known. */
export function usePulls(): {
  readonly pulls: readonly Pull[] | null;
  readonly problem: Problem | null;
  readonly again: () => void;
} {
  const { engine } = useEngine();
  const { answer, problem, again } = useQuery('pulls', {});
  const [pulls, setPulls] = useState<readonly Pull[] | null>(null);
  useEffect(() => {
    if (answer !== null) setPulls(answer.items);
  }, [answer]);
  useEffect(
    () => engine.on('pullChanged', (changed) => setPulls((before) => before && withPull(before, changed))),
    [engine],
  );
  return { pulls, problem, again };
}

function withPull(pulls: readonly Pull[], changed: Pull): readonly Pull[] {
  if (!pulls.some(({ pullId }) => pullId === changed.pullId)) return [changed, ...pulls];
  return pulls.map((pull) => (pull.pullId === changed.pullId ? changed : pull));
}
