import type { Place } from '../../../app/contract.ts';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Unseen } from '../../components/unseen.tsx';
import { usePulls } from '../../engine/use-pulls.ts';
import { text } from '../../text/format.ts';
import { PullCard } from './pull-card.tsx';
import styles from './pull-list.module.css';

interface PullListProps {
  /** Both absent: of all datasets. */
  readonly place?: Place;
  readonly datasetId?: string;
}

/** The pulls of this run of Vi Sync; nothing where there is none. */
export function PullList({ place, datasetId }: PullListProps) {
  const { pulls, problem, again } = usePulls();
  const shown = pulls?.filter(
    (pull) =>
      datasetId === undefined ||
      (pull.datasetId === datasetId &&
        pull.endpoint === place?.endpoint &&
        pull.organizationId === place.organizationId),
  );
  if (problem !== null) return <ProblemNotice problem={problem} onRetry={again} />;
  if (shown === undefined || shown.length === 0) return null;
  return (
    <section aria-label={text.pulls.heading}>
      {datasetId === undefined ? (
        <h2 className={styles.heading}>{text.pulls.heading}</h2>
      ) : (
        <h2>
          <Unseen>{text.pulls.heading}</Unseen>
        </h2>
      )}
      <ul className={styles.list}>
        {shown.map((pull) => (
          <li key={pull.pullId}>
            <PullCard pull={pull} onDismissed={again} />
          </li>
        ))}
      </ul>
    </section>
  );
}
