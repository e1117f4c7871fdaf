import type { Activity, Problem } from '../../app/contract.ts';

/** What an engine adds to its past, in the words of the places that add it. */
export type Added = Omit<Activity, 'id' | 'mirrorId'>;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function transferred(kind: 'uploaded' | 'downloaded', at: number, path: string): Added {
  const name = baseName(path);
  const message = `${kind === 'uploaded' ? 'Uploaded' : 'Downloaded'} “${name}”.`;
  return { at, kind, path, message, told: { code: kind, facts: { name } } };
}

export function newVersion(at: number, path: string): Added {
  const name = baseName(path);
  return {
    at,
    kind: 'downloaded',
    path,
    message: `Downloaded the dataset’s new version of “${name}”; the old one is in the trash.`,
    told: { code: 'downloaded-version', facts: { name } },
  };
}

export function trashed(at: number, path: string): Added {
  const name = baseName(path);
  return {
    at,
    kind: 'removed',
    path,
    message: `“${name}” is in the trash, because its asset was deleted from the dataset.`,
    told: { code: 'trashed-as-deleted-there', facts: { name } },
  };
}

export function sameImage(at: number, path: string): Added {
  const message = 'The folder and the dataset have the same image.';
  return { at, kind: 'bound', path, message, told: { code: 'same-image' } };
}

export function inSync(at: number): Added {
  const message = 'Folder and dataset are in sync.';
  return { at, kind: 'in-sync', path: null, message, told: { code: 'in-sync' } };
}

/** Something new that waits for a person, or is wrong with a file. */
export function noticed(kind: 'held' | 'problem', at: number, path: string, problem: Problem): Added {
  const { title, detail } = problem;
  return { at, kind, path, message: `${title}: ${detail}`, told: toldOf(problem) };
}

/** A transfer that has failed. */
export function failed(at: number, path: string, problem: Problem): Added {
  return { at, kind: 'error', path, message: problem.detail, told: toldOf(problem) };
}

function toldOf({ code, facts }: Problem): Added['told'] {
  return { code, facts };
}
