import type { Activity } from '../../../app/contract.ts';
import { activityLooks } from '../../activity/activity-look.ts';
import { classNames } from '../../components/class-names.ts';
import tones from '../../components/tones.module.css';
import { useNow } from '../../components/use-now.ts';
import { formatAgo, formatFullTime, text } from '../../text/format.ts';
import { wordsOfActivity } from '../../text/problem-words.ts';
import styles from './file-history.module.css';

/** What has happened to a file, the newest first. `history` null: not known yet. */
export function FileHistory({ history }: { readonly history: readonly Activity[] | null }) {
  const now = useNow();
  if (history === null) return null;
  return (
    <section className={styles.history} aria-label={text.mirror.history}>
      <h3 className={styles.heading}>{text.mirror.history}</h3>
      {history.length === 0 ? <p className={styles.none}>{text.mirror.noHistory}</p> : null}
      <ul className={styles.list}>
        {history.map((activity) => {
          const { id, kind, at } = activity;
          const { icon: Icon, tone } = activityLooks[kind];
          return (
            <li key={id} className={styles.item}>
              <Icon size={13} className={classNames(styles.icon, tones[tone])} aria-hidden="true" />
              <span className={styles.words}>{wordsOfActivity(activity)}</span>
              <time dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
                {formatAgo(at, now)}
              </time>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
