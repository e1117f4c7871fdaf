import { describe, expect, test } from 'vitest';
import type { LimitSchedule, Settings } from '../../app/contract.ts';
import { LimitKeeper } from '../../app/engine/limit-keeper.ts';
import { openDatabase } from '../../app/manifest/database.ts';
import { manifestOn } from '../../app/manifest/manifest.ts';
import { isInSchedule, limitsAt, untilNextEdge } from '../../app/transfer/limit-schedule.ts';
import { TransferGate } from '../../app/transfer/transfer-gate.ts';
import { SteppedClock } from './stepped-clock.ts';

const everyDay = [0, 1, 2, 3, 4, 5, 6];
const schedule = (from: number, to: number, days = everyDay): LimitSchedule => ({
  from,
  to,
  days,
  uploadLimit: 1000,
  downloadLimit: null,
});
/** A Monday, by this computer's time zone, and so many days and minutes later. */
const moment = (minute: number, day = 0) => new Date(2026, 10, 23 + day, 0, minute).getTime();

describe('hours of a schedule', () => {
  test.each([
    ['before it begins', schedule(540, 1020), 539, 0, false],
    ['as it begins', schedule(540, 1020), 540, 0, true],
    ['before it ends', schedule(540, 1020), 1019, 0, true],
    ['as it ends', schedule(540, 1020), 1020, 0, false],
    ['on a day that is not one of it', schedule(540, 1020, [2]), 600, 0, false],
    ['over midnight, in the evening', schedule(1320, 360), 1400, 0, true],
    ['over midnight, in the morning', schedule(1320, 360), 359, 0, true],
    ['over midnight, by day', schedule(1320, 360), 720, 0, false],
    ['over midnight, on the day that it begins on', schedule(1320, 360, [1]), 1400, 0, true],
    ['over midnight, the morning after that', schedule(1320, 360, [1]), 100, 1, true],
    ['over midnight, the morning of that day', schedule(1320, 360, [1]), 100, 0, false],
    ['a whole day', schedule(0, 0, [1]), 700, 0, true],
    ['the day after a whole day', schedule(0, 0, [1]), 700, 1, false],
  ])('%s', (_when, given, minute, day, wanted) => {
    expect(isInSchedule(given, moment(minute, day))).toBe(wanted);
  });

  test('end at an edge, or at midnight', () => {
    expect(untilNextEdge(schedule(540, 1020), moment(500))).toBe(40 * 60_000);
    expect(untilNextEdge(schedule(540, 1020), moment(600) + 1500)).toBe(420 * 60_000 - 1500);
    expect(untilNextEdge(schedule(540, 1020), moment(1400))).toBe(40 * 60_000);
  });
});

const own: Settings = {
  retentionMode: 'ask',
  uploadLimit: 5,
  downloadLimit: 6,
  limitSchedule: null,
  uploadsAtOnce: 7,
  downloadsAtOnce: 8,
  trashDays: null,
};

test('limits are a person’s own but for those hours', () => {
  const limits = { uploadLimit: 5, downloadLimit: 6, uploadsAtOnce: 7, downloadsAtOnce: 8 };
  expect(limitsAt(own, moment(600))).toEqual(limits);
  const limitSchedule = schedule(540, 1020);
  expect(limitsAt({ ...own, limitSchedule }, moment(600))).toEqual({
    ...limits,
    uploadLimit: 1000,
    downloadLimit: null,
  });
  expect(limitsAt({ ...own, limitSchedule }, moment(1100))).toEqual(limits);
});

test('the limits of an engine follow a schedule, and a person’s own come back', async () => {
  const clock = new SteppedClock();
  const manifest = manifestOn(openDatabase(':memory:'));
  const gate = new TransferGate(clock);
  const start = new Date(clock.now());
  const minute = start.getHours() * 60 + start.getMinutes();
  const at = (minutes: number) => (minute + minutes) % 1440;
  manifest.settings.change({ uploadLimit: 5, downloadLimit: 6 });
  const keeper = new LimitKeeper(manifest, gate, clock);
  const limits = () => [gate.limits.uploadLimit, gate.limits.downloadLimit];
  const minutes = (count: number) => clock.run(count * 60_000);
  expect([limits(), clock.sleeping]).toEqual([[5, 6], 0]);

  manifest.settings.change({ limitSchedule: schedule(at(5), at(10)) });
  keeper.apply();
  await minutes(4);
  expect(limits()).toEqual([5, 6]);
  await minutes(1);
  expect(limits()).toEqual([1000, null]);
  // What a person sets meanwhile waits for its time.
  manifest.settings.change({ uploadLimit: 9 });
  keeper.apply();
  await minutes(4);
  expect(limits()).toEqual([1000, null]);
  await minutes(1);
  expect(limits()).toEqual([9, 6]);
  expect(manifest.settings.get()).toMatchObject({ uploadLimit: 9, downloadLimit: 6 });

  // Within its hours, and then none any more.
  manifest.settings.change({ limitSchedule: schedule(at(8), at(30)) });
  keeper.apply();
  expect(limits()).toEqual([1000, null]);
  manifest.settings.change({ limitSchedule: null });
  keeper.apply();
  await minutes(1);
  expect([limits(), clock.sleeping]).toEqual([[9, 6], 0]);

  manifest.settings.change({ limitSchedule: schedule(at(60), at(70)) });
  keeper.apply();
  await keeper.close();
  expect(clock.sleeping).toBe(0);
  manifest.close();
});
