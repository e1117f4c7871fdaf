import { describe, expect, test } from 'vitest';
import { Bandwidth } from '../../app/transfer/bandwidth.ts';
import { SteppedClock } from './stepped-clock.ts';

const kB = 1000;
const block = 256 * 1024;

function setup(limit: number | null) {
  const clock = new SteppedClock();
  const bandwidth = new Bandwidth(clock);
  bandwidth.setLimit(limit);
  const end = new AbortController();
  /** A transfer that moves one block after the other, as large as it may. `moved` counts its bytes by the time they moved at. */
  const transfer = (size = block) => {
    const moved: { at: number; bytes: number }[] = [];
    const abort = new AbortController();
    const signal = AbortSignal.any([end.signal, abort.signal]);
    const run = async () => {
      for (;;) {
        for (let left = size; left > 0; ) {
          const bytes = await bandwidth.take(left, signal);
          moved.push({ at: clock.monotonic(), bytes });
          left -= bytes;
        }
      }
    };
    const ended = run().catch((error: unknown) => error);
    return { moved, abort, ended };
  };
  const sum = (transfers: readonly { moved: { at: number; bytes: number }[] }[], from = 0) =>
    transfers
      .flatMap(({ moved }) => moved)
      .filter(({ at }) => at > from)
      .reduce((total, { bytes }) => total + bytes, 0);
  return { clock, bandwidth, transfer, sum, end };
}

describe('a limit of bandwidth', () => {
  for (const limit of [1 * kB, 50 * kB, 1000 * kB, 100_000 * kB]) {
    for (const count of [1, 16]) {
      test(`of ${limit / kB} kB/s holds for ${count} at once, from the first second on`, async () => {
        const { clock, transfer, sum } = setup(limit);
        const transfers = Array.from({ length: count }, () => transfer());
        let before = 0;
        for (let second = 1; second <= 5; second++) {
          await clock.run(1000);
          const total = sum(transfers);
          // One turn of the slowest limit is a second's worth.
          expect(total - before).toBeLessThanOrEqual(limit * 1.05 + 1024);
          before = total;
        }
        expect(before).toBeGreaterThan(5 * limit * 0.95 - 1024);
        expect(before).toBeLessThan(5 * limit * 1.05);
      });
    }
  }

  test('is shared in equal parts, and nobody stands still for long, however large the blocks are', async () => {
    const { clock, transfer } = setup(50 * kB);
    const transfers = [block, 64 * 1024, 100_000, 1024, ...Array<number>(12).fill(block)].map(transfer);
    await clock.run(20_000);
    for (const { moved } of transfers) {
      const bytes = moved.reduce((total, each) => total + each.bytes, 0);
      expect(bytes / ((20 * 50 * kB) / 16)).toBeGreaterThan(0.8);
      expect(bytes / ((20 * 50 * kB) / 16)).toBeLessThan(1.2);
      const gaps = moved.map(({ at }, index) => at - (moved[index - 1]?.at ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(1000);
    }
  });

  test('is smooth: in no tenth of a second does more than one and a half tenths’ worth move', async () => {
    const { clock, transfer } = setup(1000 * kB);
    const transfers = Array.from({ length: 4 }, () => transfer());
    await clock.run(3000);
    const tenths = new Map<number, number>();
    for (const { at, bytes } of transfers.flatMap(({ moved }) => moved)) {
      const tenth = Math.floor(at / 100);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + bytes);
    }
    expect(Math.max(...tenths.values())).toBeLessThan(150 * kB);
    expect(tenths.size).toBeGreaterThanOrEqual(29);
  });

  test('saves up no more than a moment’s worth while nothing moves', async () => {
    const { clock, transfer, sum } = setup(100 * kB);
    await clock.run(60_000);
    const one = transfer();
    await clock.run(0);
    expect(sum([one])).toBeLessThanOrEqual(10 * kB);
    await clock.run(1000);
    expect(sum([one])).toBeLessThanOrEqual(115 * kB);
  });

  test('that is changed holds at once, also for those who wait', async () => {
    const { clock, bandwidth, transfer, sum } = setup(10);
    const transfers = [transfer(), transfer()];
    await clock.run(1000);
    bandwidth.setLimit(100 * kB);
    await clock.run(1000);
    expect(sum(transfers)).toBeGreaterThan(95 * kB);
    bandwidth.setLimit(10 * kB);
    const before = sum(transfers);
    await clock.run(1000);
    expect(sum(transfers) - before).toBeLessThan(12 * kB);
  });

  test('that is lifted lets everything go at once, and one that is set afterwards holds from the beginning', async () => {
    const { clock, bandwidth } = setup(10);
    const { signal } = new AbortController();
    const waiting = [bandwidth.take(block, signal), bandwidth.take(7, signal)];
    bandwidth.setLimit(null);
    expect(await Promise.all(waiting)).toEqual([block, 7]);
    expect(await bandwidth.take(10 * block, signal)).toBe(10 * block);
    await clock.run(10_000);
    bandwidth.setLimit(1024);
    let isThrough = false;
    const next = bandwidth.take(1024, signal).then(() => {
      isThrough = true;
    });
    await clock.run(900);
    expect(isThrough).toBe(false);
    await clock.run(100);
    await next;
  });

  test('a transfer that is ended waits no more, takes nothing, and leaves no timer behind', async () => {
    const { clock, bandwidth, transfer, sum } = setup(100 * kB);
    const [one, other] = [transfer(), transfer()];
    await clock.run(1000);
    const reason = new Error('enough');
    one.abort.abort(reason);
    expect(await one.ended).toBe(reason);
    const before = sum([other]);
    await clock.run(1000);
    expect(sum([other]) - before).toBeGreaterThan(95 * kB);
    other.abort.abort(reason);
    await other.ended;
    await clock.run(0);
    expect(clock.sleeping).toBe(0);
    await expect(bandwidth.take(1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
