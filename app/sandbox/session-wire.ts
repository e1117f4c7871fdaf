import { entityTag } from './identifiers.ts';
import { IngestionCode } from './ingestion-codes.ts';
import type { NewSessionFile, SessionFileRow, SessionRow } from './session-store.ts';
import type { SignedContents } from './signed-urls.ts';
import { ASSET_SOURCE, datasetLink, wireDatasetId } from './wire.ts';

interface SessionContext {
  readonly organizationId: string;
  readonly datasetId: string;
}

/** JSON of an `AssetIngestionSession`. Where to upload is told once, at its creation. */
export function sessionJson(
  { organizationId, datasetId }: SessionContext,
  session: SessionRow,
  errors: readonly SessionFileRow[],
  created?: { readonly files: readonly NewSessionFile[]; readonly uploads: readonly SignedContents[] },
) {
  const source = `assetSources/${ASSET_SOURCE.class}/${ASSET_SOURCE.provider}/${ASSET_SOURCE.id}`;
  const assets = created?.files.map(fileJson);
  return {
    kind: 'AssetIngestionSession',
    workspaceId: organizationId,
    datasetId: wireDatasetId(organizationId, datasetId),
    assetSourceClass: ASSET_SOURCE.class,
    assetSourceProvider: ASSET_SOURCE.provider,
    assetSourceId: ASSET_SOURCE.id,
    assetIngestionSessionId: session.sessionId,
    selfLink: `${datasetLink(organizationId, datasetId)}/${source}/assetIngestionSessions/${session.sessionId}`,
    etag: entityTag(session.sessionId, session.generation),
    metadata: {
      timeCreated: session.createdAt,
      lastUpdated: session.lastUpdated,
      generation: session.generation,
      attributes: {},
    },
    spec: {
      kind: 'Upload',
      failureMode: session.failureMode,
      onAssetOverwritten: session.retentionMode,
      ...(assets === undefined ? {} : { assets }),
    },
    status: {
      conditions: conditions(session, errors),
      events: events(session, errors),
      progressCount: {
        total: session.total,
        succeeded: session.succeeded,
        errored: session.errored,
      },
      ...(assets === undefined
        ? {}
        : {
            assets: assets.map((metadata, index) => ({ metadata, upload: created?.uploads[index] })),
          }),
    },
  };
}

function fileJson(file: NewSessionFile) {
  return {
    kind: file.kind,
    filename: file.filename,
    mime: file.mime,
    size: file.size,
    ...(file.crc32c === null ? {} : { crc32c: file.crc32c }),
    ...(file.customMetadata === undefined ? {} : { customMetadata: file.customMetadata }),
  };
}

/** The newest first, as the official client expects them. */
function conditions(session: SessionRow, errors: readonly SessionFileRow[]) {
  const started = { condition: 'Started', status: 'Reached', lastTransitionTime: session.createdAt };
  const ended = session.endedAt ?? session.createdAt;
  switch (session.state) {
    case 'open':
      return [{ condition: 'Finished', status: 'Waiting', lastTransitionTime: ended }, started];
    case 'finished':
      return [{ condition: 'Finished', status: 'Reached', lastTransitionTime: ended }, started];
    case 'failed': {
      const [first] = errors;
      const message = `${session.errored} of ${session.total} files failed${
        first === undefined ? '' : `, first ${first.filename} (${first.code})`
      }.`;
      return [
        {
          condition: 'Finished',
          status: 'FailedReach',
          lastTransitionTime: ended,
          reason: 'FilesErrored',
          message,
        },
        started,
      ];
    }
  }
}

/** One error for each file that failed, when it did; and how far the session is, once anything is. */
function events(session: SessionRow, errors: readonly SessionFileRow[]) {
  const failures = errors.map((file) => ({
    kind: 'Error',
    files: Object.fromEntries([[file.filename, file.code ?? IngestionCode.EUNKNOWN]]),
    corrections: {},
    time: file.settledAt ?? session.lastUpdated,
  }));
  if (session.succeeded + session.errored === 0) return failures;
  const { succeeded, errored, total } = session;
  return [...failures, { kind: 'Progress', tasks: { ingestion: { total, succeeded, errored } } }];
}
