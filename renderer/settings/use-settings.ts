import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem, Settings } from '../../app/contract.ts';
import { useEngine } from '../engine/use-engine.ts';
import { useQuery } from '../engine/use-query.ts';

export interface SettingsInUse {
  /** Null until they are known. */
  readonly settings: Settings | null;
  readonly problem: Problem | null;
  readonly again: () => void;
  /** Shown at once; goes back when it is refused. @throws CallFailed, ConnectionLost */
  readonly change: (changes: Partial<Settings>) => Promise<void>;
}

/** What holds for all mirrors, and how it is changed. */
export function useSettings(): SettingsInUse {
  const { engine } = useEngine();
  const { answer, problem, again } = useQuery('settings', {});
  const [settings, setSettings] = useState<Settings | null>(null);
  /** As the engine last told them. */
  const told = useRef<Settings | null>(null);
  const take = useCallback((settings: Settings): void => {
    told.current = settings;
    setSettings(settings);
  }, []);
  useEffect(() => {
    if (answer !== null) take(answer);
  }, [answer, take]);
  const change = useCallback(
    async (changes: Partial<Settings>): Promise<void> => {
      setSettings((before) => before && { ...before, ...changes });
      try {
        take(await engine.call('changeSettings', changes));
      } catch (error) {
        setSettings(told.current);
        throw error;
      }
    },
    [engine, take],
  );
  return { settings, problem, again, change };
}
