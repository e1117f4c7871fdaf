import type { ViError } from '../vi/index.ts';
import type { MappingReason } from './placement.ts';

/** How far a pull is. */
export interface PullProgress {
  /** `listing` the dataset, `checking` what the folder has, `fetching` what it has not, `done`. */
  readonly phase: 'listing' | 'checking' | 'fetching' | 'done';
  /** Assets listed so far; all of them once the listing is over. */
  readonly filesTotal: number;
  /** While checking: files looked at. While fetching: files that are settled, one way or another. */
  readonly filesDone: number;
  /** Bytes that have to be fetched, and those that are; 0 before `fetching`. */
  readonly bytesTotal: number;
  readonly bytesDone: number;
}

/** What is in the place of an asset's file, and was left as it is. */
export type ConflictKind =
  /** The file is as it was pulled, and the dataset has another version of it by now. */
  | 'changed-in-dataset'
  /** The file was pulled, and has been changed since. */
  | 'changed-here'
  /** A file that no pull has put there. */
  | 'other-file'
  /** A folder or a link, or a folder on the way to it is a file or a link. */
  | 'no-file'
  /** It was written to while it was pulled. */
  | 'busy';

export interface PullConflict {
  readonly kind: ConflictKind;
  readonly path: string;
  readonly assetId: string;
  readonly filename: string;
}

/** An asset that could not be pulled, and why. */
export interface PullFailure {
  readonly path: string;
  readonly assetId: string;
  readonly filename: string;
  readonly code: string;
  /** For a person, with what to do. */
  readonly message: string;
  readonly error: ViError;
}

/** What keeps a file of the lock from being reproduced (`frozen`). */
export interface FrozenDifference {
  /** The asset is `gone`, has other content (`changed`), or another filename (`renamed`). */
  readonly kind: 'gone' | 'changed' | 'renamed';
  readonly path: string;
  readonly assetId: string;
  /** As the lock has it. */
  readonly filename: string;
  /** What the dataset calls it now, when that is another name. */
  readonly filenameNow: string | null;
}

/**
 * What a pull did. `totalFiles` = `totalPulled` + `totalSame` + `conflicts` + `failures` + `differences` + `totalNotTried`. Paths are
 * relative to `folder`, but for `lockFile`.
 */
export interface PullResult {
  /** Absolute. */
  readonly folder: string;
  readonly lockFile: string;
  readonly datasetId: string;
  readonly frozen: boolean;
  /** Every asset (frozen: every file of the lock) is in the folder now, to the byte. */
  readonly complete: boolean;
  readonly totalFiles: number;
  /** Files that were fetched. */
  readonly totalPulled: number;
  /** Files that were there, and the same. */
  readonly totalSame: number;
  /** Bytes of the files that were fetched. */
  readonly totalBytes: number;
  /** Files that only their size vouches for: the service gives no hash that can be computed. */
  readonly totalUnverified: number;
  readonly totalNotTried: number;
  readonly conflicts: readonly PullConflict[];
  readonly failures: readonly PullFailure[];
  readonly differences: readonly FrozenDifference[];
  /** Files with another name or another place than their asset says. */
  readonly mapped: readonly {
    readonly assetId: string;
    readonly filename: string;
    readonly path: string;
    readonly reason: MappingReason;
  }[];
  /** Files whose old version is in the trash now. */
  readonly replaced: readonly { readonly path: string; readonly trashPath: string }[];
  /** Files of an earlier pull whose assets are not there any more, or are elsewhere; they were left as they are. */
  readonly leftOver: readonly string[];
  /** Why the pull ended before every asset was tried: then the lock file was not written, and the next pull goes on from here. */
  readonly stopped: ViError | null;
}
