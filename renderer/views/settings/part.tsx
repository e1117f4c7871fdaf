import type { ReactNode } from 'react';
import { classNames } from '../../components/class-names.ts';
import { text } from '../../text/format.ts';
import styles from './part.module.css';

/** The parts of the settings, in their order on the screen. */
export type PartName = 'account' | 'sync' | 'transfers' | 'appearance' | 'background' | 'network' | 'help';

export const partId = (name: PartName): string => `settings-${name}`;

interface PartProps {
  readonly name: PartName;
  readonly hint?: string;
  readonly children: ReactNode;
}

/** A part of the settings under its heading, which the list of parts leads to. */
export function Part({ name, hint, children }: PartProps) {
  const id = partId(name);
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.heading} tabIndex={-1}>
        {text.settings[name]}
      </h2>
      {hint === undefined ? null : <p className={styles.hint}>{hint}</p>}
      <div className={styles.card}>{children}</div>
    </section>
  );
}

interface LineProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
  /** The control stands below its words. */
  readonly isTall?: boolean;
}

/** One setting: what it is at the left, its control at the right. */
export function Line({ title, hint, children, isTall = false }: LineProps) {
  return (
    <div className={classNames(styles.line, isTall && styles.tall)}>
      <div className={styles.words}>
        <h3 className={styles.title}>{title}</h3>
        {hint === undefined ? null : <p className={styles.hint}>{hint}</p>}
      </div>
      <div className={styles.control}>{children}</div>
    </div>
  );
}
