import { Tag } from 'lucide-react';
import { TagList } from '../../components/tag-list.tsx';
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
      {byTag === null ? null : <TagList byTag={byTag} />}
    </section>
  );
}
