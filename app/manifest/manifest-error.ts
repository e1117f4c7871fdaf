import type { Problem } from '../contract.ts';

export type ManifestErrorCode =
  | 'manifest-in-use'
  | 'manifest-newer'
  | 'manifest-unreadable'
  | 'manifest-damaged';

/** The manifest can't be opened, or not be used any more. `problem` says why, and what a person can do. */
export class ManifestError extends Error {
  readonly code: ManifestErrorCode;
  readonly problem: Problem;

  constructor(code: ManifestErrorCode, problem: Omit<Problem, 'code'>, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail} ${problem.suggestion}`, options);
    this.name = 'ManifestError';
    this.code = code;
    this.problem = { code, ...problem };
  }
}
