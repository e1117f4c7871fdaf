import type { Problem } from '../contract.ts';

/** What `lstat` says about a file, as far as it tells one version of a file from another. Times in nanoseconds since the epoch. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** Inode or file ID as a signed 64-bit integer. No identity alone: see {@link isSameFile}. */
  readonly inode: bigint;
  /** 0 where the disk does not know it. */
  readonly birthtimeNs: bigint;
}

/** True when nothing says that a file has been written to, replaced or renamed between the two stamps. */
export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return (
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs &&
    a.inode === b.inode &&
    a.birthtimeNs === b.birthtimeNs
  );
}

/** The part of a stamp that stays with a file when it is renamed or written to. */
export type FileIdentity = Pick<FileStamp, 'inode' | 'birthtimeNs'>;

/** True for one and the same file, whatever its name: inode numbers are used again, so the birth time must agree as well. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.birthtimeNs > 0n && a.birthtimeNs === b.birthtimeNs && a.inode === b.inode;
}

/** The content of a local file as we have read it. */
export interface LocalContent {
  /** Hex. */
  readonly sha256: string;
  /** Signed 32-bit integer, as the service wants it. */
  readonly crc32c: number;
  /** In another algorithm, computed when the service's hash could not be compared otherwise. */
  readonly otherHash: ContentHash | null;
}

/** A hash in an algorithm that somebody else has chosen. */
export interface ContentHash {
  /** Lower case, without separators: `sha256`, `md5`, `sha1`, `crc32c`, or whatever the service calls it. */
  readonly algorithm: string;
  /** Hex where the algorithm is known, else as the service gave it. */
  readonly contents: string;
}

/** A file that a scan saw. */
export interface LocalFile {
  /** Identity of the path: see `identityKey`. */
  readonly key: string;
  /** Relative to the mirror's folder as the disk spells it, `/` between its parts. */
  readonly path: string;
  /** The name that it has, or would get, in the dataset. */
  readonly remoteName: string;
  readonly stamp: FileStamp;
  /** Null when it could not be read: then nothing is known about its content. */
  readonly content: LocalContent | null;
  readonly mime: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Why it can't be uploaded as it is. */
  readonly problem: Problem | null;
}

/** An asset that a listing showed. */
export interface RemoteAsset {
  readonly assetId: string;
  readonly filename: string;
  /** Bytes. Null: the service does not say. */
  readonly size: number | null;
  readonly hash: ContentHash | null;
  readonly etag: string;
  /** How many it had when last seen. Null: the service does not say, which is not the same as none. */
  readonly annotations: number | null;
  /** By the service's clock, milliseconds since the epoch. */
  readonly contentsLastUpdated: number | null;
  readonly mime: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly customMetadata: Readonly<Record<string, unknown>>;
}

/** An asset with what this mirror makes of it. */
export interface RemoteFile extends RemoteAsset {
  /** Where it would be on this disk; null when its name can't be held here, and `nameProblem` says why. */
  readonly target: { readonly path: string; readonly key: string } | null;
  readonly nameProblem: Problem | null;
  /** SHA-256 of its content, from the service's hash or from our own reading of the bytes; hex. */
  readonly sha256: string | null;
}

/** What tells one version of an asset's content from another. */
export type RemoteVersion = Pick<RemoteAsset, 'size' | 'hash' | 'contentsLastUpdated'>;

/** A file and its asset as they were when they were last known to be equal. */
export interface SyncedBase {
  readonly key: string;
  readonly path: string;
  readonly assetId: string;
  /** The asset's name. Differs from the file's after a rename of the file: the asset keeps its name. */
  readonly filename: string;
  readonly local: FileIdentity & { readonly size: number; readonly sha256: string };
  readonly remote: RemoteVersion;
}
