import { Check as Mark } from 'lucide-react';
import { Checkbox } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import styles from './check.module.css';

interface CheckProps {
  readonly label: ReactNode;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A box to tick, with its sentence. */
export function Check({ label, isOn, onChange }: CheckProps) {
  const id = useId();
  return (
    <span className={styles.check}>
      <Checkbox.Root
        id={id}
        className={styles.box}
        checked={isOn}
        onCheckedChange={(state) => onChange(state === true)}
        aria-labelledby={`${id}-label`}
      >
        <Checkbox.Indicator>
          <Mark size={12} strokeWidth={3} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <label id={`${id}-label`} htmlFor={id}>
        {label}
      </label>
    </span>
  );
}
