import type { AppSettings } from '../../app/contract.ts';
import { whenOpen } from './mirrors.ts';
import { ObservableValue } from './observable.ts';
import type { RemoteEngine } from './remote-engine.ts';

/** How the app looks and behaves, as the app last told it; null until it is known. */
export function watchAppSettings(engine: RemoteEngine): ObservableValue<AppSettings | null> {
  const settings = new ObservableValue<AppSettings | null>(null);
  engine.on('appSettingsChanged', (changed) => settings.set(changed));
  const load = async (): Promise<void> => {
    try {
      settings.set(await engine.call('appSettings', {}));
    } catch (error) {
      // The window keeps the look it has; the next connection asks again.
      console.warn('The settings of the app could not be fetched.', error);
    }
  };
  whenOpen(engine, () => void load());
  return settings;
}
