import { type Speech, sayActivity, sayProblem } from '../../app/contract/words/say.ts';
import type { Activity, Problem } from '../../app/contract.ts';
import { formatCount, text } from './format.ts';

/** A problem in the words of the window's language; in the engine's own where the catalogue has none. */
export function worded(problem: Problem): Problem;
export function worded(problem: Problem | null): Problem | null;
export function worded(problem: Problem | null): Problem | null {
  return problem === null ? null : sayProblem(problem, speech());
}

/** What has happened, in the words of the window's language; in the engine's own where the catalogue has none. */
export function wordsOfActivity(activity: Activity): string {
  return sayActivity(activity, speech());
}

function speech(): Speech {
  return { problems: text.problems, happenings: text.happenings, formatCount };
}
