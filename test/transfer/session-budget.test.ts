import { describe, expect, test } from 'vitest';
import type { Clock } from '../../app/engine/environment.ts';
import { defaultBudgetLimit, SessionBudget } from '../../app/transfer/session-budget.ts';
import { memoryManifest } from '../manifest/temp-manifest.ts';

const { sessions, windowMs } = defaultBudgetLimit;
const second = 1000;

function setup() {
  const { manifest } = memoryManifest();
  const clock: Clock & { at: number } = {
    at: 1_700_000_000_000,
    now: () => clock.at,
    monotonic: () => clock.at,
    sleep: async () => undefined,
  };
  return { manifest, clock, budget: new SessionBudget(manifest, clock) };
}

/** The most spends within any window. */
function mostInWindow(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + windowMs).length));
}

describe('the budget of ingestion sessions', () => {
  test('gives the first ones at once, then spaces them out', () => {
    const { budget, clock } = setup();
    const start = clock.at;
    const times: number[] = [];
    while (times.length < 12) {
      clock.at = Math.max(clock.at, budget.nextAt('o', 'bulk'));
      budget.spend('o', 'bulk');
      times.push(clock.at - start);
    }
    expect(times.slice(0, 3)).toEqual([0, 0, 0]);
    expect(times[3]).toBe(100 * second);
    expect(mostInWindow(times)).toBeLessThan(sessions);
  });

  test('a file changed every second: never over the budget, and half of the changes wait a minute at most', () => {
    const { budget, clock } = setup();
    const times: number[] = [];
    const waits: number[] = [];
    let waiting: number[] = [];
    for (const end = clock.at + 40 * 60 * second; clock.at < end; clock.at += second) {
      waiting.push(clock.at);
      if (budget.nextAt('o', 'edit') > clock.at) continue;
      budget.spend('o', 'edit');
      times.push(clock.at);
      waits.push(...waiting.map((since) => clock.at - since));
      waiting = [];
    }
    expect(mostInWindow(times)).toBeLessThanOrEqual(sessions);
    expect(waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThanOrEqual(60 * second);
  });

  test('one slot is for edits: while the many wait, an edit goes at once', () => {
    const { budget, clock } = setup();
    for (let spent = 0; spent < 6; spent++) {
      clock.at = Math.max(clock.at, budget.nextAt('o', 'bulk'));
      budget.spend('o', 'bulk');
    }
    expect(budget.nextAt('o', 'bulk')).toBeGreaterThan(clock.at);
    expect(budget.nextAt('o', 'edit')).toBe(clock.at);
    budget.spend('o', 'edit');
    expect(budget.nextAt('o', 'edit')).toBeGreaterThan(clock.at);
  });

  test('is kept through a restart, and each organization has its own', () => {
    const { manifest, budget, clock } = setup();
    for (let spent = 0; spent < 3; spent++) budget.spend('o', 'bulk');
    const again = new SessionBudget(manifest, clock);
    expect(again.nextAt('o', 'bulk')).toBe(clock.at + 100 * second);
    expect(again.nextAt('other', 'bulk')).toBe(clock.at);
  });

  test('a refusal is obeyed, whatever our own book says', () => {
    const { budget, clock } = setup();
    budget.refused('o', 77 * second);
    expect(budget.nextAt('o', 'edit')).toBe(clock.at + 77 * second);
    budget.refused('o', undefined);
    expect(budget.nextAt('o', 'bulk')).toBe(clock.at + 60 * second);
    clock.at += 61 * second;
    expect(budget.nextAt('o', 'bulk')).toBe(clock.at);
  });

  test('a refusal for a year is one for an hour', () => {
    const { budget, clock } = setup();
    budget.refused('o', 365 * 24 * 60 * 60 * second);
    expect(budget.nextAt('o', 'bulk')).toBe(clock.at + 60 * 60 * second);
    expect(budget.waitFor('o', 1)).toBe(60 * 60 * second);
  });

  test('a clock that was set back by a day does not stop uploads for a day', () => {
    const { budget, clock } = setup();
    for (let spent = 0; spent < 3; spent++) budget.spend('o', 'bulk');
    clock.at -= 24 * 60 * 60 * second;
    expect(budget.nextAt('o', 'bulk')).toBe(clock.at);
  });

  test('a budget of one session works', () => {
    const { manifest, clock } = setup();
    const tight = new SessionBudget(manifest, clock, { sessions: 1, windowMs: 10 * second });
    expect(tight.nextAt('o', 'edit')).toBe(clock.at);
    tight.spend('o', 'edit');
    expect(tight.nextAt('o', 'edit')).toBeGreaterThanOrEqual(clock.at + 10 * second);
  });
});
