import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { isDamage } from './damage.ts';
import { type Database, openDatabase, refuseNewer, stateOf } from './database.ts';
import { isKeptCopyWhole, keptTables } from './kept-copy.ts';
import { databaseSuffixes, type ManifestFiles } from './manifest-files.ts';
import { migrations } from './migrations.ts';
import { folderOf, remoteNameOf } from './path-key.ts';
import { isAtItsPath } from './plausible-row.ts';
import { salvageKept, salvageTable } from './salvage.ts';
import { markSpendsUnknown } from './spend-table.ts';

/** A manifest that was damaged has been set aside, and another one made of what could be read of it. */
export interface Rebuild {
  /** Where the damaged file lies now. */
  readonly setAside: string;
  /** What was wrong with it; null: a rebuild that a kill had interrupted was finished. */
  readonly damage: string | null;
}

/** Read from the damaged file itself; the three trees are observed anew, but for the bases of the merge. Parents before children. */
const salvagedTables = [
  'synced',
  'mount',
  'session',
  'session_file',
  'deletion',
  'failure',
  'trash',
  'activity',
  'quota_use',
] as const;

/**
 * Sets a damaged manifest aside and makes another one: with what is kept twice, with what can still be read of the damaged file, and
 * otherwise empty, so that folder and dataset are observed anew. A kill at any moment leaves the old one or the new one.
 *
 * @param damage what is wrong with it, in words
 * @throws ManifestError `manifest-newer`: then nothing is changed; errors of the disk
 */
export function rebuildManifest(files: ManifestFiles, damage: string, now: number): Rebuild {
  const copied = keptState(files);
  const version = stateOf(files.database)?.version || copied?.version || migrations.length;
  refuseNewer(files.database, version);
  removeUnfinished(files);
  try {
    const salvaged = salvage(files, version);
    const rebuilt = openDatabase(files.rebuilding);
    try {
      complete(rebuilt, salvaged, { files, damage, now, changes: copied?.changes ?? 0 });
      // All of it into the one file that gets another name.
      rebuilt.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      rebuilt.close();
    }
    flush(files.rebuilding);
  } catch (error) {
    // A disk that is full must not stay so for it.
    removeUnfinished(files);
    throw error;
  }
  renameSync(files.rebuilding, path.join(files.folder, finishedName(freeStamp(files, now))));
  flush(files.folder);
  return { setAside: finishRebuild(files)?.setAside ?? files.database, damage };
}

/**
 * Puts a rebuilt manifest into its place, and the damaged one aside; also where a kill has interrupted that.
 *
 * @returns null when none waits for it
 */
export function finishRebuild(files: ManifestFiles): Rebuild | null {
  const finished = names(files).find((name) => finishedPattern.test(name));
  const stamp = finishedPattern.exec(finished ?? '')?.[1];
  if (finished === undefined || stamp === undefined) return null;
  const setAside = path.join(files.folder, `manifest.damaged-${stamp}.db`);
  for (const suffix of databaseSuffixes) {
    if (existsSync(files.database + suffix)) renameSync(files.database + suffix, setAside + suffix);
  }
  // The mark goes while the file that it speaks of is away: it must not be taken for one of the next.
  rmSync(files.mark, { force: true });
  flush(files.folder);
  renameSync(path.join(files.folder, finished), files.database);
  flush(files.folder);
  return { setAside, damage: null };
}

/** Sets a damaged file of copies aside. */
export function setKeptAside(files: ManifestFiles, now: number): string {
  const setAside = path.join(files.folder, `manifest.kept.damaged-${freeStamp(files, now)}.db`);
  for (const suffix of databaseSuffixes) {
    if (existsSync(files.kept + suffix)) renameSync(files.kept + suffix, setAside + suffix);
  }
  return setAside;
}

interface Salvaged {
  readonly areBasesWhole: boolean;
  readonly areSpendsWhole: boolean;
  /** Whether it is known which files may be on their way to the service. */
  readonly areSessionsWhole: boolean;
}

/** @param version of the damaged one, and so of the new one: migrations change rows, too */
function salvage(files: ManifestFiles, version: number): Salvaged {
  const target = openDatabase(files.rebuilding, migrations.slice(0, version));
  const damaged = openToRead(files.database);
  const kept = openToRead(files.kept);
  try {
    const isKeptWhole = kept !== null && isKeptCopyWhole(kept);
    let areSpendsWhole = false;
    for (const { name } of keptTables) {
      const isWhole =
        (kept !== null && isKeptWhole && salvageKept(kept, target, name)) ||
        (damaged !== null && salvageTable(damaged, target, { table: name }));
      if (name === 'session_spend') areSpendsWhole = isWhole;
    }
    const whole = new Set(
      salvagedTables.filter((table) => {
        const onRow = table === 'synced' ? placeholderWriter(target) : undefined;
        return (
          damaged !== null &&
          salvageTable(damaged, target, onRow === undefined ? { table } : { table, onRow })
        );
      }),
    );
    return {
      areBasesWhole: whole.has('synced'),
      areSpendsWhole,
      areSessionsWhole: whole.has('session') && whole.has('session_file'),
    };
  } finally {
    damaged?.close();
    kept?.close();
    target.close();
  }
}

