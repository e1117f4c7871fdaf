import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { MirrorSettings, MirrorSettingsChange, RetentionMode } from '../contract.ts';

/** Words of the command line → words of the service. */
const retentionModes = {
  ask: 'ask',
  keep: 'KeepLinkedResource',
  remove: 'RemoveLinkedResource',
} as const satisfies Record<string, RetentionMode>;
export type RetentionWord = keyof typeof retentionModes;

export function retentionModeOf(word: RetentionWord): RetentionMode {
  return retentionModes[word];
}

/** The word of the command line for a retention mode. */
export function retentionWord(mode: RetentionMode): RetentionWord {
  switch (mode) {
    case 'ask':
      return 'ask';
    case 'KeepLinkedResource':
      return 'keep';
    case 'RemoveLinkedResource':
      return 'remove';
  }
}

/** A parser of a retention mode's word. */
export function parseRetentionWord(text: string): RetentionWord {
  if (text === 'ask' || text === 'keep' || text === 'remove') return text;
  throw new InvalidArgumentError('It must be ask, keep or remove.');
}

export interface MirrorSettingOptions {
  readonly direction?: 'two-way' | 'push' | 'pull' | undefined;
  readonly deletions?: 'keep' | 'ask' | 'propagate' | undefined;
  readonly retention?: RetentionWord | 'default' | undefined;
  readonly duplicates?: 'leave' | 'upload' | undefined;
}

export const directionOption = () =>
  new Option(
    '--direction <way>',
    'which side may be changed: both, the dataset alone, the folder alone',
  ).choices(['two-way', 'push', 'pull'] as const);

export const deletionsOption = () =>
  new Option('--deletions <policy>', 'what a deletion in the folder means for the asset').choices([
    'keep',
    'ask',
    'propagate',
  ] as const);

export const retentionOption = () =>
  new Option(
    '--retention <mode>',
    'what overwriting an asset does to its annotations; default: as vi-sync settings says',
  ).choices(['ask', 'keep', 'remove', 'default'] as const);

export const duplicatesOption = () =>
  new Option(
    '--duplicates <policy>',
    'whether a second file with the content of another becomes an asset of its own',
  ).choices(['leave', 'upload'] as const);

/** What the options change; what was left out stays as it is. */
export function settingsChangeOf(options: MirrorSettingOptions): MirrorSettingsChange {
  const { direction, deletions, retention, duplicates } = options;
  return {
    ...(direction === undefined ? {} : { direction }),
    ...(deletions === undefined ? {} : { deletePolicy: deletions }),
    ...(retention === undefined
      ? {}
      : { retentionMode: retention === 'default' ? null : retentionModeOf(retention) }),
    ...(duplicates === undefined ? {} : { duplicates }),
  };
}

/** A mirror's settings, line by line, in the words of the options. */
export function settingLines(settings: MirrorSettings): readonly (readonly [name: string, value: string])[] {
  const { direction, deletePolicy, retentionMode, duplicates } = settings;
  return [
    ['direction', direction],
    ['deletions', deletePolicy],
    ['retention', retentionMode === null ? 'default' : retentionWord(retentionMode)],
    ['duplicates', duplicates],
  ];
}
