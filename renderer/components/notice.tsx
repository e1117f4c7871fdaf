import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './notice.module.css';

interface NoticeProps {
  readonly tone: 'bad' | 'hold' | 'info';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

const icons = { bad: CircleAlert, hold: TriangleAlert, info: Info } as const;

/** A strip that tells what is wrong with a whole mirror or the page, and what to do. */
export function Notice({ tone, title, children, actions }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={classNames(styles.notice, styles[tone])} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden="true" />
      <div className={styles.words}>
        <strong>{title}</strong> {children}
      </div>
      {actions}
    </div>
  );
}