/**
 * A file that was synced is taken to be there until a scan says otherwise, but nothing about its content: what can't be looked at now
 * must not pass for deleted.
 */
function placeholderWriter(target: Database): (row: Record<string, unknown>) => void {
  const insert = target.prepare(`
    INSERT OR IGNORE INTO local (mirror, key, path, folder, remote_name, size, mtime_ns, ctime_ns, inode, birthtime_ns, problem, observed)
    VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, 0)`);
  const problem = JSON.stringify({
    code: 'not-seen',
    title: 'Not seen since the rebuild',
    detail: 'The manifest was rebuilt, and this file could not be looked at since.',
    suggestion: 'Check the permissions of its folder. It is tried again by itself.',
  });
  return (row) => {
    const { mirror, key, path: relative, local_size: size, inode, birthtime_ns: birthtimeNs } = row;
    if (typeof key !== 'string' || typeof relative !== 'string' || !isAtItsPath({ key, path: relative }))
      return;
    insert.run(
      mirror,
      key,
      relative,
      folderOf(relative),
      remoteNameOf(relative),
      size,
      inode,
      birthtimeNs,
      problem,
    );
  };
}

/** What the rest of the program must know of the rebuild. */
function complete(
  database: Database,
  { areBasesWhole, areSpendsWhole, areSessionsWhole }: Salvaged,
  { files, damage, now, changes }: { files: ManifestFiles; damage: string; now: number; changes: number },
): void {
  database.transaction(() => {
    database.exec(`
      UPDATE mirror SET last_scan_at = NULL, last_listing_at = NULL, last_full_listing_at = NULL, watermark = NULL, unlisted = 0;
      UPDATE synced SET settled = 0 WHERE settled <> 0;`);
    // A file without an asset may be one that was deleted there: what is to be done is shown before it is done, as at first.
    if (!areBasesWhole) database.prepare('UPDATE mirror SET bases_lost_at = ?, approved_at = NULL').run(now);
    if (!areSessionsWhole || !areSpendsWhole)
      markSpendsUnknown(database, lastWrite(files, now), areSpendsWhole);
    // The copy is made anew of this one, whatever it has counted.
    database.prepare('UPDATE run SET kept_changes = ?, checked_at = ?').run(changes + 1, now);
    database
      .prepare(
        `INSERT INTO activity (mirror, at, kind, path, message) SELECT id, ?, 'problem', NULL, ? FROM mirror`,
      )
      .run(now, messageOf(damage, areBasesWhole));
  })();
}

function messageOf(damage: string, areBasesWhole: boolean): string {
  const told = `The manifest was damaged and has been rebuilt (${damage}). Folder and dataset are compared anew; nothing is uploaded twice.`;
  return areBasesWhole
    ? told
    : `${told} Some of what was known of earlier syncs is lost: files that were deleted on one side may come back from the other.`;
}

const copyState = z.object({ version: z.number(), changes: z.number() });

/** What the file of copies says of itself; null when it says nothing. */
function keptState(files: ManifestFiles): z.infer<typeof copyState> | null {
  const kept = openToRead(files.kept);
  try {
    const row = kept?.prepare('SELECT version, changes FROM kept_copy').get();
    return copyState.safeParse(row).data ?? null;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError) return null;
    throw error;
  } finally {
    kept?.close();
  }
}

/** When the manifest was last written to; no later than now. */
function lastWrite({ database }: ManifestFiles, now: number): number {
  const times = databaseSuffixes.map(
    (suffix) => statSync(database + suffix, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.min(now, Math.floor(Math.max(...times)));
}

/** Null when there is nothing that could be read. */
function openToRead(file: string): Database | null {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const database = new Sqlite(file, { readonly: true });
  try {
    database.pragma('user_version');
    return database;
  } catch (error) {
    database.close();
    if (isDamage(error)) return null;
    throw error;
  }
}

const finishedPattern = /^manifest\.rebuilt-(.+)\.db$/;

function finishedName(stamp: string): string {
  return `manifest.rebuilt-${stamp}.db`;
}

/** The moment, as a part of a file name that nothing has yet. */
function freeStamp(files: ManifestFiles, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  const taken = names(files);
  let free = stamp;
  for (let number = 2; taken.some((name) => name.includes(free)); number++) free = `${stamp}-${number}`;
  return free;
}

function names(files: ManifestFiles): string[] {
  return readdirSync(files.folder);
}

function removeUnfinished(files: ManifestFiles): void {
  for (const suffix of databaseSuffixes) rmSync(files.rebuilding + suffix, { force: true });
}

/** Onto the disk, a folder's entries as well, where the system can do that. */
function flush(file: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(file, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
