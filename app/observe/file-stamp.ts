import type { BigIntStats } from 'node:fs';
import type { FileStamp } from '../manifest/observations.ts';

export function stampOf(stats: BigIntStats): FileStamp {
  return {
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    // File IDs of some systems use all 64 bits; the database's integers are signed.
    inode: BigInt.asIntN(64, stats.ino),
    birthtimeNs: stats.birthtimeNs,
  };
}

/** The system's code (`ENOENT`, …) of an error, or of the error that caused it; null for errors that no system call has made. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('errno' in error && 'code' in error && typeof error.code === 'string') return error.code;
  return systemCode(error.cause);
}
