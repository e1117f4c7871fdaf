import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { text } from '../text/format.ts';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** At the bottom, the main one last. */
  readonly actions?: ReactNode;
  readonly size?: 'normal' | 'wide' | 'full';
}

/** A question or a task over the screen. Escape, the cross and a click beside it end it. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  actions,
  size = 'normal',
}: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={(shown) => (shown ? undefined : onClose())}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.overlay} />
        <Primitive.Content
          className={classNames(styles.content, styles[size])}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className={styles.header}>
            <Primitive.Title className={styles.title}>{title}</Primitive.Title>
          </header>
          {description === undefined ? null : (
            <Primitive.Description className={styles.description}>{description}</Primitive.Description>
          )}
          {children === undefined ? null : <div className={styles.body}>{children}</div>}
          {actions === undefined ? null : <footer className={styles.actions}>{actions}</footer>}
          {/* The last one, so that the focus begins at what is asked, and not at the way out. */}
          <Primitive.Close asChild>
            <IconButton className={styles.close ?? ''} label={text.frame.close} icon={<X size={16} />} />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
