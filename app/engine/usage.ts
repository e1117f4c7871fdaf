import type { CallResult } from '../contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { SessionBudget } from '../transfer/session-budget.ts';
import type { Clock } from './environment.ts';

/** What each organization that is, or was, mirrored to has used of its budgets. */
export function usageOf(manifest: Manifest, budget: SessionBudget, clock: Clock): CallResult<'usage'> {
  const rows = new Map<string, { endpoint: string; organizationId: string; dataRows: number }>();
  const mirrored = manifest.mirrors.all().map((mirror) => ({ ...mirror, dataRows: 0 }));
  for (const { endpoint, organizationId, dataRows } of [...mirrored, ...manifest.quotaUse.all()]) {
    rows.set(`${organizationId} ${endpoint}`, { endpoint, organizationId, dataRows });
  }
  const now = clock.now();
  return {
    organizations: [...rows.values()].map((each) => {
      const next = budget.nextAt(each.organizationId, 'bulk');
      return {
        ...each,
        sessions: budget.used(each.organizationId),
        sessionsAllowed: budget.limit.sessions,
        windowMs: budget.limit.windowMs,
        nextSessionAt: next > now ? next : null,
      };
    }),
  };
}
