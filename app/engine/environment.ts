import type { Problem } from '../contract.ts';
import type { ImageInspection } from '../image/inspect.ts';
import type { ContentHash, FileStamp, RemoteAsset } from '../manifest/observations.ts';
import type { Contents, FileHash, Pace } from '../vi/index.ts';

/**
 * Everything that the engine does to the world, or asks it. Production hands in the real disk, service, clock and randomness; tests may
 * hand in others. Nothing in `observe`, `plan` and `transfer` reaches around it.
 */
export interface Environment {
  readonly disk: Disk;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly random: Randomness;
}

export interface Clock {
  /** Milliseconds since the epoch. May jump: the computer sleeps, or its clock is set. */
  now(): number;
  /** Milliseconds from some moment; never jumps back. For durations. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted; whoever waits looks at the signal then. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Randomness {
  /** From 0 up to, but not including, 1. */
  fraction(): number;
  /** A name that nobody has had before: letters, digits and `-`. */
  id(): string;
}

/** A name with what `lstat` says about it. */
export interface StampedName {
  readonly name: string;
  readonly stamp: FileStamp;
}

/** One folder as it was listed: folders, and files of supported names. What our own rules leave out by its name stands apart. */
export interface FolderListing {
  /** The device that the folder lies on: another one than its parent's is a disk that is mounted there. */
  readonly device: bigint;
  /** Names of subfolders. */
  readonly folders: readonly string[];
  readonly files: readonly StampedName[];
  /** Links of supported names, and links to folders. Never followed. */
  readonly links: readonly StampedName[];
  /** Names of what our own rules leave out, and a rule file may take back. */
  readonly leftOut: { readonly folders: readonly string[]; readonly files: readonly string[] };
  /** Files that are there and can't be looked at. */
  readonly unreadable: readonly { readonly name: string; readonly code: string }[];
  /** The folder's `.visyncignore`; `not-a-file`: a link or a folder of this name. */
  readonly ruleFile: FileStamp | 'none' | 'not-a-file';
  /** True when the folder holds anything else. */
  readonly hasOthers: boolean;
}

/** A path that can't be looked at. What lies at it, or below it, is unknown; it is not gone. */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** System code: `EACCES`, `EIO`, … */
  readonly code: string;
}

export type FolderReading =
  | { readonly kind: 'listed'; readonly listing: FolderListing }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-folder' }
  | Unreadable;

export type PathReading =
  | { readonly kind: 'file'; readonly stamp: FileStamp }
  | { readonly kind: 'folder'; readonly stamp: FileStamp; readonly device: bigint }
  /** Never followed, never mirrored. `toFolder`: what it leads to is a folder. */
  | { readonly kind: 'link'; readonly stamp: FileStamp; readonly toFolder: boolean }
  /** A device, a socket: never mirrored. */
  | { readonly kind: 'other' }
  | { readonly kind: 'missing' }
  | Unreadable;

/** A file as it was read whole. */
export interface FileReading {
  readonly kind: 'read';
  /** The same before and after: the file held still. */
  readonly stamp: FileStamp;
  readonly hash: FileHash;
  readonly inspection: ImageInspection;
}

export type ReadOutcome =
  | FileReading
  /** It was written to, replaced or renamed while it was read. */
  | { readonly kind: 'moving' }
  | { readonly kind: 'missing' }
  | Unreadable;

