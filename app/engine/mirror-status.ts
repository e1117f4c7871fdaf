import type { MirrorPhase, MirrorStatus, Problem, TransferProgress } from '../contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';

/** What the loop of a mirror knows of itself at one moment. */
export interface MirrorFacts {
  readonly isStopped: boolean;
  readonly isScanning: boolean;
  /** It was told only to look. */
  readonly looksOnly: boolean;
  /** False until both sides have been seen whole once. */
  readonly hasPlan: boolean;
  /** Milliseconds since the epoch; null: no upload waits for a session. */
  readonly nextSessionAt: number | null;
  /** Milliseconds since the epoch; null: the service can be worked with, or is being tried. */
  readonly retryAt: number | null;
  readonly isUnreachable: boolean;
  /** A person must put something right before it can go on. */
  readonly isBlocked: boolean;
  /** Some part of the folder can't be looked at, or the dataset's listing does not say all. */
  readonly isPartial: boolean;
  readonly isIdle: boolean;
  readonly problem: Problem | null;
  readonly upload: TransferProgress;
  readonly download: TransferProgress;
}

const still: TransferProgress = {
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  bytesPerSecond: 0,
};

/** What a mirror is that nobody runs. */
export const stoppedFacts: MirrorFacts = {
  isStopped: true,
  isScanning: false,
  looksOnly: false,
  hasPlan: false,
  nextSessionAt: null,
  retryAt: null,
  isUnreachable: false,
  isBlocked: false,
  isPartial: false,
  isIdle: true,
  problem: null,
  upload: still,
  download: still,
};

export function statusOf(manifest: Manifest, mirror: number, facts: MirrorFacts): MirrorStatus {
  const record = manifest.mirrors.get(mirror);
  const counts = manifest.entries.counts(mirror);
  return {
    mirrorId: record.mirrorId,
    folder: record.folder,
    datasetId: record.datasetId,
    datasetName: record.datasetName ?? record.datasetId,
    organizationId: record.organizationId,
    endpoint: record.endpoint,
    sandbox: record.sandbox,
    phase: phaseOf(facts, record, counts.held + counts.problem > 0 || facts.isPartial),
    isApproved: record.approvedAt !== null,
    settings: manifest.settings.ofMirror(record.mirrorId),
    isPaused: record.isPaused,
    problem: facts.problem,
    counts,
    fileTotal: Object.values(counts).reduce((sum, files) => sum + files, 0),
    upload: facts.upload,
    download: facts.download,
    nextSessionAt: facts.nextSessionAt,
    retryAt: facts.retryAt,
    lastScanAt: record.lastScanAt,
    lastListingAt: record.lastListingAt,
  };
}

function phaseOf(
  facts: MirrorFacts,
  { isPaused, approvedAt }: Pick<MirrorRecord, 'isPaused' | 'approvedAt'>,
  needsAttention: boolean,
): MirrorPhase {
  if (facts.isStopped) return 'stopped';
  if (isPaused) return 'paused';
  if (facts.isUnreachable) return 'offline';
  if (facts.isBlocked) return 'attention';
  if (facts.isScanning) return 'scanning';
  if (!facts.hasPlan) return 'starting';
  if (approvedAt === null || facts.looksOnly) return 'preview';
  if (!facts.isIdle) return 'syncing';
  return needsAttention ? 'attention' : 'in-sync';
}
