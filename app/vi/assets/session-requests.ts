import type { z } from 'zod';
import { ViInvalidParameterError } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import { checkId } from '../ids.ts';
import { datasetPath, type Service } from '../service.ts';
import {
  ingestionSessionSchema,
  sessionToSendSchema,
  splitSession,
  UploadTargets,
} from '../wire/ingestion-session.ts';
import type {
  AssetSource,
  CreateIngestionSessionOptions,
  GetIngestionSessionOptions,
} from './assets-options.ts';
import type { AssetIngestionSession } from './ingestion-session.ts';

/** Source: VI-API, "Ingestion session". */
export const mostAssetsASession = 5000;

const defaultSource: AssetSource = {
  assetSourceClass: 'managed',
  assetSourceProvider: 'datature',
  assetSourceId: 'transient',
};

function sessionsPath(service: Service, datasetId: string, source: AssetSource = defaultSource): string[] {
  return [
    ...datasetPath(service, datasetId),
    'assetSources',
    checkId(source.assetSourceClass, 'assetSourceClass'),
    checkId(source.assetSourceProvider, 'assetSourceProvider'),
    checkId(source.assetSourceId, 'assetSourceId'),
    'assetIngestionSessions',
  ];
}

/**
 * `client.assets.createIngestionSession`. A request whose answer was lost is repeated: the session that may exist twice
 * costs one of the budget and nothing else, since nothing changes at the service before bytes are sent.
 */
export async function createIngestionSession(
  service: Service,
  options: CreateIngestionSessionOptions,
): Promise<AssetIngestionSession> {
  return await service.api.request(creation(service, options, ingestionSessionSchema));
}

/** A new session and where the bytes of its files go to. */
export interface IngestionSessionToSend {
  /** Without its lists of files. */
  readonly session: AssetIngestionSession;
  readonly targets: UploadTargets;
}

/** The same, of the little that sending the files needs: an answer of 5,000 files is several megabytes. */
export async function createSessionToSend(
  service: Service,
  options: CreateIngestionSessionOptions,
): Promise<IngestionSessionToSend> {
  const { session, assets } = await service.api.request({
    ...creation(service, options, sessionToSendSchema),
    reshape: splitSession,
  });
  return { session, targets: new UploadTargets(assets) };
}

function creation<T>(
  service: Service,
  options: CreateIngestionSessionOptions,
  schema: z.ZodType<T>,
): ApiRequest<T> {
  const { assets, datasetId } = options;
  checkAssets(assets);
  return {
    method: 'POST',
    path: sessionsPath(service, datasetId, options.source),
    json: {
      spec: {
        kind: 'Upload',
        failureMode: options.failureMode,
        onAssetOverwritten: options.onAssetOverwritten,
        assets,
      },
    },
    schema,
    what: `create an ingestion session of ${assets.length} files in dataset ${datasetId}`,
    signal: options.signal,
  };
}

/** `client.assets.getIngestionSession`. */
export async function getIngestionSession(
  service: Service,
  options: GetIngestionSessionOptions,
): Promise<AssetIngestionSession> {
  const sessionId = checkId(options.assetIngestionSessionId, 'assetIngestionSessionId');
  return await service.api.request({
    method: 'GET',
    path: [...sessionsPath(service, options.datasetId, options.source), sessionId],
    schema: ingestionSessionSchema,
    what: `get ingestion session ${sessionId} of dataset ${options.datasetId}`,
    signal: options.signal,
  });
}

function checkAssets(assets: CreateIngestionSessionOptions['assets']): void {
  if (assets.length === 0 || assets.length > mostAssetsASession) {
    throw new ViInvalidParameterError(
      `A session takes 1 to ${mostAssetsASession} files, not ${assets.length}.`,
      { details: { parameter: 'assets' } },
    );
  }
  const names = new Set<string>();
  for (const { filename } of assets) {
    if (names.has(filename)) {
      throw new ViInvalidParameterError(`Two files of one session are called "${filename}".`, {
        code: 'DuplicateFilename',
        suggestion: 'Rename one of them: a dataset has one asset of each filename.',
        details: { filename },
      });
    }
    names.add(filename);
  }
}
