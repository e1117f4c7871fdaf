import { describe, expect, test } from 'vitest';
import { createTransferRate } from '../../app/cli/transfer-rate.ts';

function withClock() {
  let ms = 1000;
  const rate = createTransferRate(() => ms);
  let done = 0;
  return {
    rate,
    /** Moves so many bytes a second for so many seconds, in steps of a tenth. */
    run(perSecond: number, seconds: number) {
      for (let step = 0; step < seconds * 10; step += 1) {
        ms += 100;
        done += perSecond / 10;
        rate.update(done);
      }
    },
    jump(bytes: number) {
      ms += 1000;
      done += bytes;
      rate.update(done);
    },
  };
}

describe('createTransferRate', () => {
  test('knows nothing before anything moved', () => {
    const { rate } = withClock();
    expect(rate.perSecond).toBe(0);
    expect(rate.remainingMs(100)).toBeNull();
  });

  test('is right from the first sample on', () => {
    const clock = withClock();
    clock.run(1000, 0.5);
    expect(clock.rate.perSecond).toBeCloseTo(1000, 0);
    expect(clock.rate.remainingMs(10_500)).toBeCloseTo(10_000, -2);
  });

  test('follows a change within seconds, without jumping to it', () => {
    const clock = withClock();
    clock.run(1000, 20);
    clock.run(100, 1);
    expect(clock.rate.perSecond).toBeGreaterThan(500);
    clock.run(100, 15);
    expect(clock.rate.perSecond).toBeLessThan(200);
  });

  test('falls towards nothing when nothing moves', () => {
    const clock = withClock();
    clock.run(1000, 10);
    clock.run(0, 60);
    expect(clock.rate.perSecond).toBeLessThan(1);
    expect(clock.rate.remainingMs(1e9)).toBeNull();
  });

  test('bytes taken back by a retry are no negative speed', () => {
    const clock = withClock();
    clock.run(1000, 5);
    clock.jump(-4000);
    expect(clock.rate.perSecond).toBeGreaterThanOrEqual(0);
  });

  test('nothing is left at the end', () => {
    const clock = withClock();
    clock.run(1000, 2);
    expect(clock.rate.remainingMs(2000)).toBe(0);
  });
});
