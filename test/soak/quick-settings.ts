import { isMainThread } from 'node:worker_threads';

// Loaded before the command line (`node --import`): it looks more often, and is told that the service allows as many sessions as one likes.
if (isMainThread) {
  const { defaultTiming } = await import('../../app/engine/timing.ts');
  const { defaultBudgetLimit } = await import('../../app/transfer/session-budget.ts');
  Object.assign(defaultTiming, { pollMs: 1500 });
  Object.assign(defaultBudgetLimit, { sessions: 1000, windowMs: 60_000 });
}
