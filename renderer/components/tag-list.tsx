import { formatCount } from '../text/format.ts';
import styles from './tag-list.module.css';

/** Annotations by tag, the most frequent first. */
export function TagList({ byTag }: { readonly byTag: Readonly<Record<string, number>> }) {
  const tags = Object.entries(byTag).toSorted(([, a], [, b]) => b - a);
  if (tags.length === 0) return null;
  return (
    <ul className={styles.tags}>
      {tags.map(([tag, count]) => (
        <li key={tag} className={styles.tag} title={tag}>
          <span className={styles.name}>{tag}</span>
          <span className={styles.count}>{formatCount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
