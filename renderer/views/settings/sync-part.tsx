import type { RetentionMode, Settings } from '../../../app/contract.ts';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Select } from '../../components/field.tsx';
import { keepChoices } from '../../settings/keep-choices.ts';
import { saveOrTell } from '../../settings/saving.ts';
import type { SettingsInUse } from '../../settings/use-settings.ts';
import { formatCount, text } from '../../text/format.ts';
import { Line, Part } from './part.tsx';

const modes = [
  'ask',
  'KeepLinkedResource',
  'RemoveLinkedResource',
] as const satisfies readonly RetentionMode[];

export interface PartOfSettings {
  readonly settings: Settings;
  readonly change: SettingsInUse['change'];
}

/** What a sync may do without asking, and for how long it can be undone. */
export function SyncPart({ settings, change }: PartOfSettings) {
  const words = text.settings;
  const { retentionMode, trashDays } = settings;
  return (
    <Part name="sync">
      <Line title={words.retention} hint={words.retentionText} isTall>
        <ChoiceCards<RetentionMode>
          label={words.retention}
          value={retentionMode}
          options={modes.map((value) => ({ value, ...words.retentionModes[value] }))}
          onChange={(mode) => void saveOrTell(() => change({ retentionMode: mode }))}
        />
      </Line>
      <Line title={words.trashDays} hint={words.trashDaysHint}>
        <Select
          aria-label={words.trashDays}
          value={trashDays ?? ''}
          onChange={({ target }) =>
            void saveOrTell(() => change({ trashDays: target.value === '' ? null : Number(target.value) }))
          }
        >
          <option value="">{words.trashForever}</option>
          {keepChoices(trashDays).map((days) => (
            <option key={days} value={days}>
              {words.trashDay(days, formatCount(days))}
            </option>
          ))}
        </Select>
      </Line>
    </Part>
  );
}
