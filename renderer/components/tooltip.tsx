import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './tooltip.module.css';

/** Words about a control, shown when it is pointed at or has the focus. */
export function Tooltip({
  words,
  side = 'bottom',
  children,
}: {
  readonly words: string;
  readonly side?: 'bottom' | 'right';
  readonly children: ReactNode;
}) {
  return (
    <Primitive.Provider delayDuration={400}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
            {words}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
