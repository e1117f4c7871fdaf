import { ActivityTable } from './activity-table.ts';
import { AnswerTable } from './answer-table.ts';
import { checkOpened, damageAtRest, isDamage, manifestDamaged, markDamage } from './damage.ts';
import { type DamageCheck, startDamageCheck } from './damage-check.ts';
import { type Database, openDatabase, unreadable } from './database.ts';
import { DeletionTable } from './deletion-table.ts';
import { Differences } from './differences.ts';
import { EntryTable } from './entry-table.ts';
import { FailureTable } from './failure-table.ts';
import { attachKeptCopy, detachKeptCopy, isCopyDamaged } from './kept-copy.ts';
import { keepPlans } from './kept-plans.ts';
import { ListedTable } from './listed-table.ts';
import { LocalTable } from './local-table.ts';
import { ManifestError } from './manifest-error.ts';
import { type ManifestFiles, manifestFiles } from './manifest-files.ts';
import { lockManifest } from './manifest-lock.ts';
import { MirrorTable } from './mirror-table.ts';
import { MountTable } from './mount-table.ts';
import { QueuedTable } from './queued-table.ts';
import { QuotaUseTable } from './quota-use-table.ts';
import { finishRebuild, type Rebuild, rebuildManifest, setKeptAside } from './rebuild.ts';
import { RemoteTable } from './remote-table.ts';
import { RemovedMirrors } from './removed-mirrors.ts';
import { type Run, RunTable } from './run-table.ts';
import { SessionTable } from './session-table.ts';
import { SettingTable } from './setting-table.ts';
import { markSpendsUnknown, SpendTable } from './spend-table.ts';
import { guardStatements } from './statement-guard.ts';
import { SyncedTable } from './synced-table.ts';
import { TrashTable } from './trash-table.ts';

/** The database: the three trees of observations, and what stands beside them. */
export interface Manifest {
  readonly mirrors: MirrorTable;
  readonly removedMirrors: RemovedMirrors;
  readonly local: LocalTable;
  readonly remote: RemoteTable;
  readonly listed: ListedTable;
  readonly synced: SyncedTable;
  readonly differences: Differences;
  readonly queued: QueuedTable;
  readonly mounts: MountTable;
  readonly sessions: SessionTable;
  readonly spends: SpendTable;
  readonly quotaUse: QuotaUseTable;
  readonly answers: AnswerTable;
  readonly deletions: DeletionTable;
  readonly settings: SettingTable;
  readonly failures: FailureTable;
  readonly trash: TrashTable;
  readonly activity: ActivityTable;
  readonly entries: EntryTable;
  /** The rebuild that this opening has made; null: there was no need for one. */
  readonly rebuild: Rebuild | null;
  /**
   * Why nothing is read or written any more: the file was found to be damaged. From then on every use of the manifest throws this, and the
   * next opening rebuilds it.
   */
  readonly damage: ManifestError | null;
  /** Told once, when damage is found. */
  onDamage(listener: (damage: ManifestError) => void): void;
  /** Runs `change` as one transaction: all of it survives a kill, or nothing. */
  transaction<T>(change: () => T): T;
  close(): void;
}

export interface OpenOptions {
  /** Milliseconds since the epoch. */
  readonly now?: number;
  /** Told when a check beside the work has itself failed. */
  readonly onCheckFailure?: (error: unknown) => void;
}

/** A large manifest is checked whole after a kill, and this long after the last time. Milliseconds. */
const checkEveryMs = 7 * 24 * 60 * 60_000;

/**
 * Opens the manifest in a data folder, for this engine alone. One that is damaged is set aside and rebuilt.
 *
 * @throws ManifestError when another engine holds it, when a newer program has made it, or when it can't be read
 */
