import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Settings, SettingsChange } from '../contract.ts';
import { formatBytes } from './format.ts';
import { parseRetentionWord, retentionModeOf, retentionWord } from './mirror-options.ts';
import { wholeNumber } from './option-values.ts';

/** A setting of all mirrors as the command line knows it. */
interface SettingName {
  readonly meaning: string;
  /** @throws InvalidArgumentError */
  readonly parse: (text: string) => SettingsChange;
  readonly show: (settings: Settings) => string;
}

export const settingNames = {
  retention: {
    meaning: 'what overwriting an asset does to its annotations: ask, keep or remove',
    parse: (text) => ({ retentionMode: retentionModeOf(parseRetentionWord(text)) }),
    show: ({ retentionMode }) => retentionWord(retentionMode),
  },
  'upload-limit': {
    meaning: 'bytes per second of all uploads together, such as 500k or 2M, or none',
    parse: (text) => ({ uploadLimit: parseRate(text) }),
    show: ({ uploadLimit }) => rateText(uploadLimit),
  },
  'download-limit': {
    meaning: 'the same for downloads',
    parse: (text) => ({ downloadLimit: parseRate(text) }),
    show: ({ downloadLimit }) => rateText(downloadLimit),
  },
  'uploads-at-once': {
    meaning: 'files that are uploaded at the same time, 1 to 64',
    parse: (text) => ({ uploadsAtOnce: wholeNumber(1, 64)(text) }),
    show: ({ uploadsAtOnce }) => String(uploadsAtOnce),
  },
  'downloads-at-once': {
    meaning: 'the same for downloads',
    parse: (text) => ({ downloadsAtOnce: wholeNumber(1, 64)(text) }),
    show: ({ downloadsAtOnce }) => String(downloadsAtOnce),
  },
  'trash-days': {
    meaning: 'days after which files in the trash are removed for good, or never',
    parse: (text) => ({ trashDays: text === 'never' ? null : wholeNumber(1, 3650)(text) }),
    show: ({ trashDays }) => (trashDays === null ? 'never' : String(trashDays)),
  },
} as const satisfies Record<string, SettingName>;

const factors = { '': 1, k: 1e3, M: 1e6, G: 1e9 } as const;

function parseRate(text: string): number | null {
  if (text === 'none') return null;
  const [, number, unit] = /^(\d+)([kMG]?)$/u.exec(text) ?? [];
  if (number === undefined || Number(number) === 0) {
    throw new InvalidArgumentError('It must be a number of bytes per second, such as 500k or 2M, or none.');
  }
  return Number(number) * factors[(unit ?? '') as keyof typeof factors];
}

function rateText(limit: number | null): string {
  return limit === null ? 'none' : `${formatBytes(limit)}/s`;
}

/** All settings with their values, in lines. */
export function settingsLines(settings: Settings): string[] {
  return Object.entries(settingNames).map(
    ([name, { meaning, show }]) => `${name.padEnd(18)}${show(settings).padEnd(12)}${meaning}`,
  );
}
