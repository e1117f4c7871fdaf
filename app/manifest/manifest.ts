import path from 'node:path';
import { ActivityTable } from './activity-table.ts';
import { AnswerTable } from './answer-table.ts';
import { type Database, openDatabase } from './database.ts';
import { DeletionTable } from './deletion-table.ts';
import { Differences } from './differences.ts';
import { EntryTable } from './entry-table.ts';
import { FailureTable } from './failure-table.ts';
import { LocalTable } from './local-table.ts';
import { lockManifest, type ManifestLock } from './manifest-lock.ts';
import { MirrorTable } from './mirror-table.ts';
import { RemoteTable } from './remote-table.ts';
import { RunTable } from './run-table.ts';
import { SessionTable } from './session-table.ts';
import { SettingTable } from './setting-table.ts';
import { SpendTable } from './spend-table.ts';
import { SyncedTable } from './synced-table.ts';
import { TrashTable } from './trash-table.ts';

/** The database: the three trees of observations, and what stands beside them. */
export interface Manifest {
  readonly mirrors: MirrorTable;
  readonly local: LocalTable;
  readonly remote: RemoteTable;
  readonly synced: SyncedTable;
  readonly differences: Differences;
  readonly sessions: SessionTable;
  readonly spends: SpendTable;
  readonly answers: AnswerTable;
  readonly deletions: DeletionTable;
  readonly settings: SettingTable;
  readonly failures: FailureTable;
  readonly trash: TrashTable;
  readonly activity: ActivityTable;
  readonly entries: EntryTable;
  /** Runs `change` as one transaction: all of it survives a kill, or nothing. */
  transaction<T>(change: () => T): T;
  close(): void;
}

/**
 * Opens the manifest in a data folder, for this engine alone.
 *
 * @throws ManifestError when another engine holds it, when a newer program has made it, or when it can't be read
 */
export function openManifest(dataDir: string): Manifest {
  // The lock first: nobody else may be at work when a migration begins.
  const lock = lockManifest(dataDir);
  try {
    return manifestOn(openDatabase(path.join(dataDir, 'manifest.db')), lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A manifest in an open database. */
export function manifestOn(database: Database, lock?: ManifestLock): Manifest {
  const runs = new RunTable(database);
  const run = runs.begin();
  const tables = {
    mirrors: new MirrorTable(database),
    local: new LocalTable(database, run.number),
    remote: new RemoteTable(database),
    synced: new SyncedTable(database),
    differences: new Differences(database),
    sessions: new SessionTable(database),
    spends: new SpendTable(database),
    answers: new AnswerTable(database),
    deletions: new DeletionTable(database),
    settings: new SettingTable(database),
    failures: new FailureTable(database),
    trash: new TrashTable(database),
    activity: new ActivityTable(database),
    entries: new EntryTable(database),
  };
  return {
    ...tables,
    transaction: (change) => (database.inTransaction ? change() : database.transaction(change)()),
    close() {
      database.close();
      lock?.release();
    },
  };
}
