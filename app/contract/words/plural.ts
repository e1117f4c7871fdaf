/** The words that go with a number. */
export type Plural = (n: number, one: string, other: string) => string;

export function pluralIn(language: string): Plural {
  const rules = new Intl.PluralRules(language);
  return (n, one, other) => (rules.select(n) === 'one' ? one : other);
}

/** A number with the noun that goes with it, in a language that tells one from many. The number arrives formatted, beside its value. */
export type Count = (n: number, shown: string, one: string, other: string) => string;

export function countIn(language: string): Count {
  const plural = pluralIn(language);
  return (n, shown, one, other) => `${shown} ${plural(n, one, other)}`;
}
