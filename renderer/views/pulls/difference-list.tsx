import { text } from '../../text/format.ts';
import styles from './difference-list.module.css';

interface DifferenceListProps {
  readonly label: string;
  readonly items: readonly {
    readonly path: string;
    /** One of the words of the pulls, or words as they are. */
    readonly kind: string;
  }[];
}

/** Files, each with what is to be said of it. */
export function DifferenceList({ label, items }: DifferenceListProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it
    <ul className={styles.list} aria-label={label} tabIndex={0}>
      {items.map(({ path, kind }) => (
        <li key={`${path} ${kind}`} className={styles.item}>
          <span className={styles.path}>{path}</span>
          <span className={styles.kind}>{wordsOf(kind)}</span>
        </li>
      ))}
    </ul>
  );
}

/** A kind of difference in words; one that is not known as it is called. */
function wordsOf(kind: string): string {
  const words = text.pulls.kind;
  return Object.hasOwn(words, kind) ? (words[kind] ?? kind) : kind;
}
