import type { Catalogue } from './en/index.ts';
import { en } from './en/index.ts';
import { numberFormats } from './number-formats.ts';

/** The languages that the window speaks, by their own names. A further one is a folder with the same keys, listed here. */
export const languages = {
  en: { name: 'English', load: async (): Promise<Catalogue> => en },
  de: { name: 'Deutsch', load: async (): Promise<Catalogue> => (await import('./de/index.ts')).de },
} as const;
export type Language = keyof typeof languages;

/** The catalogue in use. Read it while drawing, never when a module loads: {@link speak} changes it. */
export let text: Catalogue = en;
let formats = numberFormats(localeFor('en'));

/** The language for a setting (null: the system's): the first one that a reader knows and the window speaks, or English. */
export function languageFor(setting: string | null): Language {
  const wanted = setting === null ? navigator.languages : [setting];
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/** Changes the language of all that is drawn from now on. */
export async function speak(language: Language): Promise<void> {
  text = await languages[language].load();
  formats = numberFormats(localeFor(language));
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}

/**
 * Numbers and dates follow the reader's region where it speaks the catalogue's language (1,234 or 1’234), and the catalogue
 * otherwise, so that a sentence is never in two languages.
 */
function localeFor(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
}

const byteUnitCount = 4;

export const formatCount = (n: number): string => formats.integer.format(n);

/** A part from 0 to 1, rounded down: 100 % is said only when all of it is done. */
export const formatPart = (part: number): string => formats.percent.format(Math.floor(part * 100) / 100);

/** Bytes with a decimal prefix, three digits at most: 982 kB, 1.2 MB, 34 GB. */
export function formatBytes(bytes: number): string {
  // The symbol of a single byte is no part of Intl: its short form is the word.
  if (bytes < 1000) return text.bytes(formats.integer.format(bytes));
  let unit = 0;
  let amount = bytes / 1000;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (amount >= 999.5 && unit < byteUnitCount - 1) {
    amount /= 1000;
    unit += 1;
  }
  const ofUnit = formats.bytes[unit];
  return (amount < 9.95 ? ofUnit?.precise : ofUnit?.round)?.format(amount) ?? '';
}

export const formatPixels = (width: number, height: number): string =>
  `${formats.integer.format(width)} × ${formats.integer.format(height)}`;

/** How long ago, in the largest unit that fits. Both in milliseconds since the epoch. */
export function formatAgo(then: number, now: number): string {
  const age = Math.max(0, Math.floor((now - then) / 1000));
  if (age < 1) return text.justNow;
  if (age < 60) return formats.relative.format(-age, 'second');
  if (age < 3600) return formats.relative.format(-Math.floor(age / 60), 'minute');
  if (age < 86_400) return formats.relative.format(-Math.floor(age / 3600), 'hour');
  return formats.relative.format(-Math.floor(age / 86_400), 'day');
}

/** A duration in milliseconds, rounded up to what a person would say. */
export function formatDuration(milliseconds: number): string {
  const total = Math.ceil(milliseconds / 1000);
  const { seconds, minutes, hours } = formats;
  if (total < 60) return seconds.format(total);
  if (total < 3600) return minutes.format(Math.ceil(total / 60));
  return `${hours.format(Math.floor(total / 3600))} ${minutes.format(Math.floor((total % 3600) / 60))}`;
}

/** A time to come, as a clock that counts down: 0:42, 8:05, 1:02:03. Milliseconds. */
export function formatCountdown(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** The shortest unambiguous moment: a time today, a day this year, a date otherwise. */
export function formatMoment(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return formats.timeOfDay.format(date);
  return (date.getFullYear() === today.getFullYear() ? formats.dayOfYear : formats.fullDay).format(date);
}

/** The time of the day, to the minute. */
export const formatTimeOfDay = (at: number): string => formats.timeOfDay.format(at);

/** The day of a moment, in words where it is near. Both in milliseconds since the epoch. */
export function formatDay(at: number, now: number): string {
  const date = new Date(at);
  const before = new Date(now);
  if (date.toDateString() === before.toDateString()) return text.activities.today;
  const year = before.getFullYear();
  const dayBefore = new Date(year, before.getMonth(), before.getDate() - 1);
  if (date.toDateString() === dayBefore.toDateString()) return text.activities.yesterday;
  return (date.getFullYear() === year ? formats.weekday : formats.fullDay).format(date);
}

/** The short name of a day of the week; 0 is Sunday. */
export const formatWeekday = (day: number): string => formats.shortDay.format(new Date(2023, 0, 1 + day));

/** A number with the decimals that it has, two at most, as it can be typed again: 1.25, 1000. */
export const formatDecimal = (n: number): string => formats.decimal.format(n);

export const formatFullTime = (at: number): string => formats.fullTime.format(at);
