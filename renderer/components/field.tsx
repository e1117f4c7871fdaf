import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { Unseen } from './unseen.tsx';

interface FieldProps {
  readonly label: string;
  /** The name stands above already, as a title: it is only read out. */
  readonly isLabelHidden?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  /** Draws the control; the IDs tie it to its words. */
  readonly children: (ids: { readonly id: string; readonly 'aria-describedby': string }) => ReactNode;
}

/** A control with its name above and what to know about it below. */
export function Field({ label, isLabelHidden = false, hint, error = null, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {isLabelHidden ? <Unseen>{label}</Unseen> : label}
      </label>
      {children({ id, 'aria-describedby': `${id}-hint` })}
      <p id={`${id}-hint`} className={classNames(styles.hint, error !== null && styles.error)}>
        {error ?? hint}
      </p>
    </div>
  );
}

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      className={classNames(styles.input, className)}
      {...rest}
    />
  );
}

/** The system's own list of choices: it is read out, typed into and opened as everywhere. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={classNames(styles.selectFrame, className)}>
      <select className={classNames(styles.input, styles.select)} {...rest} />
      <ChevronDown size={14} className={styles.chevron} aria-hidden="true" />
    </span>
  );
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(styles.input, styles.area, className)} {...rest} />;
}
