import type { Problem } from '../contract.ts';

export type PullErrorCode =
  | 'folder-blocked'
  | 'folder-in-use'
  | 'lock-invalid'
  | 'lock-missing'
  | 'lock-newer'
  | 'other-dataset'
  | 'other-organization';

/** A pull can't begin. `problem` says why, and what a person can do; nothing was fetched, and nothing in the folder was changed. */
export class PullError extends Error {
  readonly code: PullErrorCode;
  readonly problem: Problem;

  constructor(code: PullErrorCode, problem: Omit<Problem, 'code'>, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail} ${problem.suggestion}`, options);
    this.name = 'PullError';
    this.code = code;
    this.problem = { code, ...problem };
  }
}
