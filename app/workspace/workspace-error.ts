import type { Problem } from '../contract.ts';

/** A call that the workspace can't carry out. `problem` says why, in words. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.problem = problem;
  }
}
