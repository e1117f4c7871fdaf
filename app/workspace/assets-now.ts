import { eachLimited } from '../vi/each-limited.ts';
import { type Asset, type ViClient, ViNotFoundError } from '../vi/index.ts';

/** Assets that are asked for at once, one request each. */
const atOnce = 8;

/** Assets as they are at this moment, by ID. Those that are gone are missing. @throws the client's errors; the signal's reason */
export async function assetsNow(
  client: ViClient,
  datasetId: string,
  assetIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Asset>> {
  const found = new Map<string, Asset>();
  await eachLimited([...new Set(assetIds)], atOnce, async (assetId) => {
    const asset = await orNull(client.assets.get({ datasetId, assetId, signal }));
    if (asset !== null) found.set(assetId, asset);
  });
  return found;
}

export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ViNotFoundError) return null;
    throw error;
  }
}
