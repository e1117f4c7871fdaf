import type { Problem } from '../contract.ts';
import type { Clock, Disk } from '../engine/environment.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { ArrivedFiles } from './arrived-files.ts';
import type { Unobserved } from './unobserved.ts';

export interface ScanResult {
  /** Why nothing could be observed at all; null when the scan is good. */
  readonly problem: Problem | null;
  /** Files that were recorded as new or changed, and files that are gone. */
  readonly changed: number;
  readonly gone: number;
  /** Files that did not hold still: to be looked at again in a moment. */
  readonly restless: readonly string[];
  /** New files among them. Until they are known, nobody can tell whether one of them is a file that is missing elsewhere. */
  readonly arriving: readonly string[];
  /** Files among them that are missing, and may be on their way to another place. */
  readonly missing: readonly string[];
  /** Files and folders that can't be read: to be looked at again later. */
  readonly unreadable: readonly string[];
  /** Folders in which other disks are mounted. */
  readonly mounts: readonly string[];
}

export interface ScanOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  /** What scans before this one have found that must not, or can't, be looked at; this one brings it up to date. */
  readonly unobserved: Unobserved;
  /** How long a file must have been left alone to count. Milliseconds. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
  /** Every file is read, whatever its stamp says: somebody wants proof. */
  readonly rereads?: boolean;
  /** Whether a file has not held still for so long that a person is to be told. */
  readonly isLongRestless?: (path: string) => boolean;
  /** What earlier scans have found missing, or on its way; left out: nothing is waited for. */
  readonly patience?: Patience;
  /** Called as files are recorded. */
  readonly onRecorded?: () => void;
}

/** For how long a missing file may still turn up somewhere else. */
export interface Patience {
  readonly arrived: ArrivedFiles;
  /** Whether new files that an earlier scan has seen, and this one does not look at, are still to be known. */
  isAnyArriving(): boolean;
  /** Whether only a scan of the whole folder may take a file for deleted: the hint at its new place may have been lost. */
  needsWholeScan(): boolean;
  /** Whether a file was missing before, when it was looked at as well. */
  wasMissing(path: string): boolean;
  /** Whether it has been missing for so long that it is gone, whatever else goes on. */
  isLongMissing(path: string): boolean;
}
