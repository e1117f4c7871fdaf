import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { DATASET_PATH, datasetOf } from './api-request.ts';
import { mimeOfName } from './content-check.ts';
import { isDiskFull } from './disk-full.ts';
import { FailureMode, RetentionMode } from './ingestion-codes.ts';
import type { SandboxParts } from './parts.ts';
import { spendSessionBudget } from './session-budget.ts';
import type { NewSessionFile } from './session-store.ts';
import { sessionJson } from './session-wire.ts';
import { ASSET_SOURCE } from './wire.ts';

const SESSIONS_PATH = `${DATASET_PATH}/assetSources/:class/:provider/:source/assetIngestionSessions`;

const sourceParams = z.object({ class: z.string(), provider: z.string(), source: z.string() });
const sessionParams = z.object({ session: z.string() });

const int32 = z
  .number()
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

const fileSchema = z.object({
  kind: z.enum(['Image', 'Video', 'MedicalImage']),
  // The namespace is flat: a name is no path.
  filename: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[^/\0]+$/, 'a filename has no “/”'),
  mime: z.string().min(1).nullable().optional(),
  size: z.number().int().nonnegative(),
  crc32c: int32.nullable().optional(),
  customMetadata: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .nullable()
    .optional(),
});

const createBody = z.object({
  spec: z.object({
    kind: z.literal('Upload'),
    failureMode: z.enum(FailureMode),
    // Clients send the singular; answers have the plural.
    onAssetOverwritten: z
      .enum(['RemoveLinkedResource', 'KeepLinkedResource', 'KeepLinkedResources'])
      .transform((mode) =>
        mode === 'RemoveLinkedResource'
          ? RetentionMode.REMOVE_LINKED_RESOURCE
          : RetentionMode.KEEP_LINKED_RESOURCES,
      ),
    assets: z.array(fileSchema).min(1),
  }),
});

export function registerSessionRoutes(app: FastifyInstance, parts: SandboxParts): void {
  const { sessions, switches, urls, now } = parts;
  const { organizationId } = parts.organization;

  app.post(SESSIONS_PATH, { config: { route: 'sessions.create' } }, async (request) => {
    const dataset = datasetOf(request, parts);
    checkSource(request.params);
    const { spec } = createBody.parse(request.body);
    if (spec.assets.length > parts.limits.assetsPerSession) {
      throw new ApiError(
        400,
        `A session takes at most ${parts.limits.assetsPerSession} assets, not ${spec.assets.length}.`,
      );
    }
    spendSessionBudget(sessions, switches, now());
    const files = spec.assets.map(
      (file): NewSessionFile => ({
        kind: file.kind,
        filename: file.filename,
        mime: file.mime ?? mimeOfName(file.filename),
        size: file.size,
        crc32c: file.crc32c ?? null,
        customMetadata: file.customMetadata ?? undefined,
      }),
    );
    const session = sessions.create({
      dataset: dataset.id,
      failureMode: spec.failureMode,
      retentionMode: spec.onAssetOverwritten,
      deadline: Math.floor(now() + switches.urlLifetimeMs),
      files,
    });
    parts.ingestion.wake(session.id);
    const uploads = files.map((file, position) =>
      urls.sign(
        { action: 'upload', target: `${session.sessionId}/${position}`, contentType: file.mime },
        file.filename,
        switches.urlLifetimeMs,
      ),
    );
    return sessionJson({ organizationId, datasetId: dataset.datasetId }, session, [], { files, uploads });
  });

  app.get(`${SESSIONS_PATH}/:session`, { config: { route: 'sessions.get' } }, async (request) => {
    const dataset = datasetOf(request, parts);
    checkSource(request.params);
    const { session: sessionId } = sessionParams.parse(request.params);
    const session = sessions.find(sessionId);
    if (session?.dataset !== dataset.id) {
      throw new ApiError(404, `There is no ingestion session ${sessionId}.`);
    }
    const trouble = session.state === 'open' ? parts.ingestion.takeTrouble(session.id) : undefined;
    // Whoever asks may have set the clock forward meanwhile.
    if (session.state === 'open') parts.ingestion.wake(session.id);
    if (isDiskFull(trouble)) throw trouble;
    return sessionJson(
      { organizationId, datasetId: dataset.datasetId },
      session,
      sessions.errors(session.id),
    );
  });
}

function checkSource(params: unknown): void {
  const given = sourceParams.parse(params);
  if (
    given.class !== ASSET_SOURCE.class ||
    given.provider !== ASSET_SOURCE.provider ||
    given.source !== ASSET_SOURCE.id
  ) {
    throw new ApiError(404, `There is no asset source ${given.class}/${given.provider}/${given.source}.`);
  }
}
