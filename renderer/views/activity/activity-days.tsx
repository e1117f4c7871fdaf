import type { Activity } from '../../../app/contract.ts';
import { activityLines } from '../../activity/activity-groups.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { formatDay } from '../../text/format.ts';
import styles from './activity-days.module.css';
import { ActivityEntry } from './activity-entry.tsx';
import { wayBackOf } from './way-back.ts';

/** Files of the trash that entries are looked for in: the newest. */
const mostTrashed = 500;

interface ActivityDaysProps {
  /** The newest first. */
  readonly activities: readonly Activity[];
  readonly namesMirrors: boolean;
}

/** Activities under the day of each, in the order of time. */
export function ActivityDays({ activities, namesMirrors }: ActivityDaysProps) {
  const { mirrors: observable } = useEngine();
  const mirrors = useObservable(observable).list;
  const trash = useRefreshed('trash', { limit: mostTrashed }, 'activityAdded').answer?.items ?? [];
  const now = Date.now();
  return (
    <>
      {daysOf(activities).map(([day, ofDay]) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 className={styles.day} id={`day-${day}`}>
            {formatDay(ofDay[0]?.at ?? 0, now)}
          </h2>
          <ol className={styles.list}>
            {activityLines(ofDay).map((line) => {
              // What comes on top joins a crowd at its newest end: the oldest one names it.
              const oldest =
                line.form === 'single' ? line.activity : (line.activities.at(-1) ?? line.activities[0]);
              const mirror = mirrors.find(({ mirrorId }) => mirrorId === oldest.mirrorId);
              return (
                <ActivityEntry
                  key={oldest.id}
                  line={line}
                  mirror={mirror}
                  namesMirror={namesMirrors && mirrors.length > 1}
                  wayBackOf={(activity) => wayBackOf(activity, mirror, trash)}
                />
              );
            })}
          </ol>
        </section>
      ))}
    </>
  );
}

/** Activities by day: a text that names the day, and those of it. */
function daysOf(activities: readonly Activity[]): readonly (readonly [string, readonly Activity[]])[] {
  const days: (readonly [string, Activity[]])[] = [];
  for (const activity of activities) {
    const date = new Date(activity.at);
    const day = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
    const last = days.at(-1);
    if (last !== undefined && last[0] === day) last[1].push(activity);
    else days.push([day, [activity]]);
  }
  return days;
}
