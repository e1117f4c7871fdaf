import type { AssetRow } from './asset-store.ts';
import type { Operator, Query, Scalar } from './query-syntax.ts';

/** What a field of an asset can hold; a list matches when one of its values does. */
type FieldValue = Scalar | readonly Scalar[] | undefined;

/** Where the names in a query look. */
export type FieldLookup = (asset: AssetRow, field: string) => FieldValue;

/** Looks in the custom metadata alone. */
export const customField: FieldLookup = (asset, field) =>
  Object.hasOwn(asset.customMetadata, field) ? asset.customMetadata[field] : undefined;

const assetFields: Readonly<Record<string, (asset: AssetRow) => FieldValue>> = {
  assetId: (asset) => asset.assetId,
  filename: (asset) => asset.filename,
  kind: (asset) => asset.kind,
  mimeType: (asset) => asset.mime,
  fileType: (asset) => asset.mime,
  fileSize: (asset) => asset.size,
  width: (asset) => asset.width,
  height: (asset) => asset.height,
  frames: (asset) => asset.frames,
  status: () => ASSET_STATUS,
  uploadStatus: () => ASSET_UPLOAD_STATUS,
  timeCreated: (asset) => asset.timeCreated,
  lastUpdated: (asset) => asset.lastUpdated,
  contentsLastUpdated: (asset) => asset.contentsLastUpdated,
  'lastModified.contents': (asset) => asset.contentsLastUpdated,
  tag: (asset) => Object.keys(asset.tags),
  'annotations.total': (asset) => asset.annotationTotal,
};

/** What every asset that is listed says of itself. */
export const ASSET_STATUS = 'ready';
export const ASSET_UPLOAD_STATUS = 'uploaded';

/**
 * Looks among the asset's own fields, with or without `metadata.` before them, in camel or snake case
 * (`metadata.fileSize`, `file_size`); else in the custom metadata, with or without `customMetadata.`.
 */
export const assetField: FieldLookup = (asset, field) => {
  const bare = field.replace(/^metadata\./, '');
  const camel = bare.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const own = Object.hasOwn(assetFields, camel) ? assetFields[camel] : undefined;
  if (own !== undefined) return own(asset);
  return customField(asset, field) ?? customField(asset, bare.replace(/^customMetadata\./, ''));
};

/**
 * Whether an asset meets a query. Not `strict`: texts compare without regard to case, numbers and their texts are the
 * same, `:` finds a part of a text. `strict`: type and case count, `:` is `==`. A field that an asset lacks equals nothing.
 */
export function matches(query: Query, asset: AssetRow, lookup: FieldLookup, strict: boolean): boolean {
  switch (query.kind) {
    case 'and':
      return query.terms.every((term) => matches(term, asset, lookup, strict));
    case 'or':
      return query.terms.some((term) => matches(term, asset, lookup, strict));
    case 'not':
      return !matches(query.term, asset, lookup, strict);
    case 'text':
      return strict ? asset.filename === query.text : contains(asset.filename, query.text);
    case 'compare': {
      const found = lookup(asset, query.field);
      const values = typeof found === 'object' ? found : found === undefined ? [] : [found];
      if (query.operator === '!=') return values.every((value) => !equals(value, query.value, strict));
      return values.some((value) => compares(value, query.operator, query.value, strict));
    }
  }
}

function compares(found: Scalar, operator: Operator, wanted: Scalar, strict: boolean): boolean {
  switch (operator) {
    case ':':
      return !strict && typeof found === 'string'
        ? contains(found, String(wanted))
        : equals(found, wanted, strict);
    case '==':
      return equals(found, wanted, strict);
    case '!=':
      return !equals(found, wanted, strict);
    case '>':
      return order(found, wanted, strict) > 0;
    case '>=':
      return order(found, wanted, strict) >= 0;
    case '<':
      return order(found, wanted, strict) < 0;
    case '<=':
      return order(found, wanted, strict) <= 0;
  }
}

function equals(found: Scalar, wanted: Scalar, strict: boolean): boolean {
  return strict ? found === wanted : String(found).toLowerCase() === String(wanted).toLowerCase();
}

/** Negative, zero or positive; NaN (which compares with nothing) when the two have no order. */
function order(found: Scalar, wanted: Scalar, strict: boolean): number {
  const [first, second] = [numeric(found, strict), numeric(wanted, strict)];
  if (first !== undefined && second !== undefined) return first - second;
  if (typeof found !== 'string' || typeof wanted !== 'string') return Number.NaN;
  return found < wanted ? -1 : found > wanted ? 1 : 0;
}

function numeric(value: Scalar, strict: boolean): number | undefined {
  if (typeof value === 'number') return value;
  if (strict || typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
