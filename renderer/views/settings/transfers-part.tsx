import type { LimitSchedule } from '../../../app/contract.ts';
import { Toggle } from '../../components/toggle.tsx';
import { save, saveOrTell } from '../../settings/saving.ts';
import { formatDecimal, text } from '../../text/format.ts';
import { LimitHours } from './limit-hours.tsx';
import { Line, Part } from './part.tsx';
import { SavedField } from './saved-field.tsx';
import type { PartOfSettings } from './sync-part.tsx';
import styles from './transfers-part.module.css';

const bytesOfMegabyte = 1_000_000;
const mostAtOnce = 64;

/** Working hours: a beginning that a person changes. */
const usualSchedule: LimitSchedule = {
  from: 9 * 60,
  to: 17 * 60,
  days: [1, 2, 3, 4, 5],
  uploadLimit: bytesOfMegabyte,
  downloadLimit: null,
};

/** How fast, and how much at once. */
export function TransfersPart({ settings, change }: PartOfSettings) {
  const { uploadLimit, downloadLimit, limitSchedule, uploadsAtOnce, downloadsAtOnce } = settings;
  const words = text.settings;
  const changeSchedule = (changes: Partial<LimitSchedule>) =>
    change({ limitSchedule: { ...(limitSchedule ?? usualSchedule), ...changes } });
  return (
    <Part name="transfers">
      <Line title={words.limits} isTall>
        <div className={styles.pair}>
          <LimitField
            label={words.upload}
            value={uploadLimit}
            onSave={(limit) => save(() => change({ uploadLimit: limit }))}
          />
          <LimitField
            label={words.download}
            value={downloadLimit}
            onSave={(limit) => save(() => change({ downloadLimit: limit }))}
          />
        </div>
      </Line>
      <Line title={words.schedule} hint={words.scheduleHint}>
        <Toggle
          label={words.schedule}
          isLabelHidden
          isOn={limitSchedule !== null}
          onChange={(isOn) => void saveOrTell(() => change({ limitSchedule: isOn ? usualSchedule : null }))}
        />
      </Line>
      {limitSchedule === null ? null : (
        <div className={styles.schedule}>
          <LimitHours
            schedule={limitSchedule}
            onChange={(changes) => void saveOrTell(() => changeSchedule(changes))}
          />
          <div className={styles.pair}>
            <LimitField
              label={words.scheduleUpload}
              value={limitSchedule.uploadLimit}
              onSave={(limit) => save(() => changeSchedule({ uploadLimit: limit }))}
            />
            <LimitField
              label={words.scheduleDownload}
              value={limitSchedule.downloadLimit}
              onSave={(limit) => save(() => changeSchedule({ downloadLimit: limit }))}
            />
          </div>
        </div>
      )}
      <Line title={words.atOnce} hint={words.atOnceHint} isTall>
        <div className={styles.pair}>
          <SavedField
            label={words.uploadsAtOnce}
            value={uploadsAtOnce}
            show={String}
            read={readCount}
            wrong={words.atOnceWrong}
            onSave={(count) => save(() => change({ uploadsAtOnce: count }))}
          />
          <SavedField
            label={words.downloadsAtOnce}
            value={downloadsAtOnce}
            show={String}
            read={readCount}
            wrong={words.atOnceWrong}
            onSave={(count) => save(() => change({ downloadsAtOnce: count }))}
          />
        </div>
      </Line>
    </Part>
  );
}

interface LimitFieldProps {
  readonly label: string;
  /** Bytes per second; null: none. */
  readonly value: number | null;
  readonly onSave: (value: number | null) => ReturnType<typeof save>;
}

function LimitField({ label, value, onSave }: LimitFieldProps) {
  const words = text.settings;
  return (
    <SavedField
      label={label}
      value={value}
      show={(limit) => (limit === null ? '' : formatDecimal(limit / bytesOfMegabyte))}
      read={readLimit}
      wrong={words.limitWrong}
      hint={words.unlimited}
      unit={words.perSecond}
      onSave={onSave}
    />
  );
}

/** Megabytes as a person types them, with a point or a comma: 2, 0.5, 1,25. */
function readLimit(typed: string): number | null | undefined {
  const plain = typed.trim().replace(',', '.');
  if (plain === '') return null;
  if (!/^\d+(\.\d+)?$|^\.\d+$/.test(plain)) return undefined;
  const bytes = Math.round(Number(plain) * bytesOfMegabyte);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

function readCount(typed: string): number | undefined {
  const count = Number(typed.trim());
  return /^\d+$/.test(typed.trim()) && count >= 1 && count <= mostAtOnce ? count : undefined;
}