export function openManifest(dataDir: string, options: OpenOptions = {}): Manifest {
  try {
    // The lock first: nobody else may be at work when a migration begins.
    const lock = lockManifest(dataDir);
    try {
      const onClosed = () => lock.release();
      return openOrRebuild(manifestFiles(dataDir), { now: Date.now(), ...options, onClosed });
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw error instanceof ManifestError ? error : unreadable(dataDir, error);
  }
}

interface Opening extends OpenOptions {
  readonly now: number;
  readonly onClosed: () => void;
}

function openOrRebuild(files: ManifestFiles, options: Opening): Manifest {
  const finished = finishRebuild(files);
  let damage = damageAtRest(files);
  if (damage === null) {
    try {
      return openIn(files, finished, options);
    } catch (error) {
      if (!isDamage(error) || !(error instanceof Error)) throw error;
      damage = error instanceof ManifestError ? error.problem.detail : error.message;
    }
  }
  return openIn(files, rebuildManifest(files, damage, options.now), options);
}

function openIn(files: ManifestFiles, rebuild: Rebuild | null, options: Opening): Manifest {
  const database = openDatabase(files.database);
  try {
    const isChecked = checkOpened(database, files.database);
    const { isTailLost } = attachKept(database, files, options.now);
    if (isTailLost) markSpendsUnknown(database, options.now, true);
    return manifestOn(database, { ...options, files, rebuild, isChecked });
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A damaged copy is no reason to distrust the manifest itself. */
function attachKept(database: Database, files: ManifestFiles, now: number): { isTailLost: boolean } {
  try {
    return attachKeptCopy(database, files.kept);
  } catch (error) {
    if (!isDamage(error) || !isCopyDamaged(database)) throw error;
    detachKeptCopy(database);
    setKeptAside(files, now);
    return attachKeptCopy(database, files.kept);
  }
}

interface Surroundings extends Opening {
  readonly files: ManifestFiles;
  readonly rebuild: Rebuild | null;
  /** False for a large file, of which the most is to be checked beside the work. */
  readonly isChecked: boolean;
}

/** A manifest in an open database; in one of a file, if `surroundings` says so. */
export function manifestOn(database: Database, surroundings?: Surroundings): Manifest {
  const listeners = new Set<(damage: ManifestError) => void>();
  const file = surroundings?.files.database ?? ':memory:';
  let damage: ManifestError | null = null;

  function notice(what: string, cause?: unknown): ManifestError {
    damage = manifestDamaged(file, what, cause);
    try {
      // A damaged copy is found, and made anew, by any opening.
      if (surroundings !== undefined && !isCopyDamaged(database)) markDamage(surroundings.files, what);
    } catch (error) {
      damage = manifestDamaged(file, what, new AggregateError([cause, error], what));
    }
    for (const listener of listeners) listener(damage);
    return damage;
  }
  function guard<T>(work: () => T): T {
    if (damage !== null) throw damage;
    try {
      return work();
    } catch (error) {
      if (!isDamage(error) || !(error instanceof Error)) throw error;
      throw damage ?? notice(error.message, error);
    }
  }

  keepPlans(database);
  guardStatements(database, guard);
  const runs = new RunTable(database);
  const run = runs.begin();
  const tables = {
    mirrors: new MirrorTable(database),
    removedMirrors: new RemovedMirrors(database),
    local: new LocalTable(database, run.number),
    remote: new RemoteTable(database),
    listed: new ListedTable(database),
    synced: new SyncedTable(database),
    differences: new Differences(database),
    queued: new QueuedTable(database),
    mounts: new MountTable(database),
    sessions: new SessionTable(database),
    spends: new SpendTable(database),
    quotaUse: new QuotaUseTable(database),
    answers: new AnswerTable(database),
    deletions: new DeletionTable(database),
    settings: new SettingTable(database),
    failures: new FailureTable(database),
    trash: new TrashTable(database),
    activity: new ActivityTable(database),
    entries: new EntryTable(database),
  };
  const check = surroundings && startCheck(run, surroundings, (what) => void notice(what), runs);
  return {
    ...tables,
    rebuild: surroundings?.rebuild ?? null,
    get damage() {
      return damage;
    },
    onDamage: (listener) => listeners.add(listener),
    transaction: (change) =>
      guard(() => (database.inTransaction ? change() : database.transaction(change)())),
    close() {
      check?.stop();
      if (damage === null && database.open) runs.end();
      database.close();
      surroundings?.onClosed();
    },
  };
}

/** Checks a large file beside the work when it is time to. */
function startCheck(
  run: Run,
  { files, isChecked, now, onCheckFailure }: Surroundings,
  onDamage: (what: string) => void,
  runs: RunTable,
): DamageCheck | undefined {
  if (isChecked) return undefined;
  if (!run.isAfterKill && Math.abs(now - run.checkedAt) < checkEveryMs) return undefined;
  return startDamageCheck({
    file: files.database,
    onDone: (what) => (what === null ? runs.setChecked(now) : onDamage(what)),
    onFailure: (error) => onCheckFailure?.(error),
  });
}
