import type { Problem } from '../contract.ts';

const title = 'Changes are found later than usual';

/** Codes of the system's limits on what may be watched. */
export const watchLimits: ReadonlySet<string> = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/** @param code of the system: `ENOSPC`, `EMFILE`, … */
export function watchProblem(folder: string, code: string): Problem {
  const isLimit = watchLimits.has(code);
  return {
    code: 'watch-failed',
    facts: { case: isLimit ? 'limit' : 'other', folder, code },
    title,
    detail: isLimit
      ? `The system’s limit of watched folders is reached (${code}), so “${folder}” is scanned from time to time instead.`
      : `The system can’t watch all of “${folder}” (${code}), so it is scanned from time to time instead.`,
    suggestion: isLimit
      ? 'Nothing is lost meanwhile. Raise the limit (on Linux: fs.inotify.max_user_watches); watching is tried again every few minutes.'
      : 'Nothing is lost; changes are found with the next scan. Watching is tried again every few minutes.',
  };
}

/** @param name of the kind of drive: `NFS`, `SMB`, … */
export function driveProblem(folder: string, name: string | null): Problem {
  return {
    code: 'watch-shared-drive',
    facts: name === null ? { folder } : { case: 'named', folder, name },
    title,
    detail: `“${folder}” lies on a network drive${name === null ? '' : ` (${name})`}. The system does not report what other computers change there, so it is scanned from time to time as well.`,
    suggestion: 'Nothing is lost; what others change is found with the next scan.',
  };
}
