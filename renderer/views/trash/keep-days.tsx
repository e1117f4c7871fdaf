import { useId } from 'react';
import { Select } from '../../components/field.tsx';
import { tell } from '../../components/toasts.tsx';
import { keepChoices } from '../../settings/keep-choices.ts';
import { saveOrTell } from '../../settings/saving.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { formatCount, text } from '../../text/format.ts';
import styles from './keep-days.module.css';

/** How long files stay in the trash. */
export function KeepDays() {
  const { settings, change } = useSettings();
  const id = useId();
  const words = text.trash;
  if (settings === null) return null;
  const { trashDays } = settings;
  const wordsOf = (days: number | null): string =>
    days === null ? words.keepForever : words.keepDays(days, formatCount(days));
  const keep = async (days: number | null): Promise<void> => {
    if (await saveOrTell(() => change({ trashDays: days })))
      tell({ tone: 'ok', title: words.keepSaved(wordsOf(days)) });
  };
  return (
    <span className={styles.keep} title={words.keepMeaning}>
      <label htmlFor={id}>{words.keep}</label>
      <Select
        id={id}
        className={styles.days ?? ''}
        value={trashDays ?? ''}
        onChange={({ target }) => void keep(target.value === '' ? null : Number(target.value))}
      >
        <option value="">{words.keepForever}</option>
        {keepChoices(trashDays).map((days) => (
          <option key={days} value={days}>
            {wordsOf(days)}
          </option>
        ))}
      </Select>
    </span>
  );
}
