import type { LimitSchedule, Settings } from '../contract.ts';
import type { TransferLimits } from './transfer-gate.ts';

const minutesOfDay = 24 * 60;
const minuteMs = 60_000;

/** The limits that hold at a moment, milliseconds since the epoch: the schedule's in its hours, else a person's own. */
export function limitsAt(settings: Settings, now: number): TransferLimits {
  const { uploadsAtOnce, downloadsAtOnce, limitSchedule } = settings;
  const { uploadLimit, downloadLimit } =
    limitSchedule !== null && isInSchedule(limitSchedule, now) ? limitSchedule : settings;
  return { uploadLimit, downloadLimit, uploadsAtOnce, downloadsAtOnce };
}

/** Whether a moment lies in the hours of a schedule, by this computer's time zone. */
export function isInSchedule({ from, to, days }: LimitSchedule, now: number): boolean {
  const time = new Date(now);
  const minute = time.getHours() * 60 + time.getMinutes();
  const day = time.getDay();
  // What is left of the hours that began yesterday.
  const isFromYesterday = from >= to && minute < to && days.includes((day + 6) % 7);
  const isFromToday = minute >= from && (from >= to || minute < to) && days.includes(day);
  return isFromYesterday || isFromToday;
}

/** How long nothing can change: until the next time of day at which the schedule begins or ends, or midnight. Milliseconds. */
export function untilNextEdge({ from, to }: LimitSchedule, now: number): number {
  const time = new Date(now);
  const minute = time.getHours() * 60 + time.getMinutes();
  const minutes = [from, to, 0].map((edge) => (edge > minute ? edge : edge + minutesOfDay) - minute);
  const intoMinute = time.getSeconds() * 1000 + time.getMilliseconds();
  return Math.min(...minutes) * minuteMs - intoMinute;
}
