import { classNames } from '../components/class-names.ts';
import tones from '../components/tones.module.css';
import { useNow } from '../components/use-now.ts';
import { shownActivities } from '../engine/activities.ts';
import { useEngine, useObservable } from '../engine/use-engine.ts';
import { formatAgo, formatCount, formatFullTime, text } from '../text/format.ts';
import { wordsOfActivity } from '../text/problem-words.ts';
import { type ActivityLine, activityLines } from './activity-groups.ts';
import styles from './activity-list.module.css';
import { activityLooks } from './activity-look.ts';

/** The newest activities of all mirrors. */
export function ActivityList() {
  const { activities: observable } = useEngine();
  const activities = useObservable(observable);
  const now = useNow();
  if (activities === null) return null;
  if (activities.length === 0) return <p className={styles.none}>{text.noActivity}</p>;
  const cutAt = activities.length >= shownActivities ? activities.at(-1) : undefined;
  return (
    // Scrolls, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs the focus to be scrolled by keys
    <ul className={styles.list} tabIndex={0} aria-label={text.activity}>
      {activityLines(activities).map((line) => {
        const newest = line.form === 'single' ? line.activity : line.activities[0];
        const { icon: Icon, tone } = activityLooks[newest.kind];
        return (
          <li key={newest.id} className={styles.item}>
            <Icon
              size={14}
              className={classNames(styles.icon, tones[tone])}
              aria-label={text.activityKind[newest.kind]}
            />
            <ActivityWords line={line} isCut={line.form === 'crowd' && line.activities.at(-1) === cutAt} />
            <time
              className={styles.time}
              dateTime={new Date(newest.at).toISOString()}
              title={formatFullTime(newest.at)}
            >
              {formatAgo(newest.at, now)}
            </time>
          </li>
        );
      })}
    </ul>
  );
}

interface ActivityWordsProps {
  readonly line: ActivityLine;
  /** More of the crowd happened before the oldest activity that we know. */
  readonly isCut: boolean;
}

function ActivityWords({ line, isCut }: ActivityWordsProps) {
  if (line.form === 'single') {
    const message = wordsOfActivity(line.activity);
    return (
      <span className={styles.message} title={message}>
        {message}
      </span>
    );
  }
  const { kind, activities } = line;
  const names = activities.map(({ path, message }) => path?.slice(path.lastIndexOf('/') + 1) ?? message);
  const shown = formatCount(activities.length);
  return (
    <>
      <span className={styles.message}>{text.activityCrowd[kind](isCut ? text.atLeast(shown) : shown)}</span>
      <span className={styles.names} title={names.slice(0, 30).join('\n')}>
        {text.namesAndMore(names.slice(0, 2), formatCount(names.length - 2))}
      </span>
    </>
  );
}
