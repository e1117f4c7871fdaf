import { Tag } from 'lucide-react';
import { formatCount, text } from '../../text/format.ts';
import styles from './annotations-at-stake.module.css';

interface AnnotationsAtStakeProps {
  /** Null: the service does not say. */
  readonly annotations: number | null;
  /** Null until the service has told. */
  readonly byTag: Readonly<Record<string, number>> | null;
  readonly isAsking: boolean;
}

/** What people have drawn on the asset, by tag, as the service tells it now. */
export function AnnotationsAtStake({ annotations, byTag, isAsking }: AnnotationsAtStakeProps) {
  const words = text.waiting;
  const tags = Object.entries(byTag ?? {}).toSorted(([, a], [, b]) => b - a);
  return (
    <section className={styles.stake} aria-label={words.annotationsTitle}>
      <p className={styles.line}>
        <Tag size={14} aria-hidden="true" />
        <strong>
          {annotations === null
            ? words.annotationsUnknown
            : annotations === 0
              ? words.annotationsNone
              : words.annotationsOf(annotations, formatCount(annotations))}
        </strong>
        <span className={styles.asked} role="status">
          {isAsking ? words.annotationsAsking : words.annotationsChecked}
        </span>
      </p>
      {tags.length === 0 ? null : (
        <ul className={styles.tags}>
          {tags.map(([tag, count]) => (
            <li key={tag} className={styles.tag}>
              <span className={styles.tagName}>{tag}</span>
              <span className={styles.tagCount}>{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
