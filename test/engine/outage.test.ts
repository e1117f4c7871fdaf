import { describe, expect, test } from 'vitest';
import { type Asker, Outage } from '../../app/engine/outage.ts';
import { scopeOf } from '../../app/engine/service-health.ts';
import {
  ViAuthenticationError,
  ViNetworkError,
  ViNotFoundError,
  ViRateLimitError,
  ViResponseError,
  ViServerError,
  ViTimeoutError,
} from '../../app/vi/index.ts';
import { SteppedClock } from '../transfer/stepped-clock.ts';

const gone = () => new ViNetworkError('gone');

function setup(count: number) {
  const clock = new SteppedClock();
  const outage = new Outage(clock, { fraction: () => 0.999, id: () => 'id' });
  const told = new Map<Asker, number>();
  const askers = Array.from({ length: count }, () => {
    const asker: Asker = { onOutage: () => told.set(asker, (told.get(asker) ?? 0) + 1) };
    outage.join(asker);
    return asker;
  });
  const [first, second, third] = askers;
  if (first === undefined) throw new Error('nobody asks');
  return {
    clock,
    outage,
    told,
    askers,
    first,
    second: second ?? first,
    third: third ?? first,
    may: (asker: Asker) => outage.nextAt(asker) <= clock.monotonic(),
    /** Asks as a mirror does. */
    ask: (asker: Asker, error?: ViNetworkError) => {
      outage.begin(asker);
      const isShared = error === undefined ? outage.answered(asker) : outage.failed(asker, error);
      outage.end(asker);
      return isShared;
    },
  };
}

describe('an outage', () => {
  test('is known to all after one failed call, and over for all after one that is answered', () => {
    const { outage, ask, first, second, told, askers } = setup(3);
    expect(outage.problem).toBeNull();
    expect(ask(first, gone())).toBe(true);
    expect(outage.problem).toMatchObject({ code: 'NetworkError' });
    expect(outage.isUnreachable).toBe(true);
    expect(askers.map((asker) => told.get(asker))).toEqual([1, 1, 1]);
    ask(second);
    expect(outage.problem).toBeNull();
    expect(outage.isUnreachable).toBe(false);
    expect(told.get(first)).toBeGreaterThan(1);
  });

  test('is tried by one at a time, less and less often, as if there were only one of them', async () => {
    const { outage, ask, askers, may, clock } = setup(10);
    const tries: number[] = [];
    for (let step = 0; step < 6000; step++) {
      const ready = askers.filter(may);
      const [next] = ready;
      if (next !== undefined) {
        tries.push(clock.monotonic());
        outage.begin(next);
        expect(askers.filter(may)).toEqual(outage.problem === null ? askers : [next]);
        outage.end(next);
        ask(next, gone());
      }
      await clock.run(50);
    }
    const waits = tries.map((at, index) => at - (tries[index - 1] ?? 0)).slice(1);
    expect(waits.map((wait) => Math.round(wait / 1000)).slice(0, 9)).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60,
    ]);
  });

  test('is tried by another one than who has failed last, if there is one', async () => {
    const { outage, ask, first, second, may, clock } = setup(2);
    ask(first, gone());
    const at = outage.nextAt(second);
    await clock.run(at);
    expect([first, second].map(may)).toEqual([false, true]);
    // Nobody else does.
    await clock.run(1000);
    expect([first, second].map(may)).toEqual([true, true]);
    ask(second, gone());
    await clock.run(outage.nextAt(first) - clock.monotonic());
    expect([first, second].map(may)).toEqual([true, false]);
    outage.leave(first);
    expect(may(second)).toBe(true);
  });

  test('is left to the next one when whoever tries it ends without an answer', () => {
    const { outage, ask, first, second, third, may } = setup(3);
    ask(first, gone());
    outage.tryNow();
    outage.begin(second);
    expect([first, second, third].map(may)).toEqual([false, true, false]);
    outage.leave(second);
    expect([first, third].map(may)).toEqual([true, true]);
  });

  test('is not made longer by calls that had begun before it was known', async () => {
    const { outage, first, second, third, clock } = setup(3);
    outage.failed(first, gone());
    const at = outage.nextAt(first);
    for (const late of [second, third]) expect(outage.failed(late, gone())).toBe(true);
    expect(outage.nextAt(first)).toBe(at);
    expect(outage.nextAt(second)).toBeLessThanOrEqual(clock.monotonic() + 1000);
  });

  test('waits as long as the service says', () => {
    const { outage, first, clock } = setup(1);
    outage.failed(first, new ViServerError('later', { retryAfter: 45_000 }));
    expect(outage.nextAt(first)).toBe(clock.monotonic() + 45_000);
  });

  test('waits no longer than an hour, whatever the service says', () => {
    const { outage, first, clock } = setup(1);
    outage.failed(first, new ViServerError('maintenance', { retryAfter: 365 * 24 * 60 * 60_000 }));
    expect(outage.nextAt(first)).toBe(clock.monotonic() + 60 * 60_000);
  });

  test('is none when others are answered meanwhile: it is the trouble of one', () => {
    const { outage, ask, first, second } = setup(2);
    expect(ask(first, gone())).toBe(true);
    ask(second);
    expect(ask(first, gone())).toBe(false);
    expect(outage.problem).toBeNull();
    expect(ask(first, gone())).toBe(true);
    ask(second);
    expect(ask(first, gone())).toBe(false);
    // Once it has been answered itself, its next failure is news again.
    ask(first);
    expect(ask(first, gone())).toBe(true);
    // One that has gone says nothing about the service any more.
    outage.leave(second);
    expect(ask(first, gone())).toBe(true);
  });
});

test('what an error says something about', () => {
  expect(
    [
      new ViNetworkError(''),
      new ViTimeoutError(''),
      new ViServerError(''),
      new ViResponseError(''),
      new ViAuthenticationError(''),
      new ViRateLimitError(''),
      new ViNotFoundError(''),
    ].map(scopeOf),
  ).toEqual(['endpoint', 'endpoint', 'endpoint', 'endpoint', 'organization', 'organization', 'dataset']);
});
