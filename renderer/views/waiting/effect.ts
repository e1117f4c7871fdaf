import type { Answer, Hold } from '../../../app/contract.ts';

/** What an answer does to a file and its asset. */
export type Effect =
  | 'overwrite-asset'
  | 'overwrite-keeping-annotations'
  | 'overwrite-removing-annotations'
  | 'upload'
  | 'upload-renamed'
  | 'delete-asset'
  | 'replace-file'
  | 'download'
  | 'download-renamed'
  | 'trash-file'
  | 'keep-both'
  | 'skip';

/** What an answer to a hold does, as the engine carries it out. */
export function effectOf({ local, remote }: Pick<Hold, 'local' | 'remote'>, answer: Answer): Effect {
  switch (answer.kind) {
    case 'skip':
      return 'skip';
    case 'keep-both':
      if (local !== null && remote !== null) return 'keep-both';
      return local === null ? 'download-renamed' : 'upload-renamed';
    case 'keep-theirs':
      if (remote === null) return 'trash-file';
      return local === null ? 'download' : 'replace-file';
    case 'keep-mine':
      if (local === null) return 'delete-asset';
      if (remote === null) return 'upload';
      switch (answer.annotations) {
        case 'KeepLinkedResource':
          return 'overwrite-keeping-annotations';
        case 'RemoveLinkedResource':
          return 'overwrite-removing-annotations';
        case undefined:
          return 'overwrite-asset';
      }
  }
}

/** The answers that a hold can be given, each way of treating annotations apart. */
export function answersOf({ answers, needsRetention }: Pick<Hold, 'answers' | 'needsRetention'>): Answer[] {
  return answers.flatMap((kind): Answer[] =>
    kind === 'keep-mine' && needsRetention
      ? [
          { kind, annotations: 'KeepLinkedResource' },
          { kind, annotations: 'RemoveLinkedResource' },
        ]
      : [{ kind }],
  );
}

/** Whether annotations are lost for good: asked about once more. `annotations` null: their number is not known. */
export function losesAnnotations(effect: Effect, annotations: number | null): boolean {
  const removes = effect === 'overwrite-removing-annotations' || effect === 'delete-asset';
  return removes && annotations !== 0;
}

/** Whether an asset or its annotations are gone for good. */
export const isFinal = (effect: Effect): boolean =>
  effect === 'overwrite-removing-annotations' || effect === 'delete-asset';

/** Whether an overwrite keeps annotations on an image of other pixels, where they may not fit. */
export function mayMisplaceAnnotations(
  { local, remote }: Pick<Hold, 'local' | 'remote'>,
  effect: Effect,
): boolean {
  if (effect !== 'overwrite-keeping-annotations' || local === null || remote === null) return false;
  return local.width !== remote.width || local.height !== remote.height;
}

/** Whether the file that is in the folder goes to the trash, from where it can be had back. */
export const movesToTrash = (effect: Effect): boolean => effect === 'replace-file' || effect === 'trash-file';
