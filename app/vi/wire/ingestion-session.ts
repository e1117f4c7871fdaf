import { z } from 'zod';
import { ResourceRetentionMode } from '../assets/enums.ts';
import type {
  AssetForUpload,
  AssetIngestionEvent,
  AssetIngestionSession,
  UploadedAssetMetadata,
} from '../assets/ingestion-session.ts';
import { shortDatasetId } from '../ids.ts';
import { customMetadata } from './asset.ts';
import { contentsSchema } from './contents.ts';
import { anyRecord, number, numbersOnly, textOrEmpty, validItems } from './lenient.ts';
import { conditionsSchema, resourceMetadataSchema } from './resource.ts';

const uploadedAssetSchema: z.ZodType<UploadedAssetMetadata> = z.looseObject({
  kind: textOrEmpty,
  filename: z.string(),
  mime: textOrEmpty,
  size: z.number().catch(0),
  crc32c: number,
  customMetadata,
});

const assetForUploadSchema: z.ZodType<AssetForUpload> = z.looseObject({
  metadata: uploadedAssetSchema,
  upload: contentsSchema,
});

const errorEventSchema = z.looseObject({
  kind: z.literal('Error'),
  files: z.record(z.string(), z.unknown()).catch({}).transform(stringsOnly),
  corrections: anyRecord,
  time: number,
});

const progressEventSchema = z.looseObject({
  kind: z.literal('Progress'),
  tasks: z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((tasks) => {
      const counted: Record<string, Record<string, number>> = {};
      for (const [name, task] of Object.entries(tasks)) {
        if (typeof task === 'object' && task !== null) counted[name] = numbersOnly({ ...task });
      }
      return counted;
    }),
  time: number,
});

const eventSchema: z.ZodType<AssetIngestionEvent> = z.discriminatedUnion('kind', [
  errorEventSchema,
  progressEventSchema,
]);

/** Both spellings of keeping annotations become the one of the enum. */
const retentionMode = textOrEmpty.transform((mode) =>
  mode === 'KeepLinkedResources' ? ResourceRetentionMode.KEEP_LINKED_RESOURCES : mode,
);

const progressCountSchema = z
  .looseObject({ total: z.number().catch(0), succeeded: z.number().catch(0), errored: z.number().catch(0) })
  .catch({ total: 0, succeeded: 0, errored: 0 });

const specSchema = z.looseObject({
  kind: textOrEmpty,
  failureMode: textOrEmpty,
  onAssetOverwritten: retentionMode,
  assets: validItems(uploadedAssetSchema).optional(),
});

const statusSchema = z.looseObject({
  conditions: conditionsSchema,
  events: validItems(eventSchema),
  progressCount: progressCountSchema,
  assets: validItems(assetForUploadSchema).optional(),
});

/** An ingestion session. Only its ID must be there. */
export const ingestionSessionSchema = z
  .looseObject({
    workspaceId: textOrEmpty,
    datasetId: textOrEmpty,
    assetSourceClass: textOrEmpty,
    assetSourceProvider: textOrEmpty,
    assetSourceId: textOrEmpty,
    assetIngestionSessionId: z.string().min(1),
    selfLink: textOrEmpty,
    etag: textOrEmpty,
    metadata: resourceMetadataSchema,
    spec: specSchema.catch({ kind: '', failureMode: '', onAssetOverwritten: '' }),
    status: statusSchema,
  })
  .transform(
    ({ workspaceId, datasetId, ...session }): AssetIngestionSession => ({
      ...session,
      organizationId: workspaceId,
      datasetId: shortDatasetId(datasetId, workspaceId),
    }),
  );

function stringsOnly(record: Readonly<Record<string, unknown>>): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [key, value] of Object.entries(record))
    strings[key] = typeof value === 'string' ? value : 'EUNKNOWN';
  return strings;
}
