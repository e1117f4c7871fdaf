import type { Problem } from '../../app/contract.ts';

/** A refusal, as the app's own errors cross to the page: with words for a person. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}
