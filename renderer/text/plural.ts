/** A number with the noun that goes with it, in a language that tells one from many. The number arrives formatted, beside its value. */
export type Count = (n: number, shown: string, one: string, other: string) => string;

export function countIn(language: string): Count {
  const rules = new Intl.PluralRules(language);
  return (n, shown, one, other) => `${shown} ${rules.select(n) === 'one' ? one : other}`;
}
