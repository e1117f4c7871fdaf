import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Asset } from '../vi/assets/asset.ts';
import { AssetIngestionError } from '../vi/assets/enums.ts';
import type { UploadFailure } from '../vi/assets/upload-result.ts';
import type { ViClient } from '../vi/client.ts';
import { ContentDigester, comparableHash } from '../vi/content-hash.ts';

/** A file that the service refused because the dataset has it, with the same content. */
export interface PresentFile {
  readonly path: string;
  readonly filename: string;
  readonly assetId: string;
  /** What was compared: `size` where the service gives no hash that can be computed. */
  readonly comparedBy: 'hash' | 'size';
}

export interface SortedFailures {
  readonly alreadyThere: readonly PresentFile[];
  readonly failures: readonly UploadFailure[];
}

/**
 * Tells the files that the dataset has already from those that truly failed: an upload that is repeated after an interruption meets
 * the first kind, and there is nothing wrong with them. The code alone doesn't tell: a service may give it for any file whose name
 * is taken. So the assets are compared with the files.
 */
export async function sortOutFailures(
  client: ViClient,
  datasetId: string,
  failures: readonly UploadFailure[],
  signal: AbortSignal,
): Promise<SortedFailures> {
  const refused = new Map<string, UploadFailure>();
  for (const failure of failures) {
    if (failure.code === AssetIngestionError.EALREADY) refused.set(failure.filename, failure);
  }
  if (refused.size === 0) return { alreadyThere: [], failures };

  const alreadyThere: PresentFile[] = [];
  const listing = client.assets.list({ datasetId, pagination: { pageSize: 1000 }, signal });
  for await (const asset of listing.allItems()) {
    const failure = refused.get(asset.filename);
    if (failure === undefined) continue;
    const comparedBy = await compare(failure.path, asset, signal);
    if (comparedBy !== null) {
      refused.delete(asset.filename);
      alreadyThere.push({
        path: failure.path,
        filename: failure.filename,
        assetId: asset.assetId,
        comparedBy,
      });
    }
    if (refused.size === 0) break;
  }
  const present = new Set(alreadyThere.map((file) => file.path));
  return { alreadyThere, failures: failures.filter((failure) => !present.has(failure.path)) };
}

/** By what a file equals an asset; null when it doesn't. */
async function compare(
  path: string,
  { metadata }: Asset,
  signal: AbortSignal,
): Promise<PresentFile['comparedBy'] | null> {
  const size = await sizeOf(path);
  if (size === null) return null;
  if (metadata.fileSize !== undefined && metadata.fileSize !== size) return null;
  const expected = comparableHash(metadata.hash);
  if (expected === undefined) return metadata.fileSize === undefined ? null : 'size';
  const digester = new ContentDigester(expected);
  for await (const chunk of createReadStream(path, { signal })) digester.update(chunk);
  return digester.digest().matches ? 'hash' : null;
}

/** Bytes of a file; null when it is gone since it was sent: then it can't be compared, and its refusal stands. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
