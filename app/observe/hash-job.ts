import type { ReadOutcome } from '../engine/environment.ts';
import type { ContentHash } from '../manifest/observations.ts';
import type { PackedReading } from './packed-listing.ts';

/** What the pool's threads can be asked for, and what they answer. Paths are absolute. */
export interface HashJobs {
  list: { args: { path: string }; result: PackedReading };
  /** `size`: about what the file has, as far as that is known. Bytes. */
  read: { args: { path: string; size?: number | undefined }; result: ReadOutcome };
  hashIn: { args: { path: string; algorithm: string }; result: ContentHash | null };
}

export type HashJobName = keyof HashJobs;

export type HashJob = {
  [N in HashJobName]: { readonly id: number; readonly name: N } & HashJobs[N]['args'];
}[HashJobName];

/** Up to this size a file is read at once: opening it again to look at it would take longer than reading it. Bytes. */
export const inOnePiece = 1024 * 1024;

/** Whether a job is that of reading a file in one piece. */
export function isSmall(job: HashJob): boolean {
  return job.name === 'read' && job.size !== undefined && job.size <= inOnePiece;
}

export type HashAnswer =
  | { readonly id: number; readonly ok: true; readonly result: HashJobs[HashJobName]['result'] }
  /** A fault of the program, not of a file: what is wrong with files is a result. */
  | { readonly id: number; readonly ok: false; readonly message: string };
