import type { ReadOutcome } from '../engine/environment.ts';
import type { ContentHash } from '../manifest/observations.ts';
import type { PackedReading } from './packed-listing.ts';

/** What the pool's threads can be asked for, and what they answer. Paths are absolute. */
export interface HashJobs {
  list: { args: { path: string }; result: PackedReading };
  read: { args: { path: string }; result: ReadOutcome };
  hashIn: { args: { path: string; algorithm: string }; result: ContentHash | null };
}

export type HashJobName = keyof HashJobs;

export type HashJob = {
  [N in HashJobName]: { readonly id: number; readonly name: N } & HashJobs[N]['args'];
}[HashJobName];

export type HashAnswer =
  | { readonly id: number; readonly ok: true; readonly result: HashJobs[HashJobName]['result'] }
  /** A fault of the program, not of a file: what is wrong with files is a result. */
  | { readonly id: number; readonly ok: false; readonly message: string };
