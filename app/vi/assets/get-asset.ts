import { assetPath, type Service } from '../service.ts';
import { assetSchema } from '../wire/asset.ts';
import type { Asset } from './asset.ts';
import type { GetAssetOptions } from './assets-options.ts';

/** `client.assets.get`. */
export async function getAsset(service: Service, options: GetAssetOptions): Promise<Asset> {
  return await service.api.request({
    method: 'GET',
    path: assetPath(service, options.datasetId, options.assetId),
    query: { contents: options.contents === true ? 'y' : undefined },
    schema: assetSchema,
    what: `get asset ${options.assetId} of dataset ${options.datasetId}`,
    signal: options.signal,
  });
}
