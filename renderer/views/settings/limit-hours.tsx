import { useState } from 'react';
import type { LimitSchedule } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { Field, TextInput } from '../../components/field.tsx';
import { formatWeekday, text } from '../../text/format.ts';
import styles from './limit-hours.module.css';

/** As most calendars begin it; 0 is Sunday. */
const week = [1, 2, 3, 4, 5, 6, 0] as const;

interface LimitHoursProps {
  readonly schedule: LimitSchedule;
  readonly onChange: (changes: Partial<LimitSchedule>) => void;
}

/** On which days and between which hours. */
export function LimitHours({ schedule, onChange }: LimitHoursProps) {
  const { from, to, days } = schedule;
  const words = text.settings;
  const toggle = (day: number): void => {
    const next = days.includes(day) ? days.filter((other) => other !== day) : [...days, day];
    // On no day it would never hold: for that there is the switch.
    if (next.length > 0) onChange({ days: next.toSorted((a, b) => a - b) });
  };
  return (
    <div className={styles.hours}>
      <fieldset className={styles.days} aria-label={words.scheduleDays}>
        <legend className={styles.legend}>{words.scheduleDays}</legend>
        {week.map((day) => (
          <button
            key={day}
            type="button"
            className={classNames(styles.day, days.includes(day) && styles.on)}
            aria-pressed={days.includes(day)}
            onClick={() => toggle(day)}
          >
            {formatWeekday(day)}
          </button>
        ))}
      </fieldset>
      <TimeField label={words.scheduleFrom} minutes={from} onSave={(from) => onChange({ from })} />
      <TimeField label={words.scheduleTo} minutes={to} onSave={(to) => onChange({ to })} />
      <p className={styles.hint}>
        {from > to ? words.scheduleOvernight : from === to ? words.scheduleWholeDay : ''}
      </p>
    </div>
  );
}

interface TimeFieldProps {
  readonly label: string;
  /** Of the day. */
  readonly minutes: number;
  readonly onSave: (minutes: number) => void;
}

/** A time of the day, saved when the field is left: while it is typed it is some other time. */
function TimeField({ label, minutes, onSave }: TimeFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const commit = (): void => {
    const [hour = Number.NaN, minute = Number.NaN] = (draft ?? '').split(':').map(Number);
    setDraft(null);
    const next = hour * 60 + minute;
    if (Number.isInteger(next) && next !== minutes) onSave(next);
  };
  return (
    <Field label={label}>
      {(ids) => (
        <TextInput
          {...ids}
          type="time"
          className={styles.time}
          value={draft ?? shown}
          onChange={({ target }) => setDraft(target.value)}
          onBlur={commit}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit();
          }}
        />
      )}
    </Field>
  );
}
