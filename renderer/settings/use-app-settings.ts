import { useCallback, useEffect, useState } from 'react';
import type { AppSettings } from '../../app/contract.ts';
import { useEngine, useObservable } from '../engine/use-engine.ts';

export interface AppSettingsInUse {
  /** Null until they are known. */
  readonly settings: AppSettings | null;
  /** Shown at once; goes back when it is refused. @throws CallFailed, ConnectionLost */
  readonly change: (changes: Partial<AppSettings>) => Promise<void>;
}

/** How the app looks and behaves, and how it is changed. The app tells all windows of each change. */
export function useAppSettings(): AppSettingsInUse {
  const { engine, appSettings } = useEngine();
  const told = useObservable(appSettings);
  const [wanted, setWanted] = useState<Partial<AppSettings>>({});
  // What was wanted holds until the app tells of it, which may be a moment after its answer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is told anew with each change
  useEffect(() => setWanted({}), [told]);
  const change = useCallback(
    async (changes: Partial<AppSettings>): Promise<void> => {
      setWanted(changes);
      try {
        await engine.call('changeAppSettings', changes);
      } catch (error) {
        setWanted({});
        throw error;
      }
    },
    [engine],
  );
  return { settings: told && { ...told, ...wanted }, change };
}
