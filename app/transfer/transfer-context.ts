import type { Activity } from '../contract.ts';
import type { Environment, Remote } from '../engine/environment.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { RemoteAsset } from '../manifest/observations.ts';
import { placeRemote } from '../plan/names.ts';
import type { AssetLocations } from './asset-locations.ts';
import type { MirrorGate } from './mirror-gate.ts';
import { type FailedTransfer, nextRetryMs } from './transfer-failure.ts';
import type { TransferMeter } from './transfer-meter.ts';
import type { UploadProofs } from './upload-proofs.ts';

/** What transfers of one mirror work with, and whom they tell. */
export interface TransferContext {
  readonly environment: Environment;
  readonly remote: Remote;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  /** Aborted when the mirror is closed: nothing is begun from then on. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Nothing is transferred without a pass of it. */
  readonly gate: MirrorGate;
  readonly upload: TransferMeter;
  readonly download: TransferMeter;
  readonly proofs: UploadProofs;
  readonly locations: AssetLocations;
  readonly report: TransferReport;
}

export interface TransferReport {
  /** Rows that a person sees have changed. */
  changed(): void;
  activity(activity: Omit<Activity, 'id' | 'mirrorId'>): void;
  /** Something on the disk is not as it was planned for. */
  lookLocally(path: string): void;
  /** Something in the dataset is not as it was planned for, or has just been changed by us. */
  lookRemotely(): void;
  /** Resolves once a listing that is begun from now on has ended well and is recorded, or when the mirror is closed. */
  untilListed(): Promise<void>;
  /** A transfer has come to its end: there may be more to plan. */
  planAgain(): void;
  /** A call has failed in a way that may concern every other as well. */
  serviceFailed(error: unknown): void;
  /** True when somebody has just changed the file, and waits for it. */
  isUrgent(path: string): boolean;
}

/** An asset is not as it was planned for: what it is now is recorded, and planned with. */
export function noteOutdated(context: TransferContext, asset: RemoteAsset | null): void {
  const { manifest, mirror, report } = context;
  // Annotations change without a time of change: no listing of changes would show them.
  if (asset !== null) manifest.remote.put(mirror.id, placeRemote(asset, mirror.foldsCase));
  report.lookRemotely();
  report.planAgain();
}

/** What failed: one content of one item. */
export interface FailedItem {
  readonly item: string;
  readonly fingerprint: string;
  readonly path: string;
  /** Nobody is told yet: it may turn out to be no failure. */
  readonly isQuiet?: boolean;
}

/** Records that a transfer has failed, for a person to see and for the plan to wait with it. */
export function recordFailure(context: TransferContext, what: FailedItem, failed: FailedTransfer): void {
  const { manifest, mirror, environment, report } = context;
  const { item, fingerprint, path } = what;
  const { problem } = failed;
  const now = environment.clock.now();
  const tries = (manifest.failures.get(mirror.id, item, fingerprint)?.tries ?? 0) + 1;
  const retryMs = nextRetryMs(failed, tries);
  const nextAt = retryMs === null ? null : now + retryMs;
  manifest.transaction(() => {
    manifest.failures.put(mirror.id, { item, fingerprint, problem, tries, nextAt });
    if (!what.isQuiet) manifest.entries.setState(mirror.id, item, 'problem', problem, now);
  });
  if (!what.isQuiet) {
    const { code, facts, detail } = problem;
    report.activity({ at: now, kind: 'error', path, message: detail, told: { code, facts } });
  }
  report.changed();
}
