import type { Problem } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import { assertNever } from './assert-never.ts';
import type { HoldReason } from './decision.ts';
import { printable, proposedName } from './names.ts';

/** What a person is told about a held operation. */
export function holdProblem(reason: HoldReason, triple: Triple): Problem {
  const path = triple.local?.path ?? triple.synced?.path ?? triple.remote?.target?.path ?? '';
  const file = `“${printable(path)}”`;
  const asset = `“${printable(triple.remote?.filename ?? triple.synced?.filename ?? path)}”`;
  switch (reason) {
    case 'both-added':
      return {
        code: reason,
        title: 'Two different images of one name',
        detail: `The folder has ${file} and the dataset has ${asset}, with other content. Neither is known to come from the other.`,
        suggestion:
          'Both stay as they are. Rename the file to have both, or make one of them like the other.',
      };
    case 'both-changed':
      return {
        code: reason,
        title: 'Changed on both sides',
        detail: `${file} was changed here, and its asset ${asset} was changed in the dataset.`,
        suggestion:
          'Both stay as they are. Move the file out of the folder to take the dataset’s version, and back under another name to have both.',
      };
    case 'deleted-here-changed-there':
      return {
        code: reason,
        title: 'Deleted here, changed there',
        detail: `${file} was deleted from the folder, and its asset ${asset} was changed in the dataset since.`,
        suggestion: 'The asset stays as it is. Put a copy of the file back, or delete the asset.',
      };
    case 'changed-here-deleted-there':
      return {
        code: reason,
        title: 'Changed here, deleted there',
        detail: `${file} was changed in the folder, and its asset ${asset} was deleted from the dataset.`,
        suggestion: 'The file stays as it is. Rename it to upload it as a new asset, or delete it.',
      };
    case 'overwrites-annotations':
      return {
        code: reason,
        title: 'Would touch annotations',
        detail: `${file} was changed, and its asset ${asset} has ${annotationText(triple)}. Uploading the new version could drop them or make them wrong.`,
        suggestion:
          'Nothing is uploaded. Undo the change, or save the new version under another name to have both.',
      };
    case 'deleted-here':
      return {
        code: reason,
        title: 'Deleted here',
        detail: `${file} was deleted from the folder. Its asset ${asset} is still in the dataset${triple.remote?.annotations === 0 ? '' : `, with ${annotationText(triple)}`}.`,
        suggestion:
          'The asset stays, and is not downloaded again. Delete it in the dataset if it is to go as well.',
      };
    case 'deleted-there':
      return {
        code: reason,
        title: 'Deleted in the dataset',
        detail: `The asset ${asset} was deleted from the dataset. ${file} is still in the folder.`,
        suggestion: 'The file stays. Delete it here if it is to go as well, or rename it to upload it again.',
      };
    default:
      return assertNever(reason);
  }
}

/** Another file has, or will have, the asset of this name. */
export function nameCollision(path: string, remoteName: string, owner: string): Problem {
  return {
    code: 'name-collision',
    title: 'Name is taken',
    detail: `A dataset has one asset of each name, and “${printable(remoteName)}” is “${printable(owner)}” already. “${printable(path)}” is not uploaded over it.`,
    suggestion: `Rename this file, for example to “${printable(proposedName(path))}”.`,
  };
}

export function duplicateOf(path: string, original: string): Problem {
  return {
    code: 'duplicate',
    title: 'Same as another image',
    detail: `“${printable(path)}” has exactly the content of “${printable(original)}”, and is not uploaded a second time.`,
    suggestion: 'Nothing needs to be done. Delete one of them if you do not need both.',
  };
}

/** An asset can't come into the folder because its place there is another file's. */
export function placeTaken(filename: string, path: string): Problem {
  return {
    code: 'place-taken',
    title: 'Its place is taken',
    detail: `The asset “${printable(filename)}” would become “${printable(path)}” here, which is another file.`,
    suggestion: 'Both stay as they are. Rename the file in the folder, and the asset comes down.',
  };
}

function annotationText({ remote }: Triple): string {
  const count = remote?.annotations ?? null;
  if (count === null) return 'annotations, maybe (the dataset does not say how many)';
  return `${count} annotation${count === 1 ? '' : 's'}`;
}
