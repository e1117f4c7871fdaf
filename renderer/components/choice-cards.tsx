import { RadioGroup } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import styles from './choice-cards.module.css';
import { classNames } from './class-names.ts';

interface ChoiceCardsProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly options: readonly {
    readonly value: T;
    readonly title: string;
    readonly text: string;
    readonly icon?: ReactNode;
  }[];
  readonly onChange: (value: T) => void;
  /** Side by side instead of one below the other. */
  readonly inColumns?: boolean;
}

/** One of a few choices, each with what it means in a sentence. */
export function ChoiceCards<T extends string>({
  label,
  value,
  options,
  onChange,
  inColumns = false,
}: ChoiceCardsProps<T>) {
  const id = useId();
  return (
    <RadioGroup.Root
      className={classNames(
        styles.group,
        inColumns && (options.length === 4 ? styles.pairs : styles.columns),
      )}
      aria-label={label}
      value={value ?? ''}
      onValueChange={(chosen) => {
        const option = options.find((option) => option.value === chosen);
        if (option !== undefined) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className={styles.card ?? ''}
          aria-labelledby={`${id}-${option.value}-title`}
          aria-describedby={`${id}-${option.value}-text`}
        >
          {option.icon === undefined ? (
            <span className={styles.dot} aria-hidden="true" />
          ) : (
            <span className={styles.icon}>{option.icon}</span>
          )}
          <span className={styles.words}>
            <span className={styles.title} id={`${id}-${option.value}-title`}>
              {option.title}
            </span>
            <span className={styles.text} id={`${id}-${option.value}-text`}>
              {option.text}
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
