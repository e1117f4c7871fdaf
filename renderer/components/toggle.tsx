import { Switch } from 'radix-ui';
import { useId } from 'react';
import styles from './toggle.module.css';

interface ToggleProps {
  readonly label: string;
  readonly title?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A switch with its name beside it. */
export function Toggle({ label, title, isOn, onChange }: ToggleProps) {
  const id = useId();
  return (
    <span className={styles.toggle} title={title}>
      <Switch.Root
        id={id}
        className={styles.track}
        checked={isOn}
        onCheckedChange={onChange}
        aria-labelledby={`${id}-label`}
      >
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
      <label id={`${id}-label`} htmlFor={id} className={styles.label}>
        {label}
      </label>
    </span>
  );
}
