import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SessionBudget } from '../../app/transfer/session-budget.ts';
import { memoryManifest } from '../manifest/temp-manifest.ts';

test('whatever is asked for and when, no window ever has more sessions than the budget', () => {
  const wish = fc.record({
    afterMs: fc.integer({ min: 0, max: 400_000 }),
    purpose: fc.constantFrom('edit' as const, 'bulk' as const),
    isRestarted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (wishes, sessions) => {
      const { manifest } = memoryManifest();
      const limit = { sessions, windowMs: 600_000 };
      let now = 1_700_000_000_000;
      const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
      let budget = new SessionBudget(manifest, clock, limit);
      const spent: number[] = [];
      for (const { afterMs, purpose, isRestarted } of wishes) {
        now += afterMs;
        if (isRestarted) budget = new SessionBudget(manifest, clock, limit);
        if (budget.nextAt('o', purpose) > now) continue;
        budget.spend('o', purpose);
        spent.push(now);
      }
      for (const start of spent) {
        const inWindow = spent.filter((at) => at >= start && at < start + limit.windowMs).length;
        expect(inWindow).toBeLessThanOrEqual(sessions);
      }
    }),
    { numRuns: 60 },
  );
});