/** A small text file as it was read whole. */
export type TextReading =
  /** The stamp is that of the text: the file held still. */
  | { readonly kind: 'text'; readonly text: string; readonly stamp: FileStamp }
  | { readonly kind: 'moving' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-file' }
  | { readonly kind: 'too-large' }
  /** Its bytes are no UTF-8. */
  | { readonly kind: 'not-text' }
  | Unreadable;

/** What kind of disk a folder lies on. */
export interface Drive {
  /** True when others may change what is on it without a word to this computer: a network drive. */
  readonly isShared: boolean;
  /** What it calls itself: `NFS`, `SMB`, …; null for disks of no interest. */
  readonly name: string | null;
}

/** What is watched, and who is told. */
export interface WatchOptions {
  /** Absolute path of the mirror's folder. */
  readonly folder: string;
  /** How long nothing must have happened before hints are handed on. Milliseconds. */
  readonly quietMs: number;
  /** The longest that hints are held back while things keep happening. Milliseconds. */
  readonly longestMs: number;
  /** Paths, relative to the folder, that something may have happened to; '' stands for all of it. */
  readonly onHints: (paths: ReadonlySet<string>) => void;
  /** Whether something at this path, relative to the folder, is of interest; of a path that is gone the kind is not known. */
  readonly isWatched: (path: string, kind: 'file' | 'folder' | 'link' | 'unknown') => boolean;
  /** Everything is watched that can be; hints come from now on. */
  readonly onReady: () => void;
  /** Some hints are missing from now on: whole scans must do. May be called again. */
  readonly onFailure: (problem: Problem) => void;
}

export interface Watch {
  close(): Promise<void>;
}

/** Paths are absolute. */
export interface Disk {
  /** Reports what may have changed below a folder. What it hands on are hints, never facts. */
  watch(options: WatchOptions): Watch;
  /** A path without links in it; null when there is nothing. */
  realPath(path: string): Promise<string | null>;
  readFolder(path: string): Promise<FolderReading>;
  /** Looks at a path without following a link. */
  look(path: string): Promise<PathReading>;
  /** Reads a small file of text. Never follows a link. */
  readText(path: string, mostBytes: number): Promise<TextReading>;
  /** What kind of disk a folder lies on, as far as the system says. */
  driveOf(folder: string): Promise<Drive>;
  /**
   * Hashes and inspects a file, and makes sure that it held still meanwhile.
   *
   * @param size about what it has, as far as that is known; it says how many may be read at once. Bytes
   */
  readFile(path: string, signal?: AbortSignal, size?: number): Promise<ReadOutcome>;
  /** Hash of a file in an algorithm of the service's choice; null when this disk can't compute it. */
  hashIn(path: string, algorithm: string, signal?: AbortSignal): Promise<ContentHash | null>;
  /** Makes a folder in one that is there; one that is there already stays. Throws when anything else is in the way. */
  makeFolder(path: string): Promise<void>;
  /** Moves within one volume; replaces what is there. */
  rename(from: string, to: string): Promise<void>;
  /** Puts a file into place only if nothing is there, without a moment in which another's file could be lost. False: taken. */
  placeNew(from: string, to: string): Promise<boolean>;
  /** Copies a file into a new one of ours; shares its blocks where the disk can. What is written to it meanwhile may be in the copy or not. */
  copyNew(from: string, to: string): Promise<void>;
  setTimes(path: string, mtimeMs: number): Promise<void>;
  /** What a power cut could take away is on the disk: entries of a folder. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file; none there is no error. */
  remove(path: string): Promise<void>;
  /** Removes an empty folder. One that holds something, or is not there, stays as it is. */
  removeFolder(path: string): Promise<void>;
  /** Names in a folder, none for a folder that is not there. */
  names(path: string): Promise<string[]>;
  /** Writes a small file in a single step. */
  writeFile(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export interface RemotePage {
  readonly assets: readonly RemoteAsset[];
  readonly nextPageToken: string | null;
}

/** An asset with where its bytes are. */
export interface LocatedAsset {
  readonly asset: RemoteAsset;
  readonly contents: Contents | null;
}

/** A dataset as a whole. */
export interface RemoteDataset {
  readonly name: string;
  /** How many assets it says that it has; null: it does not say. */
  readonly assetTotal: number | null;
  /** The service's clock, milliseconds since the epoch; null: it does not say. */
  readonly serviceNow: number | null;
}

/** An asset as it is told when it is asked for alone. */
export interface RemoteDetail extends RemoteAsset {
  /** Tag → number of annotations with it. */
  readonly annotationsByTag: Readonly<Record<string, number>>;
}

/** A file as it is announced to the service. */
export interface AnnouncedFile {
  readonly filename: string;
  readonly mime: string;
  readonly size: number;
  readonly crc32c: number;
  readonly customMetadata: Readonly<Record<string, string>>;
}

export interface OpenedSession {
  readonly sessionId: string;
  /** By the service's clock, milliseconds since the epoch. */
  readonly created: number | null;
  /** Where each file's bytes go, by filename. */
  readonly targets: ReadonlyMap<string, Contents>;
}

export interface SessionReport {
  readonly state: 'running' | 'finished' | 'failed';
  /** Files that were announced, and those that it is done with, well or not; null: the service does not say. */
  readonly progress: { readonly total: number; readonly done: number } | null;
  /** By the service's clock. */
  readonly finished: number | null;
  /** Filename → code of files that the service did not take. */
  readonly errors: ReadonlyMap<string, string>;
}

/** Where a dataset is. */
export interface DatasetAddress {
  /** Base URL of the service's API. */
  readonly endpoint: string;
  readonly organizationId: string;
  readonly datasetId: string;
}

/**
 * Opens the way to a dataset. Does not fail: whoever has no credentials for it, or can't reach it, learns that from the first call, as a
 * `ViError`.
 */
export type Connect = (address: DatasetAddress) => Remote;

/** What becomes of the annotations of assets that a session overwrites. */
export type AnnotationFate = 'KeepLinkedResource' | 'RemoveLinkedResource';

export interface TransferOptions {
  /** Bytes of the file so far; falls back when it begins anew. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** Asked before bytes are handed to the network, and after bytes have come from it. */
  readonly pace?: Pace;
}

/** One dataset at the service. Methods throw the client's errors. */
export interface Remote extends DatasetAddress {
  dataset(signal: AbortSignal): Promise<RemoteDataset>;
  /** A page of assets: those whose content changed last first, or in an order that does not change while it is listed. */
  list(
    order: 'newest-first' | 'stable',
    page: { size: number; token: string | null },
    signal: AbortSignal,
  ): Promise<RemotePage>;
  /** Null: no such asset. */
  get(assetId: string, signal: AbortSignal): Promise<RemoteDetail | null>;
  /** An asset with a signed URL of its bytes; `contents` null when the service has none to give. */
  locate(assetId: string, signal: AbortSignal): Promise<LocatedAsset | null>;
  /** The same of a page of assets, in an order that does not change while it is listed. */
  locatePage(
    page: { size: number; token: string | null },
    signal: AbortSignal,
  ): Promise<{ readonly assets: readonly LocatedAsset[]; readonly nextPageToken: string | null }>;
  openSession(
    files: readonly AnnouncedFile[],
    annotations: AnnotationFate,
    signal: AbortSignal,
  ): Promise<OpenedSession>;
  /** Deletes an asset with its annotations, for good. One that is gone already is no error. */
  delete(assetId: string, signal: AbortSignal): Promise<void>;
  /** Null: the service does not know the session (any more). */
  session(sessionId: string, signal: AbortSignal): Promise<SessionReport | null>;
  send(
    target: Contents,
    file: { path: string; size: number; crc32c: number },
    options: TransferOptions,
  ): Promise<void>;
  /**
   * Into a file of our own, checked against `expected` as far as it can be, and flushed to the disk. With `resume` it goes on after what
   * the file already has of the same version; otherwise what is in it is lost.
   */
  fetch(
    source: Contents,
    path: string,
    expected: { size: number | null; hash: ContentHash | null },
    options: TransferOptions & { readonly resume?: boolean },
  ): Promise<FileHash>;
}
