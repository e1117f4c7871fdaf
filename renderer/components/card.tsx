import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './card.module.css';
import { classNames } from './class-names.ts';

interface CardProps extends Omit<ComponentProps<'section'>, 'title'> {
  readonly title?: string;
  readonly children: ReactNode;
}

/** A framed part of a screen; its title stands above the frame. */
export function Card({ title, className, children, ...rest }: CardProps) {
  const id = useId();
  return (
    <section {...(title === undefined ? {} : { 'aria-labelledby': id })} {...rest}>
      {title === undefined ? null : (
        <h2 id={id} className={styles.heading}>
          {title}
        </h2>
      )}
      <div className={classNames(styles.card, className)}>{children}</div>
    </section>
  );
}
