/** Why an operation waits for a person. A named union: each reason has its words, and later its own answers. */
export type HoldReason =
  /** Both sides have a file of this name, and neither knows of the other. */
  | 'both-added'
  /** Both sides have changed since they were last equal. */
  | 'both-changed'
  /** The file is gone here, the asset has changed there. */
  | 'deleted-here-changed-there'
  /** The file has changed here, the asset is gone there. */
  | 'changed-here-deleted-there'
  /** The new version of the file would replace an image that people have annotated. */
  | 'overwrites-annotations'
  /** The file is gone here; whether the asset goes too is for a person to say. */
  | 'deleted-here'
  /** The asset is gone there; whether the file goes too is for a person to say. */
  | 'deleted-there';

/** What is to be done about one file and its asset. */
export type Decision =
  /** Nothing: both are as they were when last equal. */
  | { readonly kind: 'settled' }
  /** The file becomes a new asset. */
  | { readonly kind: 'upload' }
  /** The file's content replaces the asset's. `annotations`: what becomes of them; `none`: there must not be any. */
  | {
      readonly kind: 'overwrite';
      readonly annotations: 'none' | 'KeepLinkedResource' | 'RemoveLinkedResource';
    }
  /** The asset's content comes into the folder; `replace`: in place of the file that is there, which goes to the trash. */
  | { readonly kind: 'download'; readonly replace: boolean }
  /** Both are equal: remember it. */
  | { readonly kind: 'bind' }
  /** Whether both are equal can't be told from what we know: find out. */
  | { readonly kind: 'compare' }
  /** The file is gone here and the asset stays, as the mirror's delete policy says. */
  | { readonly kind: 'keep' }
  /** The file goes to the trash, because its asset is gone. */
  | { readonly kind: 'trash-local' }
  /** The asset is deleted, because its file is gone. */
  | { readonly kind: 'delete-remote' }
  /** Both are gone: nothing remains to be remembered. */
  | { readonly kind: 'forget' }
  /** A person must say. Nothing is changed on either side meanwhile. */
  | { readonly kind: 'hold'; readonly reason: HoldReason }
  /** The file can't be synced as it is; the file's own problem says why. */
  | { readonly kind: 'problem' };

export type DecisionKind = Decision['kind'];

/** What a mirror has been told to do by itself. */
export interface Policy {
  /** Push and pull come with directions of their own. */
  readonly direction: 'two-way';
  /** What a deletion in the folder means for the asset. */
  readonly deletions: 'keep' | 'ask' | 'propagate';
  /** What an overwrite does to an asset with annotations. */
  readonly retention: 'ask' | 'KeepLinkedResource' | 'RemoveLinkedResource';
  /** Whether a second file with the content of another becomes an asset of its own. */
  readonly duplicates: 'leave' | 'upload';
}

export const defaultPolicy: Policy = {
  direction: 'two-way',
  deletions: 'keep',
  retention: 'ask',
  duplicates: 'leave',
};
