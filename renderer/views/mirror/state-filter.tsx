import type { FileState, MirrorStatus } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { fileStates, stateLooks } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import { formatCount, text } from '../../text/format.ts';
import styles from './state-filter.module.css';

interface StateFilterProps {
  readonly counts: MirrorStatus['counts'];
  readonly total: number;
  readonly chosen: FileState | null;
  readonly onChoose: (state: FileState | null) => void;
}

/** How many files are in each state; one of them filters the table. States that come and go stand at the end, so that the others stay in place. */
export function StateFilter({ counts, total, chosen, onChoose }: StateFilterProps) {
  return (
    <fieldset className={styles.filter} aria-label={text.filterByState}>
      <button
        type="button"
        className={classNames(styles.chip, chosen === null && styles.chosen)}
        aria-pressed={chosen === null}
        onClick={() => onChoose(null)}
      >
        {text.all} <span className={styles.count}>{formatCount(total)}</span>
      </button>
      {fileStates.map((state) => {
        const { icon: Icon, tone } = stateLooks[state];
        const count = counts[state];
        if (count === 0 && chosen !== state && state !== 'in-sync') return null;
        return (
          <button
            key={state}
            type="button"
            className={classNames(
              styles.chip,
              chosen === state && styles.chosen,
              count === 0 && chosen !== state && styles.none,
            )}
            aria-pressed={chosen === state}
            title={text.stateMeaning[state]}
            onClick={() => onChoose(chosen === state ? null : state)}
          >
            <Icon
              size={13}
              strokeWidth={2.25}
              className={count === 0 ? undefined : tones[tone]}
              aria-hidden="true"
            />
            {text.state[state]} <span className={styles.count}>{formatCount(count)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
