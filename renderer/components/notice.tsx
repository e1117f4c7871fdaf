import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './notice.module.css';

interface NoticeProps {
  readonly tone: 'bad' | 'hold' | 'info';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** It stands within a screen’s content, and not across the whole of it. */
  readonly isInset?: boolean;
}

const icons = { bad: CircleAlert, hold: TriangleAlert, info: Info } as const;

/** A strip that tells what is wrong with a whole mirror or the page, and what to do. */
export function Notice({ tone, title, children, actions, isInset = false }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      className={classNames(styles.notice, styles[tone], isInset && styles.inset)}
      role={tone === 'bad' ? 'alert' : 'status'}
    >
      <Icon size={16} aria-hidden="true" />
      <div className={styles.words}>
        <strong className={children === undefined ? undefined : styles.title}>{title}</strong> {children}
      </div>
      {actions}
    </div>
  );
}
