import type { LocalFile, RemoteFile, SyncedBase } from '../manifest/observations.ts';
import { versionText } from './content.ts';

/** Something to be carried out, with what was seen when it was decided: the deed checks that it is still so. */
export type Operation = UploadOperation | DownloadOperation | CompareOperation;

export interface UploadOperation {
  readonly kind: 'upload';
  readonly item: string;
  readonly local: LocalFile;
  /** Name of the asset. */
  readonly filename: string;
  /** The asset whose content is replaced; null: there is none of this name. */
  readonly replaces: RemoteFile | null;
}

export interface DownloadOperation {
  readonly kind: 'download';
  readonly item: string;
  readonly remote: RemoteFile;
  readonly target: { readonly path: string; readonly key: string };
  /** The file that makes way; null: nothing is there. */
  readonly replaces: LocalFile | null;
  readonly synced: SyncedBase | null;
}

/** Find out whether a file and an asset have the same content. */
export interface CompareOperation {
  readonly kind: 'compare';
  readonly item: string;
  readonly local: LocalFile;
  readonly remote: RemoteFile;
}

/** Bytes that an operation moves. */
export function bytesOf(operation: Operation): number {
  return operation.kind === 'upload' ? operation.local.stamp.size : (operation.remote.size ?? 0);
}

/** What an upload is about; see {@link fingerprintOf}. */
export function uploadFingerprint(sha256: string, filename: string): string {
  return `${sha256} ${filename}`;
}

/** What an operation is about; a failure of it says nothing about another content. */
export function fingerprintOf(operation: Operation): string {
  switch (operation.kind) {
    case 'upload':
      return uploadFingerprint(operation.local.content?.sha256 ?? '', operation.filename);
    case 'download':
      return versionText(operation.remote);
    case 'compare':
      return `${operation.local.content?.sha256 ?? ''} ${versionText(operation.remote)}`;
  }
}
