import { type ReactNode, useEffect } from 'react';
import { text } from '../text/format.ts';
import { classNames } from './class-names.ts';
import styles from './screen.module.css';

interface ScreenProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The content scrolls by itself, and fills the window. */
  readonly isFilled?: boolean;
  /** A form: its lines are no longer than is good to read. */
  readonly isNarrow?: boolean;
}

/** A screen: its title with what can be done on it, and its content. The window's title tells the same. */
export function Screen({
  title,
  subtitle,
  actions,
  children,
  isFilled = false,
  isNarrow = false,
}: ScreenProps) {
  useWindowTitle(title);
  return (
    <div className={classNames(styles.screen, isNarrow && styles.narrow)}>
      <header className={styles.header}>
        <div className={classNames(styles.bar, !isFilled && styles.measured)}>
          <div className={styles.names}>
            <h1 className={styles.title}>{title}</h1>
            {subtitle === undefined ? null : <p className={styles.subtitle}>{subtitle}</p>}
          </div>
          {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
        </div>
      </header>
      <div className={classNames(styles.content, isFilled ? styles.filled : styles.flowing)}>
        {isFilled ? (
          children
        ) : (
          <div className={styles.page}>
            <div className={styles.measured}>{children}</div>
          </div>
        )}
      </div>
    </div>
  );
}

/** Names the screen in the window's title. */
export function useWindowTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – ${text.appName}`;
  }, [title]);
}
