import type { Preview } from '../contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { mostOperations, type Plan } from '../plan/work.ts';
import { dataRowsOfAsset } from '../transfer/data-rows.ts';
import type { SessionBudget } from '../transfer/session-budget.ts';

/** What a plan would do, and what it costs; before there is a plan, all is 0 and `isReady` false. */
export function previewOf(
  plan: Plan | null,
  { manifest, mirror, budget, organizationId }: PreviewContext,
): Preview {
  const counts = manifest.entries.counts(mirror);
  const held = manifest.entries.holdCounts(mirror).filter(({ isOptional }) => !isOptional);
  const uploads = plan?.upload.files ?? 0;
  const overwrites = plan?.overwrites ?? 0;
  const sessions = Math.ceil(uploads / mostOperations);
  return {
    isReady: plan !== null,
    upload: { files: uploads, bytes: plan?.upload.bytes ?? 0 },
    overwrites,
    download: { files: plan?.download.files ?? 0, bytes: plan?.download.bytes ?? 0 },
    compare: { files: plan?.compare.files ?? 0, bytes: plan?.compare.bytes ?? 0 },
    inSync: counts['in-sync'],
    trash: plan?.trashed ?? 0,
    deleteAssets: plan?.deleted ?? 0,
    dataRows: dataRowsOfAsset * (uploads - overwrites),
    sessions,
    sessionsWaitMs: budget.waitFor(organizationId, sessions),
    holds: Object.fromEntries(held.map(({ reason, count }) => [reason, count])),
    problems: counts.problem,
  };
}

export interface PreviewContext {
  readonly manifest: Manifest;
  /** Number of the mirror. */
  readonly mirror: number;
  readonly budget: SessionBudget;
  readonly organizationId: string;
}
