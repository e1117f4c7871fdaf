import { z } from 'zod';
import { ViNotFoundError } from '../errors.ts';
import { shortDatasetId, wireDatasetId } from '../ids.ts';
import { assetPath, type Service } from '../service.ts';
import type { DeleteAssetOptions, DeletedAsset } from './assets-options.ts';

/** `client.assets.delete`. */
export async function deleteAsset(service: Service, options: DeleteAssetOptions): Promise<DeletedAsset> {
  const { assetId, datasetId, signal } = options;
  await service.api.request({
    method: 'DELETE',
    path: assetPath(service, datasetId, assetId),
    schema: z.object({}),
    what: `delete asset ${assetId} of dataset ${datasetId}`,
    signal,
    // A delete whose answer was lost and that is then "not found" has worked.
    doneWhenRepeated: (error) => error instanceof ViNotFoundError,
  });
  return {
    assetId,
    datasetId: shortDatasetId(wireDatasetId(datasetId, service.organizationId), service.organizationId),
    organizationId: service.organizationId,
    deleted: true,
  };
}
