import type { Activity, Facts, Problem, Told } from '../../app/contract.ts';
import { formatCount, text } from './format.ts';
import { filled, type ProblemTexts, type Sentence } from './sentence.ts';

/** A problem in the words of the window's language; in the engine's own where the catalogue has none. */
export function worded(problem: Problem): Problem;
export function worded(problem: Problem | null): Problem | null;
export function worded(problem: Problem | null): Problem | null {
  if (problem === null) return null;
  const words = textsOf(problem);
  const say = (sentence: Sentence | undefined) => said(sentence, problem.facts);
  return {
    ...problem,
    title: say(words.title) ?? problem.title,
    detail: say(words.detail) ?? problem.detail,
    suggestion: say(words.suggestion) ?? problem.suggestion,
  };
}

/** What has happened, in the words of the window's language; in the engine's own where the catalogue has none. */
export function wordsOfActivity({ kind, message, told }: Activity): string {
  if (told === undefined) return message;
  const happening = ownOf(text.happenings, told.code);
  if (happening !== undefined) return said(happening, told.facts) ?? message;
  const words = textsOf(told);
  const detail = said(words.detail, told.facts);
  // Who is told of an error while it happens sees what it was; what waits is named first.
  if (kind === 'error') return detail ?? message;
  const title = said(words.title, told.facts);
  return title === null || detail === null ? message : `${title}: ${detail}`;
}

function textsOf({ code, facts }: Told): Partial<ProblemTexts> {
  const ofCase = facts?.case === undefined ? undefined : ownOf(text.problems, `${code}:${facts.case}`);
  return { ...ownOf(text.problems, code), ...ofCase };
}

function said(sentence: Sentence | undefined, facts: Facts = {}): string | null {
  return sentence === undefined ? null : filled(sentence, facts, formatCount);
}

/** Codes may be anybody's: those of the service are its own words. */
function ownOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
