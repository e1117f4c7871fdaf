import * as german from '../contract/words/de/index.ts';
import * as english from '../contract/words/en.ts';
import { sayActivity, sayProblem } from '../contract/words/say.ts';
import type { SpokenWords } from './words.ts';

const catalogues = { en: english, de: german } as const;

/** Problems and activities outside of the window, in the words that the window has for them. */
export function spokenWords(
  language: keyof typeof catalogues,
  formatCount: (n: number) => string,
): SpokenWords {
  const speech = { ...catalogues[language], formatCount };
  return {
    problem: (problem) => sayProblem(problem, speech),
    activity: (activity) => sayActivity(activity, speech),
  };
}
