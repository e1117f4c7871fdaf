import { en } from './en.ts';

/** The catalogue in use. A second language is a second file with the same keys, chosen here. */
export const text = en;

/**
 * Numbers and dates follow the reader's region where it speaks the catalogue's language (1,234 or 1’234), and the catalogue
 * otherwise, so that a sentence is never in two languages.
 */
const locale = navigator.languages.find((tag) => tag.startsWith(text.language)) ?? text.language;

const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const relative = new Intl.RelativeTimeFormat(locale, { style: 'narrow', numeric: 'always' });
const timeOfDay = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const fullDay = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const fullTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });

const byteUnits = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const byteFormats = byteUnits.map((unit) => {
  const of = (maximumFractionDigits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits });
  return { precise: of(1), round: of(0) };
});
const seconds = new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'narrow' });
const minutes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'short' });
const hours = new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'short' });

export const formatCount = (n: number): string => integer.format(n);

/** A part from 0 to 1, rounded down: 100 % is said only when all of it is done. */
export const formatPart = (part: number): string => percent.format(Math.floor(part * 100) / 100);

/** Bytes with a decimal prefix, three digits at most: 982 kB, 1.2 MB, 34 GB. */
export function formatBytes(bytes: number): string {
  // The symbol of a single byte is no part of Intl: its short form is the word.
  if (bytes < 1000) return text.bytes(integer.format(bytes));
  let unit = 0;
  let amount = bytes / 1000;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (amount >= 999.5 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const formats = byteFormats[unit];
  return (amount < 9.95 ? formats?.precise : formats?.round)?.format(amount) ?? '';
}

export const formatPixels = (width: number, height: number): string =>
  `${integer.format(width)} × ${integer.format(height)}`;

/** How long ago, in the largest unit that fits. Both in milliseconds since the epoch. */
export function formatAgo(then: number, now: number): string {
  const age = Math.max(0, Math.floor((now - then) / 1000));
  if (age < 1) return text.justNow;
  if (age < 60) return relative.format(-age, 'second');
  if (age < 3600) return relative.format(-Math.floor(age / 60), 'minute');
  if (age < 86_400) return relative.format(-Math.floor(age / 3600), 'hour');
  return relative.format(-Math.floor(age / 86_400), 'day');
}

/** A duration in milliseconds, rounded up to what a person would say. */
export function formatDuration(milliseconds: number): string {
  const total = Math.ceil(milliseconds / 1000);
  if (total < 60) return seconds.format(total);
  if (total < 3600) return minutes.format(Math.ceil(total / 60));
  return `${hours.format(Math.floor(total / 3600))} ${minutes.format(Math.floor((total % 3600) / 60))}`;
}

/** The shortest unambiguous moment: a time today, a day this year, a date otherwise. */
export function formatMoment(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return timeOfDay.format(date);
  return (date.getFullYear() === today.getFullYear() ? dayOfYear : fullDay).format(date);
}

export const formatFullTime = (at: number): string => fullTime.format(at);
