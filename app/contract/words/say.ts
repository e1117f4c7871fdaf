import type { Activity, Facts, Problem, Told } from '../../contract.ts';
import { filled, type ProblemCatalogue, type ProblemTexts, type Sentence } from './sentence.ts';

/** What it takes to say problems in one language. */
export interface Speech {
  readonly problems: ProblemCatalogue;
  readonly happenings: Readonly<Record<string, Sentence>>;
  readonly formatCount: (n: number) => string;
}

/** A problem in the words of a language; in the engine's own where its catalogue has none. */
export function sayProblem(problem: Problem, speech: Speech): Problem {
  const words = textsOf(problem, speech);
  const say = (sentence: Sentence | undefined) => said(sentence, problem.facts, speech);
  return {
    ...problem,
    title: say(words.title) ?? problem.title,
    detail: say(words.detail) ?? problem.detail,
    suggestion: say(words.suggestion) ?? problem.suggestion,
  };
}

/** What has happened, in the words of a language; in the engine's own where its catalogue has none. */
export function sayActivity({ kind, message, told }: Activity, speech: Speech): string {
  if (told === undefined) return message;
  const happening = ownOf(speech.happenings, told.code);
  if (happening !== undefined) return said(happening, told.facts, speech) ?? message;
  const words = textsOf(told, speech);
  const detail = said(words.detail, told.facts, speech);
  // Who is told of an error while it happens sees what it was; what waits is named first.
  if (kind === 'error') return detail ?? message;
  const title = said(words.title, told.facts, speech);
  return title === null || detail === null ? message : `${title}: ${detail}`;
}

function textsOf({ code, facts }: Told, { problems }: Speech): Partial<ProblemTexts> {
  const ofCase = facts?.case === undefined ? undefined : ownOf(problems, `${code}:${facts.case}`);
  return { ...ownOf(problems, code), ...ofCase };
}

function said(sentence: Sentence | undefined, facts: Facts = {}, { formatCount }: Speech): string | null {
  return sentence === undefined ? null : filled(sentence, facts, formatCount);
}

/** Codes may be anybody's: those of the service are its own words. */
function ownOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
