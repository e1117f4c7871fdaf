import { text } from '../../text/format.ts';
import { type PartName, partId } from './part.tsx';
import styles from './part-list.module.css';

/** Leads to the parts of the settings. Only where there is room for it. */
export function PartList({ parts }: { readonly parts: readonly PartName[] }) {
  return (
    <nav className={styles.list} aria-label={text.settings.parts}>
      {parts.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.part}
          onClick={() => {
            const heading = document.getElementById(partId(name));
            heading?.scrollIntoView({ block: 'start' });
            heading?.focus({ preventScroll: true });
          }}
        >
          {text.settings[name]}
        </button>
      ))}
    </nav>
  );
}
