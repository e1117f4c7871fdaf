import { z } from 'zod';
import type { Dataset } from '../datasets/dataset.ts';
import { shortDatasetId } from '../ids.ts';
import {
  anyList,
  anyRecord,
  counts,
  flag,
  number,
  optionalObject,
  text,
  textOrEmpty,
  textOrNumber,
} from './lenient.ts';
import { resourceMetadataSchema } from './resource.ts';

/** A dataset. Only its ID must be there. */
export const datasetSchema = z
  .looseObject({
    datasetId: z.string().min(1),
    workspaceId: textOrEmpty,
    name: textOrEmpty,
    owner: text,
    type: text,
    content: text,
    description: text,
    createDate: number,
    lastAccessed: number,
    statistic: z
      .looseObject({ assetTotal: number, annotationTotal: number, tagsCount: counts, assetAnnotated: number })
      .catch({}),
    users: anyRecord,
    tags: anyRecord,
    cohorts: anyList,
    status: textOrNumber,
    isLocked: flag,
    access: optionalObject({ isPublic: flag, isReadOnly: flag, isHidden: flag }),
    preference: anyRecord,
    assetStatuses: anyRecord,
    localization: text,
    dataLocalization: text,
    metadata: resourceMetadataSchema.optional(),
    selfLink: text,
    etag: text,
  })
  .transform(
    ({ workspaceId, datasetId, ...dataset }): Dataset => ({
      ...dataset,
      organizationId: workspaceId,
      datasetId: shortDatasetId(datasetId, workspaceId),
    }),
  );
