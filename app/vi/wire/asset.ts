import { z } from 'zod';
import { Asset, type AssetMetadata } from '../assets/asset.ts';
import { shortDatasetId } from '../ids.ts';
import { contentsSchema, plainContentsSchema } from './contents.ts';
import { anyRecord, counts, number, optionalObject, text, textOrEmpty, texts } from './lenient.ts';

const optionalContents = contentsSchema.optional().catch(undefined);
const extent = optionalObject({ height: number, width: number, depth: number });

/** String, number and boolean values; others are left out. */
export const customMetadata = z
  .record(z.string(), z.unknown())
  .transform((record) => {
    const values: Record<string, string | number | boolean> = {};
    for (const [key, value] of Object.entries(record)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        values[key] = value;
    }
    return values;
  })
  .optional()
  .catch(undefined);

const assetMetadataSchema: z.ZodType<AssetMetadata> = z.looseObject({
  width: number,
  height: number,
  fileSize: number,
  mimeType: text,
  uploadStatus: text,
  status: text,
  frames: number,
  visibility: text,
  source: text,
  generations: optionalObject({ asset: text, thumbnail: text }),
  // Without its total it is unknown, not zero: annotations decide what may be overwritten.
  annotations: z
    .looseObject({ total: z.number(), withTag: counts.transform((tags) => tags ?? {}) })
    .optional()
    .catch(undefined),
  dimensions: extent,
  pixelRatio: extent,
  hash: z.looseObject({ algorithm: z.string(), contents: z.string() }).optional().catch(undefined),
  insertedBy: text,
  cohorts: texts,
  userDefined: anyRecord,
  customMetadata,
  customMetadataCount: number,
  comments: number,
  contentsFrom: text,
  framesChange: anyRecord,
  timeCreated: number,
  lastUpdated: number,
  contentsLastUpdated: number,
});

/** What a download needs of an asset, and nothing beside: there may be a million of them. */
export const assetToFetchSchema = z.object({
  assetId: z.string().min(1),
  filename: z.string(),
  metadata: z
    .object({
      fileSize: number,
      hash: z.object({ algorithm: z.string(), contents: z.string() }).optional().catch(undefined),
    })
    .catch({}),
  contents: z
    .object({ asset: plainContentsSchema.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

function schemaWith(assetId: z.ZodType<string>) {
  return z
    .looseObject({
      assetId,
      datasetId: textOrEmpty,
      workspaceId: textOrEmpty,
      filename: z.string(),
      kind: textOrEmpty,
      owner: textOrEmpty,
      selfLink: textOrEmpty,
      etag: textOrEmpty,
      metadata: assetMetadataSchema.catch({}),
      contents: z
        .looseObject({ asset: optionalContents, thumbnail: optionalContents })
        .optional()
        .catch(undefined),
    })
    .transform(
      ({ workspaceId, datasetId, ...fields }) =>
        new Asset({
          ...fields,
          organizationId: workspaceId,
          datasetId: shortDatasetId(datasetId, workspaceId),
        }),
    );
}

/** An asset. `assetId` and `filename` must be there: without them it can be neither named nor stored. */
export const assetSchema = schemaWith(z.string().min(1));

/** The same for those who look at whole listings: what has no ID gets an empty one, and still has its name. */
export const assetSchemaWithoutId = schemaWith(textOrEmpty);
