import type { AnnotationFate } from '../engine/environment.ts';
import type { LocalFile, RemoteFile, SyncedBase } from '../manifest/observations.ts';
import { assertNever } from './assert-never.ts';
import { versionText } from './content.ts';

/** How many annotations a person has agreed to when asked; `unknown`: the service did not tell. */
export type AgreedAnnotations = number | 'unknown';

/** Something to be carried out, with what was seen when it was decided: the deed checks that it is still so. */
export type Operation = UploadOperation | DownloadOperation | CompareOperation | ChangeOperation;

/** What changes a side without moving bytes between both. */
export type ChangeOperation = TrashOperation | MoveAsideOperation | DeleteOperation;

export interface UploadOperation {
  readonly kind: 'upload';
  readonly item: string;
  readonly local: LocalFile;
  /** Name of the asset. */
  readonly filename: string;
  /** The asset whose content is replaced; null: there is none of this name. */
  readonly replaces: RemoteFile | null;
  /** What becomes of its annotations; `none`: it must not have any. */
  readonly annotations: 'none' | AnnotationFate;
  /** Null: nobody was asked. */
  readonly agreedAnnotations: AgreedAnnotations | null;
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

/** The file goes to the trash. */
export interface TrashOperation {
  readonly kind: 'trash-local';
  readonly item: string;
  readonly local: LocalFile;
  readonly synced: SyncedBase | null;
  readonly reason: 'deleted-there' | 'answered';
}

/** The file gets another name, so that the asset's content can have its place. */
export interface MoveAsideOperation {
  readonly kind: 'move-aside';
  readonly item: string;
  readonly local: LocalFile;
}

/** The asset is deleted. */
export interface DeleteOperation {
  readonly kind: 'delete-remote';
  readonly item: string;
  readonly remote: RemoteFile;
  readonly synced: SyncedBase | null;
  /** How many annotations may go with it; 0 where nobody was asked. */
  readonly agreedAnnotations: AgreedAnnotations;
}

/** What a person agrees to who is shown this asset. */
export function agreedOf(asset: Pick<RemoteFile, 'annotations'>): AgreedAnnotations {
  return asset.annotations ?? 'unknown';
}

/** Bytes that an operation moves. */
export function bytesOf(operation: Operation): number {
  switch (operation.kind) {
    case 'upload':
      return operation.local.stamp.size;
    case 'download':
    case 'compare':
      return operation.remote.size ?? 0;
    case 'trash-local':
    case 'move-aside':
    case 'delete-remote':
      return 0;
    default:
      return assertNever(operation);
  }
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
    case 'trash-local':
    case 'move-aside':
      return `${operation.kind} ${operation.local.content?.sha256 ?? ''}`;
    case 'delete-remote':
      return `${operation.kind} ${versionText(operation.remote)}`;
    default:
      return assertNever(operation);
  }
}
