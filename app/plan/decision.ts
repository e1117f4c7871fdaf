import type { DeletePolicy, Direction, RetentionMode } from '../contract.ts';
import type { AnnotationFate } from '../engine/environment.ts';
import type { SideReason } from './hold-words.ts';

/** Why something that differs is left alone, without a question. */
export type LeaveReason =
  /** Only the folder has it, and the mirror does not upload. */
  | 'added-here'
  /** Only the dataset has it, and the mirror does not download. */
  | 'added-there'
  /** The file has changed, and the mirror does not upload. */
  | 'changed-here'
  /** The asset has changed, and the mirror does not download. */
  | 'changed-there'
  /** The file is gone, and the asset stays: the mirror's delete policy, or its direction. */
  | 'deleted-here'
  /** The asset is gone, and the file stays: the mirror does not write to the disk. */
  | 'deleted-there'
  /** A person has said that it is to be left so. */
  | 'skipped'
  /** Its place is not looked at: file, asset and base stay as they are until it is again. */
  | 'unobserved';

/** What is to be done about one file and its asset. */
export type Decision =
  /** Nothing: both are as they were when last equal. */
  | { readonly kind: 'settled' }
  /** The file becomes a new asset. */
  | { readonly kind: 'upload' }
  /** The file's content replaces the asset's. `annotations`: what becomes of them; `none`: there must not be any. */
  | { readonly kind: 'overwrite'; readonly annotations: 'none' | AnnotationFate }
  /** The asset's content comes into the folder; `replace`: in place of the file that is there, which goes to the trash. */
  | { readonly kind: 'download'; readonly replace: boolean }
  /** Both are equal: remember it. */
  | { readonly kind: 'bind' }
  /** Whether both are equal can't be told from what we know: find out. */
  | { readonly kind: 'compare' }
  /** The file goes to the trash, because its asset is gone. */
  | { readonly kind: 'trash-local' }
  /** The asset is deleted, because its file is gone. */
  | { readonly kind: 'delete-remote' }
  /** The file makes way under another name, so that both versions stay. */
  | { readonly kind: 'move-aside' }
  /** Both are gone: nothing remains to be remembered. */
  | { readonly kind: 'forget' }
  /** Both sides stay as they are, and are shown. */
  | { readonly kind: 'leave'; readonly reason: LeaveReason }
  /** A person must say. Nothing is changed on either side meanwhile. */
  | { readonly kind: 'hold'; readonly reason: SideReason }
  /** The file can't be synced as it is; the file's own problem says why. */
  | { readonly kind: 'problem' };

export type DecisionKind = Decision['kind'];

/** What a mirror has been told to do by itself. */
export interface Policy {
  readonly direction: Direction;
  readonly deletePolicy: DeletePolicy;
  readonly retentionMode: RetentionMode;
  /** Whether a second file with the content of another becomes an asset of its own. */
  readonly duplicates: 'leave' | 'upload';
}

export const defaultPolicy: Policy = {
  direction: 'two-way',
  deletePolicy: 'keep',
  retentionMode: 'ask',
  duplicates: 'leave',
};
