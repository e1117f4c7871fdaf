import { filesize } from 'filesize';

/** Bytes for a person: `3.1 MB`. Powers of 1,000, as file managers count. */
export function formatBytes(bytes: number): string {
  return filesize(bytes, { standard: 'si', round: bytes < 1000 ? 0 : 1, pad: false });
}

/** A number with its thousands apart: `12,345`. The same in every locale, so that a script can rely on it. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A count and its noun: `1 file`, `2 files`. */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A length of time for a person, from milliseconds: `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A moment for a person, from milliseconds since the epoch: `2026-01-31 17:05:00 UTC`. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime())
    ? 'unknown'
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
