import type { Hold } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { useNow } from '../../components/use-now.ts';
import { formatAgo, formatBytes, formatFullTime, formatPixels, text } from '../../text/format.ts';
import styles from './side-facts.module.css';

type Side = NonNullable<Hold['local']>;

interface SideFactsProps {
  /** Null: this side has nothing. */
  readonly side: Side | null;
  readonly other: Side | null;
}

/** One side in figures, below its picture; what differs from the other side stands out. */
export function SideFacts({ side, other }: SideFactsProps) {
  const now = useNow();
  const words = text.waiting;
  if (side === null) return null;
  const pixels = pixelsOf(side);
  const isNewer =
    side.changedAt !== null && other !== null && other.changedAt !== null && side.changedAt > other.changedAt;
  return (
    <dl className={styles.facts}>
      {other !== null && other.name !== side.name ? (
        <div className={styles.name}>
          <dt className={styles.term}>{words.name}</dt>
          <dd className={styles.differs}>{side.name}</dd>
        </div>
      ) : null}
      <div>
        <dt className={styles.term}>{words.size}</dt>
        <dd className={classNames(differs(side.size, other?.size) && styles.differs)}>
          {side.size === null ? text.none : formatBytes(side.size)}
        </dd>
      </div>
      <div>
        <dt className={styles.term}>{words.pixels}</dt>
        <dd className={classNames(other !== null && differs(pixels, pixelsOf(other)) && styles.differs)}>
          {pixels ?? text.none}
        </dd>
      </div>
      <div>
        <dt className={styles.term}>{words.changed}</dt>
        <dd className={classNames(isNewer && styles.differs)}>
          {side.changedAt === null ? (
            text.none
          ) : (
            <time dateTime={new Date(side.changedAt).toISOString()} title={formatFullTime(side.changedAt)}>
              {formatAgo(side.changedAt, now)}
            </time>
          )}
          {isNewer ? <span className={styles.tag}>{words.newer}</span> : null}
        </dd>
      </div>
    </dl>
  );
}

const pixelsOf = ({ width, height }: Side): string | null =>
  width === null || height === null ? null : formatPixels(width, height);

/** Whether both are known and not equal. */
function differs<T>(mine: T | null, other: T | null | undefined): boolean {
  return mine !== null && other !== null && other !== undefined && mine !== other;
}
