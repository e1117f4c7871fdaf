import { useCallback, useState } from 'react';
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
  const change = useCallback(
    async (changes: Partial<AppSettings>): Promise<void> => {
      setWanted(changes);
      try {
        await engine.call('changeAppSettings', changes);
      } finally {
        setWanted({});
      }
    },
    [engine],
  );
  return { settings: told && { ...told, ...wanted }, change };
}
