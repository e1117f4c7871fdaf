import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProgressThrottle } from '../../app/vi/progress-throttle.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function counting() {
  const seen: number[] = [];
  let count = 0;
  const throttle = new ProgressThrottle<number>(
    (progress) => seen.push(progress),
    () => count,
  );
  const step = () => {
    count += 1;
    throttle.report();
  };
  return { seen, step, throttle };
}

describe('ProgressThrottle', () => {
  test('passes the last state of a burst on, when nothing follows', () => {
    const { seen, step } = counting();
    for (let i = 0; i < 10; i++) step();
    expect(seen).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(seen).toEqual([1, 10]);
  });

  test('passes on about ten states a second of a steady stream', () => {
    const { seen, step } = counting();
    for (let i = 0; i < 1000; i++) {
      step();
      vi.advanceTimersByTime(1);
    }
    expect(seen.length).toBeGreaterThanOrEqual(9);
    expect(seen.length).toBeLessThanOrEqual(11);
  });

  test('passes nothing on by itself once it is stopped', () => {
    const { seen, step, throttle } = counting();
    step();
    step();
    throttle.stop();
    step();
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([1]);
  });
});
