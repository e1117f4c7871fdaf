import { Switch } from 'radix-ui';
import { useId } from 'react';
import styles from './toggle.module.css';

interface ToggleProps {
  readonly label: string;
  readonly title?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  /** Its name stands elsewhere already, and is only read out. */
  readonly isLabelHidden?: boolean;
}

/** A switch with its name beside it. */
export function Toggle({ label, title, isOn, onChange, isLabelHidden = false }: ToggleProps) {
  const id = useId();
  return (
    <span className={styles.toggle} title={title}>
      <Switch.Root
        id={id}
        className={styles.track}
        checked={isOn}
        onCheckedChange={onChange}
        {...(isLabelHidden ? { 'aria-label': label } : { 'aria-labelledby': `${id}-label` })}
      >
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
      {isLabelHidden ? null : (
        <label id={`${id}-label`} htmlFor={id} className={styles.label}>
          {label}
        </label>
      )}
    </span>
  );
}
