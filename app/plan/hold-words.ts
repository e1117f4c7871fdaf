import type { Facts, FileState, HoldReason, Problem } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import { assertNever } from './assert-never.ts';
import type { LeaveReason } from './decision.ts';
import { printable } from './names.ts';

/** Reasons whose words depend on the two sides alone: those that {@link decide} gives. */
export type SideReason = Exclude<HoldReason, 'name-collision' | 'place-taken' | 'duplicate'>;

/** What a person is told about a held operation. */
export function holdProblem(reason: SideReason, triple: Triple): Problem {
  const { file, asset, facts } = namesOf(triple);
  switch (reason) {
    case 'both-added':
      return {
        code: reason,
        facts,
        title: 'Two different images of one name',
        detail: `The folder has ${file} and the dataset has ${asset}, with other content. Neither is known to come from the other.`,
        suggestion: 'Say which of them counts, or keep both. Until then both stay as they are.',
      };
    case 'both-changed':
      return {
        code: reason,
        facts,
        title: 'Changed on both sides',
        detail: `${file} was changed here, and its asset ${asset} was changed in the dataset.`,
        suggestion: 'Say which version counts, or keep both. Until then both stay as they are.',
      };
    case 'deleted-here-changed-there':
      return {
        code: reason,
        facts,
        title: 'Deleted here, changed there',
        detail: `${file} was deleted from the folder, and its asset ${asset} was changed in the dataset since.`,
        suggestion: 'Say whether it comes back, or the asset goes too. Until then the asset stays as it is.',
      };
    case 'changed-here-deleted-there':
      return {
        code: reason,
        facts,
        title: 'Changed here, deleted there',
        detail: `${file} was changed in the folder, and its asset ${asset} was deleted from the dataset.`,
        suggestion:
          'Say whether it is uploaded again, or goes to the trash. Until then the file stays as it is.',
      };
    case 'overwrites-annotations':
      return {
        code: reason,
        facts: { ...facts, ...annotationFacts(triple), ...pixelFacts(triple) },
        title: 'Would touch annotations',
        detail: `${file} was changed, and its asset ${asset} has ${annotationText(triple)}. ${pixelText(triple)}`,
        suggestion:
          'Say what becomes of the annotations, or take the dataset’s version, or keep both. Until then nothing is uploaded.',
      };
    case 'deleted-here':
      return {
        code: reason,
        facts: { ...facts, ...annotationFacts(triple) },
        title: 'Deleted here',
        detail: `${file} was deleted from the folder. Its asset ${asset} is still in the dataset${triple.remote?.annotations === 0 ? '' : `, with ${annotationText(triple)}`}.`,
        suggestion: 'Say whether the asset goes too, or the file comes back. Until then the asset stays.',
      };
    case 'deleted-there':
      return {
        code: reason,
        facts,
        title: 'Deleted in the dataset',
        detail: `The asset ${asset} was deleted from the dataset. ${file} is still in the folder.`,
        suggestion: 'Say whether the file goes to the trash, or is uploaded again. Until then it stays.',
      };
    case 'many-deleted-here':
      return {
        code: reason,
        facts,
        title: 'Many files deleted at once',
        detail: `${file} was deleted from the folder together with many others, which may be an accident. Its asset ${asset} is still in the dataset.`,
        suggestion:
          'If you meant to delete them, say so, and the assets go too. If not, let the files come back.',
      };
    case 'many-deleted-there':
      return {
        code: reason,
        facts,
        title: 'Many assets deleted at once',
        detail: `The asset ${asset} was deleted from the dataset together with many others, which may be an accident. ${file} is still in the folder.`,
        suggestion: 'If that was meant, let the files go to the trash. If not, have them uploaded again.',
      };
    default:
      return assertNever(reason);
  }
}

