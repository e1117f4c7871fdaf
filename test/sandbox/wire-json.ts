/** JSON as it came: nothing of it is known before a test has looked. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A step into JSON: a field's name or an index. */
type Step = string | number;

/** What is at the end of these steps; undefined when there is nothing. */
export function at(value: Json | undefined, ...steps: readonly Step[]): Json | undefined {
  let here = value;
  for (const step of steps) {
    if (isList(here) && typeof step === 'number') here = here.at(step);
    else if (isFields(here) && typeof step === 'string')
      here = Object.hasOwn(here, step) ? here[step] : undefined;
    else return undefined;
  }
  return here;
}

/** @throws Error when there is no text at the end of these steps */
export function textAt(value: Json | undefined, ...steps: readonly Step[]): string {
  const found = at(value, ...steps);
  return typeof found === 'string' ? found : missing('text', found, steps);
}

/** @throws Error when there is no number at the end of these steps */
export function numberAt(value: Json | undefined, ...steps: readonly Step[]): number {
  const found = at(value, ...steps);
  return typeof found === 'number' ? found : missing('a number', found, steps);
}

/** @throws Error when there is no list at the end of these steps */
export function listAt(value: Json | undefined, ...steps: readonly Step[]): readonly Json[] {
  const found = at(value, ...steps);
  return isList(found) ? found : missing('a list', found, steps);
}

/** @throws Error when there is no object at the end of these steps */
export function fieldsAt(
  value: Json | undefined,
  ...steps: readonly Step[]
): { readonly [key: string]: Json } {
  const found = at(value, ...steps);
  return isFields(found) ? found : missing('an object', found, steps);
}

/** Headers that a signed URL asks for; it may ask for none. */
export function headersAt(value: Json | undefined, ...steps: readonly Step[]): Record<string, string> {
  const found = at(value, ...steps) ?? {};
  const names = Object.keys(fieldsAt(found));
  return Object.fromEntries(names.map((name) => [name, textAt(found, name)]));
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isFields(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}

function missing(wanted: string, found: Json | undefined, steps: readonly Step[]): never {
  throw new Error(`Expected ${wanted} at ${steps.join('.') || 'the top'}, not ${JSON.stringify(found)}.`);
}
