import { z } from 'zod';
import type { DeleteManyAssetsSession } from '../assets/delete-session.ts';
import { shortDatasetId } from '../ids.ts';
import { textOrEmpty } from './lenient.ts';
import { conditionsSchema, resourceMetadataSchema } from './resource.ts';

/** A bulk deletion. Only its ID must be there. */
export const deleteSessionSchema = z
  .looseObject({
    workspaceId: textOrEmpty,
    datasetId: textOrEmpty,
    deleteManyAssetsSessionId: z.string().min(1),
    selfLink: textOrEmpty,
    etag: textOrEmpty,
    metadata: resourceMetadataSchema,
    status: z.looseObject({ conditions: conditionsSchema }).catch({ conditions: [] }),
  })
  .transform(
    ({ workspaceId, datasetId, ...session }): DeleteManyAssetsSession => ({
      ...session,
      organizationId: workspaceId,
      datasetId: shortDatasetId(datasetId, workspaceId),
    }),
  );
