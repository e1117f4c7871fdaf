import type { ContentHash, RemoteAsset } from '../manifest/observations.ts';
import { comparableHash, isComputable } from '../vi/content-hash.ts';
import type { Asset } from '../vi/index.ts';

/**
 * The service's values as the engine takes them. What no image, and no dataset, can have is unknown: the manifest holds whole numbers, sums
 * them up and writes them to the disk as times; one absurd value must not end a round that is about all the others.
 */

/** More bytes than any image has that could be kept in a folder; as many files as there may be, together they still can be counted. */
const mostBytes = 1e11;
const mostPixels = 2 ** 31 - 1;
/** The year 2200. Milliseconds since the epoch. */
const latestTime = Date.UTC(2200, 0);
/** Longer texts of the service's own making say nothing to anybody. */
const longestText = 1000;
/** Tags of one asset that are told. */
const mostTags = 1000;

/** An asset as the engine looks at it. */
export function assetFrom(asset: Asset): RemoteAsset {
  const { metadata } = asset;
  return {
    assetId: knownId(asset),
    filename: asset.filename,
    size: wholeNumber(metadata.fileSize, mostBytes),
    hash: hashFrom(metadata.hash),
    etag: plausibleText(asset.etag),
    annotations: wholeNumber(metadata.annotations?.total),
    contentsLastUpdated: plausibleTime(metadata.contentsLastUpdated),
    mime: metadata.mimeType === undefined ? null : plausibleText(metadata.mimeType),
    width: wholeNumber(metadata.width, mostPixels),
    height: wholeNumber(metadata.height, mostPixels),
    customMetadata: metadata.customMetadata ?? {},
  };
}

/** An ID, or what stands for one: with what is none nothing can be asked for, but the asset is there, and its name is taken. */
function knownId({ assetId, filename }: Asset): string {
  return assetId === '' || assetId.length > longestText ? `no ID: ${filename}` : assetId.toWellFormed();
}

/** A number of things; null when it is none. */
export function wholeNumber(value: number | undefined, most = Number.MAX_SAFE_INTEGER): number | null {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= most ? value : null;
}

/** Milliseconds since the epoch, without parts of them; null when no asset can be of that time. */
export function plausibleTime(value: number | undefined): number | null {
  return value === undefined ? null : wholeNumber(Math.trunc(value), latestTime);
}

/** A text that is kept and compared: whole characters, and not without end. */
export function plausibleText(text: string): string {
  return text.slice(0, longestText).toWellFormed();
}

/** Name → number, of those that are numbers of things. */
export function plausibleCounts(
  counts: Readonly<Record<string, number>> | undefined,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts ?? {})
      .slice(0, mostTags)
      .filter(([, count]) => wholeNumber(count) !== null),
  );
}

/**
 * A hash of a kind that we can compute, in one form; others as they are: they still tell two versions apart. What claims to be of such a kind
 * and is not says nothing.
 */
function hashFrom(hash: Asset['metadata']['hash']): ContentHash | null {
  if (hash === undefined || hash.contents === '') return null;
  const comparable = comparableHash(hash);
  if (comparable !== undefined) return { algorithm: comparable.algorithm, contents: comparable.hex };
  if (isComputable(hash.algorithm)) return null;
  return { algorithm: plausibleText(hash.algorithm.toLowerCase()), contents: plausibleText(hash.contents) };
}
