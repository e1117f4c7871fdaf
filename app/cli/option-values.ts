import { InvalidArgumentError } from '@commander-js/extra-typings';
import { isId } from '../vi/ids.ts';

/** A parser for options that are a whole number from `min` to `max`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(
      max === Number.MAX_SAFE_INTEGER
        ? `It must be a whole number from ${min} on.`
        : `It must be a whole number from ${min} to ${max}.`,
    );
  };
}

/** Collects `name=value` options: values that read as a number or as true/false are taken as such, `"1"` in quotes stays text. */
export function collectMetadata(
  text: string,
  sofar: Readonly<Record<string, string | number | boolean>> = {},
): Record<string, string | number | boolean> {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('It must have the form name=value.');
  return { ...sofar, [text.slice(0, split)]: metadataValue(text.slice(split + 1)) };
}

function metadataValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/u.test(text) && Number.isSafeInteger(Math.trunc(Number(text)))) {
    return Number(text);
  }
  return /^".*"$/su.test(text) ? text.slice(1, -1) : text;
}

/** A parser for arguments that are the ID of something at the service. */
export function idText(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError('It must be an ID: letters, digits, "_" or "-".');
}

/** A parser for arguments that are paths; an empty one is most likely a variable of a script that is not set. */
export function pathText(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must be a path, and is empty.');
}

/** A parser for arguments that can be repeated. */
export function eachOf<T>(parse: (text: string) => T): (text: string, sofar: T[] | undefined) => T[] {
  return (text, sofar = []) => {
    sofar.push(parse(text));
    return sofar;
  };
}
