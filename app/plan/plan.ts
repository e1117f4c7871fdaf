import type { Activity } from '../contract.ts';
import type { Queued, Triple } from '../manifest/differences.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { queuedKinds } from '../manifest/queued-table.ts';
import type { UnobservedReason } from '../observe/unobserved.ts';
import type { Policy } from './decision.ts';
import { deletionGuard } from './guards.ts';
import { candidatesFor, pairByName } from './pairing.ts';
import { PlanWriter } from './plan-writer.ts';
import { followRenames } from './renames.ts';
import { countWork, emptyPlan, mostOperations, type Plan, workOf } from './work.ts';

export interface PlanOptions {
  readonly manifest: Manifest;
  /** Number of the mirror in the manifest. */
  readonly mirror: number;
  readonly policy: Policy;
  readonly now: number;
  /** Operations of a kind that it gathers at most, beside the urgent ones; {@link mostOperations} if left out. */
  readonly planSize?: number | undefined;
  /** Items that an operation is carried out for right now: their state is the operation's to say. */
  readonly isBusy: (item: string) => boolean;
  /** Paths that somebody has just changed, and waits for. */
  readonly isUrgent: (path: string) => boolean;
  /** Why scans do not look at a path; null: they do. */
  readonly whyUnobserved: (path: string) => UnobservedReason | null;
  readonly onActivity: (activity: Omit<Activity, 'id' | 'mirrorId'>) => void;
  /** Lets others run between two pages of rows; rejects when the engine is closed. */
  readonly pause: () => Promise<void>;
}

/**
 * Derives from the three trees, and from what people have answered, what is to be done. What needs no transfer is done at once, in the
 * manifest alone; everything that a person is shown is written beside it.
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { manifest, mirror, now, onActivity } = options;
  const { differences } = manifest;
  const plan = emptyPlan();
  const isObserved = (path: string) => options.whyUnobserved(path) === null;
  for (const { from, to } of followRenames(manifest, mirror, isObserved)) {
    plan.bound += 1;
    const message = `Renamed from “${from}”; its asset stays as it is.`;
    onActivity({ at: now, kind: 'bound', path: to, message, told: { code: 'renamed', facts: { from } } });
  }
  const writer = new PlanWriter(options, plan, deletionGuard(manifest, mirror, now, isObserved));
  await eachRow(options, plan, {
    page: (queued, after) => differences.unsettled(mirror, queued, after),
    keyOf: ({ synced }) => synced?.key ?? '',
    visit: (triple) => writer.decide(withRenamedAsset(options, triple)),
  });
  const paired = new Set<string>();
  await eachRow(options, plan, {
    page: (queued, after) => differences.unboundRemote(mirror, queued, after),
    keyOf: ({ assetId }) => assetId,
    visit: (remote) => {
      const candidates = candidatesFor(manifest, mirror, remote).filter(({ key }) => !paired.has(key));
      const local = pairByName(remote, candidates);
      if (local !== null) paired.add(local.key);
      writer.decide({ local, remote, synced: null });
    },
  });
  await eachRow(options, plan, {
    page: (queued, after) => differences.unboundLocal(mirror, queued, after),
    keyOf: ({ key }) => key,
    visit: (local) => {
      if (!paired.has(local.key)) writer.decide({ local, remote: null, synced: null });
    },
  });
  for (const sum of manifest.queued.sums(mirror)) countWork(plan, sum);
  return plan;
}

interface Rows<T> {
  /** The next rows after a key that wait for their turn in this way, or are to be looked at. */
  page(queued: Queued, after: string): T[];
  keyOf(row: T): string;
  visit(row: T): void;
}

/** Visits of those that wait for their turn as many as the plan has room for, then all that are to be looked at. */
async function eachRow<T>(options: PlanOptions, plan: Plan, rows: Rows<T>): Promise<void> {
  const { planSize = mostOperations } = options;
  /** What has waited and is decided about now may come again: in another way, or as one that does not wait. */
  const visited = new Set<string>();
  for (const kind of queuedKinds) {
    const { operations } = workOf(plan, kind);
    await eachPage(options, {
      ...rows,
      page: (after) => (operations.length < planSize ? rows.page(kind, after) : []),
      visit: (row) => {
        const key = rows.keyOf(row);
        if (operations.length >= planSize || visited.has(key)) return;
        visited.add(key);
        rows.visit(row);
      },
    });
  }
  await eachPage(options, {
    ...rows,
    page: (after) => rows.page('', after),
    visit: (row) => {
      if (!visited.has(rows.keyOf(row))) rows.visit(row);
    },
  });
}

/** Goes through rows page by page, each page in a transaction of its own. */
async function eachPage<T>(
  { manifest, pause }: PlanOptions,
  { page, keyOf, visit }: Pick<Rows<T>, 'keyOf' | 'visit'> & { page(after: string): T[] },
): Promise<void> {
  let after = '';
  for (;;) {
    const rows = page(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    manifest.transaction(() => {
      for (const row of rows) visit(row);
    });
    after = keyOf(last);
    await pause();
  }
}

/** An asset that was uploaded again may have come back under another ID. Its name is what it is known by then. */
function withRenamedAsset({ manifest, mirror }: PlanOptions, triple: Triple): Triple {
  if (triple.remote !== null || triple.synced === null) return triple;
  const { synced, local } = triple;
  const remote = manifest.differences.unboundRemoteByName(mirror, synced.filename);
  if (remote === null) return triple;
  manifest.synced.setAsset(mirror, synced.key, remote.assetId);
  return { local, remote, synced: { ...synced, assetId: remote.assetId } };
}
