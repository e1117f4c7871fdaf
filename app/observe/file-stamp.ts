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

/** Whether a file may still be being written: nobody says when a writer is done, so it must have been left alone for a while. */
export function isYoung(stamp: FileStamp, now: number, quietMs: number): boolean {
  const touched = Number((stamp.mtimeNs > stamp.ctimeNs ? stamp.mtimeNs : stamp.ctimeNs) / 1_000_000n);
  const age = now - touched;
  // A time in the future is a clock that differs, or a date that somebody has set; it says nothing.
  return age >= -quietMs && age < quietMs;
}

/** The system's code (`ENOENT`, …) of an error, or of the error that caused it; null for errors that no system call has made. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('errno' in error && 'code' in error && typeof error.code === 'string') return error.code;
  return systemCode(error.cause);
}
