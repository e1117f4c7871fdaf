import Sqlite from 'better-sqlite3';
import type { Problem } from '../contract.ts';

/** Why a round has broken off, in words: the manifest's disk, or else a fault of the program. */
export function crashProblem(error: unknown): Problem {
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  if (code === 'SQLITE_FULL') {
    return {
      code: 'manifest-full',
      title: 'The disk is full',
      detail:
        'Vi Sync can’t write down what it sees and does: there is no room left on the disk of its data folder.',
      suggestion:
        'Make room on that disk. The mirror goes on by itself in a few seconds, and transfers nothing twice.',
    };
  }
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM)/.test(code)) {
    return {
      code: 'manifest-unwritable',
      facts: { code },
      title: 'The manifest can’t be written',
      detail: `The disk of Vi Sync’s data folder does not take what Vi Sync wants to write down (${code}).`,
      suggestion:
        'Check that the disk is connected, whole and not read-only. The mirror goes on by itself as soon as it can.',
    };
  }
  return {
    code: 'internal-error',
    facts: { message: error instanceof Error ? error.message : String(error) },
    title: 'Vi Sync has a fault',
    detail: error instanceof Error ? error.message : String(error),
    suggestion: 'It goes on in a few seconds. If it stays so, send the log to the makers of Vi Sync.',
  };
}
