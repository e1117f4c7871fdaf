import { isFields, isList, type Json } from './wire-json.ts';

/**
 * What a field has to be. `ms` is a time in milliseconds since the epoch (seconds or microseconds are found out),
 * `integer` has no fraction, `{ among }` is one of these texts.
 */
export type Shape =
  | 'text'
  | 'id'
  | 'integer'
  | 'count'
  | 'flag'
  | 'ms'
  | 'anything'
  | 'scalar'
  | { readonly among: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly either: readonly Shape[] }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly optional?: Readonly<Record<string, Shape>> };

// 2015 to 2100: any clock that a test sets, and neither seconds nor microseconds.
const EARLIEST_MS = 1_420_000_000_000;
const LATEST_MS = 4_102_000_000_000;

/**
 * Where a value is not as the shape says, one line each; none when all is well. Fields that the shape doesn't name are
 * allowed, as the official client allows them.
 */
export function misfits(value: Json | undefined, shape: Shape, place = ''): readonly string[] {
  const wrong = (wanted: string) => [`${place || 'value'}: ${wanted}, not ${JSON.stringify(value)}`];
  if (typeof shape === 'string') return fits(value, shape) ? [] : wrong(shape);
  if ('among' in shape) {
    return typeof value === 'string' && shape.among.includes(value) ? [] : wrong(shape.among.join(' | '));
  }
  if ('either' in shape) {
    return shape.either.some((each) => misfits(value, each).length === 0) ? [] : wrong('one of several');
  }
  if ('list' in shape) {
    if (!isList(value)) return wrong('a list');
    return value.flatMap((each, index) => misfits(each, shape.list, `${place}[${index}]`));
  }
  if (!isFields(value)) return wrong('an object');
  if ('map' in shape) {
    return Object.entries(value).flatMap(([key, each]) => misfits(each, shape.map, `${place}.${key}`));
  }
  const required = Object.entries(shape.fields).flatMap(([name, each]) =>
    misfits(value[name], each, `${place}.${name}`),
  );
  const optional = Object.entries(shape.optional ?? {}).flatMap(([name, each]) =>
    value[name] === undefined || value[name] === null ? [] : misfits(value[name], each, `${place}.${name}`),
  );
  return [...required, ...optional];
}

function fits(value: Json | undefined, shape: Extract<Shape, string>): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'id':
      return typeof value === 'string' && /^[a-zA-Z0-9_-]{1,255}$/.test(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    case 'flag':
      return typeof value === 'boolean';
    case 'ms':
      return typeof value === 'number' && Number.isInteger(value) && value > EARLIEST_MS && value < LATEST_MS;
    case 'scalar':
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    case 'anything':
      return value !== undefined;
  }
}
