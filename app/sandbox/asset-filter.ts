import type { AssetRow } from './asset-store.ts';
import { type LooseValue, parseLooseJson } from './loose-json.ts';
import { assetField, customField, type FieldLookup, matches } from './query-match.ts';
import { type Operator, parseQuery, type Query, QuerySyntaxError } from './query-syntax.ts';

/** What selects assets, in listings and in bulk deletes. Left out (or empty) conditions select everything. */
export interface AssetFilterSpec {
  /** A query over the asset's fields, as text or as a JSON object. */
  readonly filter?: string | Readonly<Record<string, unknown>> | null | undefined;
  /** A query over custom metadata. */
  readonly metadataQuery?: string | null | undefined;
  /** A query over the asset's fields. */
  readonly ruleQuery?: string | null | undefined;
  readonly strictQuery?: boolean | null | undefined;
}

export type AssetFilter = (asset: AssetRow) => boolean;

const LONGEST_QUERY = 65_536;

/**
 * Makes one predicate of all conditions, which must all hold; undefined when there is none.
 * @throws QuerySyntaxError
 */
export function makeAssetFilter(spec: AssetFilterSpec): AssetFilter | undefined {
  const strict = spec.strictQuery === true;
  const conditions: AssetFilter[] = [];
  const add = (query: Query | undefined, lookup: FieldLookup) => {
    if (query !== undefined) conditions.push((asset) => matches(query, asset, lookup, strict));
  };
  add(readFilter(spec.filter), assetField);
  add(readText(spec.metadataQuery), customField);
  add(readText(spec.ruleQuery), assetField);
  if (conditions.length === 0) return undefined;
  return (asset) => conditions.every((condition) => condition(asset));
}

function readFilter(filter: AssetFilterSpec['filter']): Query | undefined {
  if (filter === undefined || filter === null) return undefined;
  if (typeof filter !== 'string') return readObject(parseLooseJson(JSON.stringify(filter)));
  if (/^\s*\{/.test(filter)) return readObject(parseLooseJson(limited(filter)));
  return readText(filter);
}

function readText(text: string | null | undefined): Query | undefined {
  return text === undefined || text === null || text.trim() === '' ? undefined : parseQuery(limited(text));
}

function limited(text: string): string {
  if (text.length > LONGEST_QUERY) {
    throw new QuerySyntaxError(`A query may have ${LONGEST_QUERY} characters, not ${text.length}.`);
  }
  return text;
}

const OBJECT_OPERATORS: Readonly<Record<string, Operator>> = {
  '==': '==',
  '!=': '!=',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
  ':': ':',
};

/**
 * A filter as an object: every entry must hold. `{field: value}` equals, `{field: [a, b]}` one of these,
 * `{field: {">=": 3, "<": 9}}` compares; `and`, `or` (of objects) and `not` (an object) combine.
 */
function readObject(filter: LooseValue): Query | undefined {
  if (!isObject(filter)) throw new QuerySyntaxError('A JSON filter must be an object.');
  const terms = Object.entries(filter).map(([key, value]): Query => {
    if (key === 'and' || key === 'or') {
      if (!isList(value)) throw new QuerySyntaxError(`“${key}” needs a list of filters.`);
      return { kind: key, terms: value.map((each) => readObject(each) ?? EVERYTHING) };
    }
    if (key === 'not') return { kind: 'not', term: readObject(value) ?? EVERYTHING };
    return readEntry(key, value);
  });
  return terms.length === 0 ? undefined : { kind: 'and', terms };
}

const EVERYTHING: Query = { kind: 'and', terms: [] };

function readEntry(field: string, value: LooseValue): Query {
  if (isList(value)) return { kind: 'or', terms: value.map((each) => compare(field, '==', each)) };
  if (!isObject(value)) return compare(field, '==', value);
  return {
    kind: 'and',
    terms: Object.entries(value).map(([key, operand]) => {
      const operator = Object.hasOwn(OBJECT_OPERATORS, key) ? OBJECT_OPERATORS[key] : undefined;
      if (operator === undefined) throw new QuerySyntaxError(`“${key}” is no operator.`);
      return compare(field, operator, operand);
    }),
  };
}

function compare(field: string, operator: Operator, value: LooseValue): Query {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new QuerySyntaxError(`“${field}” can be compared with a text, a number, true or false.`);
  }
  return { kind: 'compare', field, operator, value };
}

function isObject(value: LooseValue): value is { readonly [key: string]: LooseValue } {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: LooseValue): value is readonly LooseValue[] {
  return Array.isArray(value);
}
