/**
 * A pull: a dataset, or what a query of it gives, in a folder, with a lock file by which it can be verified, compared and reproduced.
 * Needs a client and nothing else of the engine.
 *
 * @module
 */
export {
  type DiffDatasetOptions,
  type Difference,
  type DiffSide,
  diffDataset,
  diffLocks,
  type PullDiff,
} from './diff.ts';
export type { LockedFile, PullLock } from './lock.ts';
export { findLock, readLock } from './lock-file.ts';
export { lockName } from './place-rules.ts';
export type { MappingReason } from './placement.ts';
export { type PullOptions, pullDataset } from './pull.ts';
export { PullError, type PullErrorCode } from './pull-error.ts';
export type { PullEnvironment } from './pull-folder.ts';
export type {
  ConflictKind,
  FrozenDifference,
  PullConflict,
  PullFailure,
  PullProgress,
  PullResult,
} from './pull-result.ts';
export { type VerifyOptions, type VerifyProgress, type VerifyResult, verifyPull } from './verify.ts';