/** What a person is told about something that is left as it is. */
export function leaveProblem(reason: Exclude<LeaveReason, 'unobserved'>, triple: Triple): Problem {
  const { file, asset, facts } = namesOf(triple);
  const code = `left-${reason}`;
  switch (reason) {
    case 'added-here':
      return {
        code,
        facts,
        title: 'Only here',
        detail: `${file} is not in the dataset, and this mirror only pulls.`,
        suggestion: 'Nothing needs to be done. Make it a two-way mirror to upload the file.',
      };
    case 'added-there':
      return {
        code,
        facts,
        title: 'Only in the dataset',
        detail: `The asset ${asset} is not in the folder, and this mirror only pushes.`,
        suggestion: 'Nothing needs to be done. Make it a two-way mirror to have the file here.',
      };
    case 'changed-here':
      return {
        code,
        facts,
        title: 'Changed here',
        detail: `${file} differs from its asset ${asset}, and this mirror only pulls.`,
        suggestion: 'The file stays as it is. Delete it to have the dataset’s version again.',
      };
    case 'changed-there':
      return {
        code,
        facts,
        title: 'Changed in the dataset',
        detail: `The asset ${asset} differs from ${file}, and this mirror only pushes.`,
        suggestion: 'Both stay as they are. Make it a two-way mirror to have the dataset’s version.',
      };
    case 'deleted-here':
      return {
        code,
        facts: { ...facts, ...annotationFacts(triple) },
        title: 'Deleted here',
        detail: `${file} was deleted from the folder. Its asset ${asset} is still in the dataset${triple.remote?.annotations === 0 ? '' : `, with ${annotationText(triple)}`}.`,
        suggestion: 'The asset stays, and is not downloaded again unless you say so.',
      };
    case 'deleted-there':
      return {
        code,
        facts,
        title: 'Deleted in the dataset',
        detail: `The asset ${asset} was deleted from the dataset. ${file} is still in the folder.`,
        suggestion: 'The file stays, because it has changed since or this mirror does not write to the disk.',
      };
    case 'skipped':
      return {
        code,
        facts: { ...facts, case: triple.local === null ? 'asset' : 'file' },
        title: 'Left as it is',
        detail: `You have said that ${triple.local === null ? asset : file} is to be left as it is.`,
        suggestion: 'You are asked again when either side changes. You can also answer otherwise now.',
      };
    default:
      return assertNever(reason);
  }
}

/** How something is shown that is left as it is. */
export function stateWhenLeft({ local, remote }: Triple): FileState {
  if (local === null) return 'remote-only';
  return remote === null ? 'local-only' : 'differs';
}

/** Another file has, or will have, the asset of this name. */
export function nameCollision(path: string, remoteName: string, owner: string, proposed: string): Problem {
  return {
    code: 'name-collision',
    facts: {
      name: printable(remoteName),
      owner: printable(owner),
      path: printable(path),
      proposed: printable(proposed),
    },
    title: 'Name is taken',
    detail: `A dataset has one asset of each name, and “${printable(remoteName)}” is “${printable(owner)}” already. “${printable(path)}” is not uploaded over it.`,
    suggestion: `Have it uploaded as “${printable(proposed)}”, or rename the file.`,
  };
}

export function duplicateOf(path: string, original: string): Problem {
  return {
    code: 'duplicate',
    facts: { path: printable(path), original: printable(original) },
    title: 'Same as another image',
    detail: `“${printable(path)}” has exactly the content of “${printable(original)}”, and is not uploaded a second time.`,
    suggestion: 'Nothing needs to be done. Delete one of them if you do not need both.',
  };
}

/** An asset can't come into the folder because its place there is another file's. */
export function placeTaken(filename: string, path: string, proposed: string): Problem {
  return {
    code: 'place-taken',
    facts: { name: printable(filename), path: printable(path), proposed: printable(proposed) },
    title: 'Its place is taken',
    detail: `The asset “${printable(filename)}” would become “${printable(path)}” here, which is another file.`,
    suggestion: `Have it here as “${printable(proposed)}”, or rename the file in the folder.`,
  };
}

function namesOf({ local, remote, synced }: Triple): { file: string; asset: string; facts: Facts } {
  const path = local?.path ?? synced?.path ?? remote?.target?.path ?? '';
  const facts = {
    file: printable(path),
    asset: printable(remote?.filename ?? synced?.filename ?? path),
  };
  return { file: `“${facts.file}”`, asset: `“${facts.asset}”`, facts };
}

/** Without a number where the dataset does not say how many there are. */
function annotationFacts({ remote }: Triple): Facts {
  const count = remote?.annotations ?? null;
  return count === null ? {} : { annotations: count };
}

function annotationText({ remote }: Triple): string {
  const count = remote?.annotations ?? null;
  if (count === null) return 'annotations, maybe (the dataset does not say how many)';
  return `${count} annotation${count === 1 ? '' : 's'}`;
}

function pixelText({ local, remote }: Triple): string {
  if (haveSamePixels(local, remote)) return 'Uploading the new version could make them wrong.';
  const size = (side: Pixels | null) => pixelsOf(side) ?? 'of unknown size';
  return `The asset is ${size(remote)} and the file ${size(local)} pixels: boxes may no longer fit.`;
}

/** Without a size that nobody knows. `case` says whether the sizes differ. */
function pixelFacts({ local, remote }: Triple): Facts {
  if (haveSamePixels(local, remote)) return { case: 'same-size' };
  const [here, there] = [pixelsOf(local), pixelsOf(remote)];
  return {
    case: 'other-size',
    ...(here === null ? {} : { here }),
    ...(there === null ? {} : { there }),
  };
}

interface Pixels {
  readonly width: number | null;
  readonly height: number | null;
}

function haveSamePixels(here: Pixels | null, there: Pixels | null): boolean {
  return here?.width === there?.width && here?.height === there?.height && here?.width !== null;
}

function pixelsOf(side: Pixels | null): string | null {
  return side === null || side.width === null || side.height === null
    ? null
    : `${side.width} × ${side.height}`;
}
