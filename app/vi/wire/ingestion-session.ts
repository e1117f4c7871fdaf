import { z } from 'zod';
import { ResourceRetentionMode } from '../assets/enums.ts';
import type {
  AssetForUpload,
  AssetIngestionEvent,
  AssetIngestionSession,
  UploadedAssetMetadata,
} from '../assets/ingestion-session.ts';
import type { Contents } from '../contents.ts';
import { shortDatasetId } from '../ids.ts';
import { PackedTexts } from '../packed-texts.ts';
import { customMetadata } from './asset.ts';
import { contentsSchema, plainContentsSchema, toContents } from './contents.ts';
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

/** The answer to a creation as {@link splitSession} takes it apart. */
export const sessionToSendSchema = z.object({
  session: ingestionSessionSchema,
  assets: z.array(z.unknown()),
});

/** Takes the lists of files out of a session: they are megabytes, and the client knows what it has announced. */
export function splitSession(answer: unknown): unknown {
  if (!isRecord(answer) || !isRecord(answer.status)) return { session: answer, assets: [] };
  const { assets, ...status } = answer.status;
  const spec = isRecord(answer.spec) ? { ...answer.spec, assets: undefined } : answer.spec;
  return { session: { ...answer, spec, status }, assets: Array.isArray(assets) ? assets : [] };
}

/** Where the bytes of a session's files go to. Packed: as objects, 5,000 signed URLs are several megabytes. */
export class UploadTargets {
  readonly #uploads = new PackedTexts();
  readonly #byFilename = new Map<string, number>();

  /** @param assets `status.assets` of a new session; what is none of its files is left out */
  constructor(assets: readonly unknown[]) {
    for (const asset of assets) {
      if (!isRecord(asset) || !isRecord(asset.metadata) || !isRecord(asset.upload)) continue;
      const { filename } = asset.metadata;
      if (typeof filename !== 'string') continue;
      this.#byFilename.set(filename, this.#uploads.add(JSON.stringify(asset.upload)));
    }
  }

  /** The signed URL of a file; undefined when the service gave none. */
  find(filename: string): Contents | undefined {
    const index = this.#byFilename.get(filename);
    if (index === undefined) return undefined;
    const parsed = plainContentsSchema.safeParse(JSON.parse(this.#uploads.at(index)));
    return parsed.success ? toContents(parsed.data) : undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringsOnly(record: Readonly<Record<string, unknown>>): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [key, value] of Object.entries(record))
    strings[key] = typeof value === 'string' ? value : 'EUNKNOWN';
  return strings;
}
