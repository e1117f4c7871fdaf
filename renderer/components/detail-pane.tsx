import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { text } from '../text/format.ts';
import { IconButton } from './button.tsx';
import styles from './detail-pane.module.css';

interface DetailPaneProps {
  /** Of what: read out. */
  readonly label: string;
  readonly name: string;
  /** The name in full, where it is longer. */
  readonly path?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** All about one thing, beside the list that it was chosen from. */
export function DetailPane({ label, name, path = name, onClose, children }: DetailPaneProps) {
  return (
    <section className={styles.pane} aria-label={label}>
      <header className={styles.header}>
        <h2 className={styles.name} title={path}>
          {name}
        </h2>
        <IconButton label={text.closeDetails} icon={<X size={16} />} onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: it scrolls, so the keyboard must be able to reach it */}
      <div className={styles.body} tabIndex={0} role="group" aria-label={path}>
        {children}
      </div>
    </section>
  );
}
