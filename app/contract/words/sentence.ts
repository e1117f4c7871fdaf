import type { Facts } from '../../contract.ts';

/**
 * A sentence about facts: `{name}` in it stands for the fact of that name. Where facts change more than a word, a function makes it of
 * them (numbers by `show`). A fact that is missing gives null: then the engine's own words are shown.
 */
export type Sentence = string | ((facts: Facts, show: (n: number) => string) => string | null);

export interface ProblemTexts {
  readonly title: Sentence;
  readonly detail: Sentence;
  readonly suggestion: Sentence;
}

/**
 * What a language says in place of the engine's English words, by a problem's code; by `code:case` where the facts tell cases apart. The
 * words of a case go before those of its code, one by one.
 */
export type ProblemCatalogue = Readonly<Record<string, Partial<ProblemTexts>>>;

/** The sentence with its facts; null when one is missing. */
export function filled(sentence: Sentence, facts: Facts, show: (n: number) => string): string | null {
  if (typeof sentence === 'function') return sentence(facts, show);
  let isWhole = true;
  const text = sentence.replace(/\{(\w+)\}/g, (_slot, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (fact === undefined) isWhole = false;
    return typeof fact === 'number' ? show(fact) : (fact ?? '');
  });
  return isWhole ? text : null;
}
