import { type ReactNode, useId, useRef, useState } from 'react';
import type { Problem } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { TextInput } from '../../components/field.tsx';
import { worded } from '../../text/problem-words.ts';
import styles from './saved-field.module.css';

interface SavedFieldProps<T> {
  readonly label: string;
  readonly value: T;
  /** The value as it is typed. */
  readonly show: (value: T) => string;
  /** The value of what was typed; undefined: it is none. */
  readonly read: (typed: string) => T | undefined;
  /** Said when what was typed is no value. */
  readonly wrong: string;
  readonly hint?: ReactNode;
  /** Stands behind the field. */
  readonly unit?: string;
  readonly placeholder?: string;
  readonly isWide?: boolean;
  /** Resolves to why it was refused; null: it was not. */
  readonly onSave: (value: T) => Promise<Problem | null>;
}

/** A field that is saved when it is left, or by Enter. What is wrong with it is said below it, and Escape takes it back. */
export function SavedField<T>({
  label,
  value,
  show,
  read,
  wrong,
  hint,
  unit,
  placeholder,
  isWide = false,
  onSave,
}: SavedFieldProps<T>) {
  const id = useId();
  /** Null: nothing is being typed. */
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  /** Enter saves, and the field may be left before that is done. */
  const isSaving = useRef(false);
  const back = (): void => {
    setDraft(null);
    setError(null);
  };
  const commit = async (): Promise<void> => {
    if (draft === null || isSaving.current) return;
    const next = read(draft);
    if (next === undefined) return setError(wrong);
    if (show(next) === show(value)) return back();
    isSaving.current = true;
    const problem = await onSave(next);
    isSaving.current = false;
    if (problem === null) back();
    else {
      const { detail, suggestion } = worded(problem);
      setError(`${detail} ${suggestion}`.trim());
    }
  };
  return (
    <div className={classNames(styles.field, isWide && styles.wide)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <span className={styles.line}>
        <TextInput
          id={id}
          className={classNames(styles.input, error !== null && styles.wrong)}
          aria-describedby={`${id}-hint`}
          aria-invalid={error !== null}
          inputMode={isWide ? undefined : 'decimal'}
          maxLength={4000}
          placeholder={placeholder}
          value={draft ?? show(value)}
          onChange={({ target }) => {
            setDraft(target.value);
            setError(null);
          }}
          onBlur={() => void commit()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void commit();
            else if (event.key === 'Escape' && draft !== null) back();
          }}
        />
        {unit === undefined ? null : <span className={styles.unit}>{unit}</span>}
      </span>
      <p id={`${id}-hint`} className={classNames(styles.hint, error !== null && styles.error)} role="status">
        {error ?? hint}
      </p>
    </div>
  );
}
