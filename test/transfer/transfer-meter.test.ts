import { expect, test } from 'vitest';
import { TransferMeter } from '../../app/transfer/transfer-meter.ts';

function setup() {
  let at = 0;
  const clock = { now: () => at, monotonic: () => at, sleep: async () => undefined };
  return {
    meter: new TransferMeter(clock),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

test('counts what is done, under way and waiting; a failed file is no longer counted', () => {
  const { meter } = setup();
  meter.setWaiting(3, 600);
  meter.begin('a', 100);
  meter.begin('b', 200);
  meter.move('a', 60);
  expect(meter.progress()).toMatchObject({ filesDone: 0, filesTotal: 3, bytesDone: 60, bytesTotal: 600 });
  expect(meter.fraction('a')).toBe(0.6);
  expect(meter.fraction('c')).toBeNull();
  meter.end('a', true);
  meter.end('b', false);
  expect(meter.progress()).toMatchObject({ filesDone: 1, filesTotal: 2, bytesDone: 100, bytesTotal: 400 });
});

test('a try that begins anew falls back; more bytes than a file has count once', () => {
  const { meter } = setup();
  meter.begin('a', 100);
  meter.move('a', 90);
  meter.move('a', 10);
  expect(meter.progress().bytesDone).toBe(10);
  meter.move('a', 500);
  expect(meter.progress().bytesDone).toBe(100);
  expect(meter.fraction('a')).toBe(1);
});

test('the rate is smoothed over seconds and falls to nothing when nothing moves', () => {
  const { meter, pass } = setup();
  meter.begin('a', 1e9);
  for (let step = 1; step <= 50; step++) {
    pass(100);
    meter.move('a', step * 100_000);
  }
  expect(meter.progress().bytesPerSecond).toBeGreaterThan(900_000);
  expect(meter.progress().bytesPerSecond).toBeLessThan(1_100_000);
  pass(1500);
  const falling = meter.progress().bytesPerSecond;
  expect(falling).toBeGreaterThan(0);
  expect(falling).toBeLessThan(700_000);
  pass(5000);
  expect(meter.progress().bytesPerSecond).toBe(0);
});

test('a new round counts anew, but not while something is left of the old one', () => {
  const { meter } = setup();
  meter.begin('a', 100);
  meter.end('a', true);
  meter.setWaiting(1, 50);
  meter.beginRound();
  expect(meter.progress().filesDone).toBe(1);
  meter.setWaiting(0, 0);
  meter.beginRound();
  expect(meter.progress()).toMatchObject({ filesDone: 0, filesTotal: 0, bytesDone: 0 });
});
