import { expect, test } from 'vitest';
import { realClock } from '../../app/engine/real-clock.ts';
import { Wake } from '../../app/engine/wake.ts';

const signal = new AbortController().signal;

test('a wake that comes before the sleep is not lost, and counts once', async () => {
  const wake = new Wake(realClock);
  wake.wake();
  wake.wake();
  const start = performance.now();
  await wake.sleep(60_000, signal);
  expect(performance.now() - start).toBeLessThan(10_000);
  await wake.sleep(20, signal);
  expect(performance.now() - start).toBeGreaterThan(15);
});

test('a sleep ends by itself, by a wake, or by the signal; for ever is possible', async () => {
  const wake = new Wake(realClock);
  await wake.sleep(1, signal);
  const sleeping = wake.sleep(Number.POSITIVE_INFINITY, signal);
  await new Promise((resolve) => setTimeout(resolve, 20));
  wake.wake();
  await sleeping;
  const abort = new AbortController();
  const aborted = wake.sleep(60_000, abort.signal);
  abort.abort();
  await aborted;
});
