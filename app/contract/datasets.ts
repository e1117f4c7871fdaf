import { z } from 'zod';
import { placeSchema } from './accounts.ts';
import { total } from './paging.ts';

export const datasetSchema = z.object({
  datasetId: z.string(),
  name: z.string(),
  /** `phrase-grounding`, `vqa`, or what else the service says. */
  type: z.string().nullable(),
  assetTotal: z.number().nullable(),
  annotationTotal: z.number().nullable(),
  /** Milliseconds since the epoch. */
  createdAt: z.number().nullable(),
  isLocked: z.boolean(),
});
export type DatasetRow = z.infer<typeof datasetSchema>;

/** An asset of a dataset, as the service lists it. What it leaves out is null. */
export const assetRowSchema = z.object({
  assetId: z.string(),
  filename: z.string(),
  /** Bytes. */
  size: z.number().nullable(),
  mime: z.string().nullable(),
  /** Pixels. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  annotations: z.number().nullable(),
  /** Tag → number of annotations. */
  annotationsByTag: z.record(z.string(), z.number()),
  customMetadata: z.record(z.string(), z.unknown()),
  hash: z.object({ algorithm: z.string(), contents: z.string() }).nullable(),
  /** Milliseconds since the epoch. */
  contentsChangedAt: z.number().nullable(),
  status: z.string().nullable(),
});
export type AssetRow = z.infer<typeof assetRowSchema>;

const ofDataset = { ...placeSchema.shape, datasetId: z.string() };

export const assetSortSchema = z.enum(['assetId', 'filename', 'contentsChanged', 'size']);
export type AssetSort = z.infer<typeof assetSortSchema>;

export const datasetCalls = {
  /** A page of an account's datasets, in the service's order. */
  datasets: {
    args: placeSchema.extend({
      token: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    result: z.object({ items: z.array(datasetSchema), nextToken: z.string().nullable() }),
  },
  /** One dataset as it is now; null: there is none of this ID. */
  dataset: { args: z.object(ofDataset), result: z.object({ dataset: datasetSchema.nullable() }) },
  /** A page of a dataset's assets. */
  datasetAssets: {
    args: z.object({
      ...ofDataset,
      token: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(200).default(60),
      sort: assetSortSchema.default('assetId'),
      descending: z.boolean().default(false),
      /** E.g. `camera == "front"`. */
      metadataQuery: z.string().max(2000).optional(),
      /**
       * Part of the filename, whatever its case. It is looked for page after page: an answer may have no items, and yet a `nextToken` to
       * go on with.
       */
      search: z.string().max(500).optional(),
    }),
    result: z.object({ items: z.array(assetRowSchema), nextToken: z.string().nullable() }),
  },
  /** Assets as they are now, with what a deletion of them would take along. Those that are gone are left out. */
  assetsNow: {
    args: z.object({ ...ofDataset, assetIds: z.array(z.string()).min(1).max(200) }),
    result: z.object({ items: z.array(assetRowSchema) }),
  },
  /**
   * Deletes assets for good, as they were shown. Refused, before anything is deleted, when more annotations would go than `annotations`
   * says, or when the number of any asset is not known.
   */
  deleteAssets: {
    args: z.object({
      ...ofDataset,
      assetIds: z.array(z.string()).min(1).max(200),
      /** Of all of them together, as shown. */
      annotations: total,
    }),
    result: z.object({
      deleted: z.array(z.string()),
      failed: z.array(z.object({ assetId: z.string(), reason: z.string() })),
    }),
  },
} as const;
