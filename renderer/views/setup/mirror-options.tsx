import { ArrowDownToLine, ArrowLeftRight, ArrowUpFromLine } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MirrorSettings, RetentionMode } from '../../../app/contract.ts';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { text } from '../../text/format.ts';
import styles from './mirror-options.module.css';

interface MirrorOptionsProps {
  readonly settings: MirrorSettings;
  readonly onChange: (settings: MirrorSettings) => void;
}

const directionIcons: Record<MirrorSettings['direction'], ReactNode> = {
  'two-way': <ArrowLeftRight size={16} aria-hidden="true" />,
  push: <ArrowUpFromLine size={16} aria-hidden="true" />,
  pull: <ArrowDownToLine size={16} aria-hidden="true" />,
};

/** How a mirror works: each choice with what it means. */
export function MirrorOptions({ settings, onChange }: MirrorOptionsProps) {
  const words = text.setup;
  const change = (changes: Partial<MirrorSettings>): void => onChange({ ...settings, ...changes });
  return (
    <div className={styles.options}>
      <Option title={words.direction}>
        <ChoiceCards
          inColumns
          label={words.direction}
          value={settings.direction}
          options={optionsOf(words.directions).map((option) => ({
            ...option,
            icon: directionIcons[option.value],
          }))}
          onChange={(direction) => change({ direction })}
        />
      </Option>
      {/* A mirror that only pulls never writes to the service: none of the rest can happen. */}
      {settings.direction === 'pull' ? null : (
        <>
          <Option title={words.deletePolicy}>
            <ChoiceCards
              inColumns
              label={words.deletePolicy}
              value={settings.deletePolicy}
              options={optionsOf(words.deletePolicies)}
              onChange={(deletePolicy) => change({ deletePolicy })}
            />
          </Option>
          <Option title={words.retention}>
            <ChoiceCards<RetentionMode | 'inherit'>
              inColumns
              label={words.retention}
              value={settings.retentionMode ?? 'inherit'}
              options={optionsOf(words.retentionModes)}
              onChange={(mode) => change({ retentionMode: mode === 'inherit' ? null : mode })}
            />
          </Option>
          <Option title={words.duplicates}>
            <ChoiceCards
              inColumns
              label={words.duplicates}
              value={settings.duplicates}
              options={optionsOf(words.duplicateChoices)}
              onChange={(duplicates) => change({ duplicates })}
            />
          </Option>
        </>
      )}
    </div>
  );
}

function Option({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.option}>
      <h3 className={styles.title}>{title}</h3>
      {children}
    </section>
  );
}

/** The choices of a table of words, in its order. */
function optionsOf<T extends string>(
  table: Readonly<Record<T, { readonly title: string; readonly text: string }>>,
): { readonly value: T; readonly title: string; readonly text: string }[] {
  return (Object.keys(table) as T[]).map((value) => ({ value, ...table[value] }));
}
