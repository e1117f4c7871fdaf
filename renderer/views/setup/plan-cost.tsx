import type { Preview } from '../../../app/contract.ts';
import { formatCount, formatDuration, text } from '../../text/format.ts';
import styles from './plan-view.module.css';

/** What the first sync takes of the organization's quota, and how long the service makes it wait. */
export function PlanCost({ plan }: { readonly plan: Preview | null }) {
  const words = text.setup;
  if (plan === null) return <p className={styles.quiet}>{text.none}</p>;
  const { dataRows, sessions, sessionsWaitMs } = plan;
  if (dataRows === 0 && sessions === 0) return <p className={styles.quiet}>{words.planFree}</p>;
  return (
    <ul className={styles.costs}>
      <li>
        <strong>{words.planRows(dataRows, formatCount(dataRows))}</strong>
        <span>{words.planRowsText}</span>
      </li>
      <li>
        <strong>{words.planSessions(sessions, formatCount(sessions))}</strong>
        <span>
          {sessionsWaitMs > 0
            ? words.planSessionsWait(formatDuration(sessionsWaitMs))
            : words.planSessionsNow}
        </span>
      </li>
    </ul>
  );
}
