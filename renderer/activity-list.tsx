import {
  ArrowDown,
  ArrowUp,
  Check,
  CircleAlert,
  CirclePause,
  Link2,
  type LucideIcon,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import type { Activity } from '../app/contract.ts';
import styles from './activity-list.module.css';
import { classNames } from './components/class-names.ts';
import type { Tone } from './components/state-look.tsx';
import tones from './components/tones.module.css';
import { useNow } from './components/use-now.ts';
import { useEngine, useObservable } from './engine/use-engine.ts';
import { formatAgo, formatFullTime, text } from './text/format.ts';

const looks: Record<Activity['kind'], { readonly icon: LucideIcon; readonly tone: Tone }> = {
  uploaded: { icon: ArrowUp, tone: 'busy' },
  downloaded: { icon: ArrowDown, tone: 'busy' },
  bound: { icon: Link2, tone: 'quiet' },
  removed: { icon: Trash2, tone: 'quiet' },
  held: { icon: CirclePause, tone: 'hold' },
  problem: { icon: TriangleAlert, tone: 'bad' },
  error: { icon: CircleAlert, tone: 'bad' },
  'in-sync': { icon: Check, tone: 'ok' },
};

/** The newest activities of all mirrors. */
export function ActivityList() {
  const { activities: observable } = useEngine();
  const activities = useObservable(observable);
  const now = useNow();
  if (activities === null) return null;
  if (activities.length === 0) return <p className={styles.none}>{text.noActivity}</p>;
  return (
    // Scrolls, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs the focus to be scrolled by keys
    <ul className={styles.list} tabIndex={0} aria-label={text.activity}>
      {activities.map(({ id, at, kind, message }) => {
        const { icon: Icon, tone } = looks[kind];
        return (
          <li key={id} className={styles.item}>
            <Icon
              size={14}
              className={classNames(styles.icon, tones[tone])}
              aria-label={text.activityKind[kind]}
            />
            <span className={styles.message} title={message}>
              {message}
            </span>
            <time className={styles.time} dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
              {formatAgo(at, now)}
            </time>
          </li>
        );
      })}
    </ul>
  );
}
