import type { Activity } from '../../app/contract.ts';
import { whenOpen } from './mirrors.ts';
import { ObservableValue } from './observable.ts';
import type { RemoteEngine } from './remote-engine.ts';

/** How many activities are fetched: a long list for a person, a short one for a machine. */
export const shownActivities = 200;
const refreshMs = 400;

/** The newest activities; null until they are known. Events are hints to fetch again, since busy moments merge them. */
export function watchActivities(engine: RemoteEngine): ObservableValue<readonly Activity[] | null> {
  const activities = new ObservableValue<readonly Activity[] | null>(null);
  let scheduled = false;
  const fetchNow = async (): Promise<void> => {
    try {
      activities.set((await engine.call('activity', { limit: shownActivities })).items);
    } catch (error) {
      // The list stays as it was; the next event or connection asks again.
      console.warn('The recent activity could not be fetched.', error);
    }
  };
  engine.on('activityAdded', () => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      void fetchNow();
    }, refreshMs);
  });
  whenOpen(engine, () => void fetchNow());
  return activities;
}
