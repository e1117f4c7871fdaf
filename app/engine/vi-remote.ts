import type { ContentHash, RemoteAsset } from '../manifest/observations.ts';
import {
  type Asset,
  AssetKind,
  comparableHash,
  downloadContents,
  FailureMode,
  putContents,
  ResourceRetentionMode,
  SortCriterion,
  SortOrder,
  sessionState,
  type ViClient,
  ViNotFoundError,
} from '../vi/index.ts';
import type { Remote } from './environment.ts';

/** A dataset at the service that a client speaks to. */
export function viRemote(client: ViClient, datasetId: string): Remote {
  return {
    organizationId: client.organizationId,
    endpoint: client.endpoint,
    datasetId,
    async dataset(signal) {
      const { name, statistic } = await client.datasets.get({ datasetId, signal });
      return { name, assetTotal: statistic.assetTotal ?? null };
    },
    async list(order, { size, token }, signal) {
      const page = await client.assets.list({
        datasetId,
        pagination: { pageSize: size, ...(token === null ? {} : { pageToken: token }) },
        sortBy:
          order === 'newest-first'
            ? { criterion: SortCriterion.LAST_MODIFIED_CONTENTS, order: SortOrder.DESC }
            : { criterion: SortCriterion.ASSET_ID },
        signal,
      });
      return { assets: page.items.map(assetFrom), nextPageToken: page.nextPage };
    },
    async get(assetId, signal) {
      const asset = await orNull(client.assets.get({ datasetId, assetId, signal }));
      if (asset === null) return null;
      return { ...assetFrom(asset), annotationsByTag: asset.metadata.annotations?.withTag ?? {} };
    },
    async locate(assetId, signal) {
      const asset = await orNull(client.assets.get({ datasetId, assetId, contents: true, signal }));
      return asset === null ? null : { asset: assetFrom(asset), contents: asset.contents?.asset ?? null };
    },
    async openSession(files, annotations, signal) {
      const session = await client.assets.createIngestionSession({
        datasetId,
        assets: files.map((file) => ({ kind: AssetKind.IMAGE, ...file })),
        failureMode: FailureMode.FAIL_AFTER_ALL,
        onAssetOverwritten:
          annotations === 'RemoveLinkedResource'
            ? ResourceRetentionMode.REMOVE_LINKED_RESOURCE
            : ResourceRetentionMode.KEEP_LINKED_RESOURCES,
        signal,
      });
      const targets = session.status.assets ?? [];
      return {
        sessionId: session.assetIngestionSessionId,
        created: session.metadata.timeCreated ?? null,
        targets: new Map(targets.map(({ metadata, upload }) => [metadata.filename, upload])),
      };
    },
    async session(sessionId, signal) {
      const session = await orNull(
        client.assets.getIngestionSession({ datasetId, assetIngestionSessionId: sessionId, signal }),
      );
      if (session === null) return null;
      const { conditions, events, progressCount } = session.status;
      const ended = conditions.find(({ condition }) => condition === 'Finished');
      return {
        state: sessionState(session),
        progress: {
          total: progressCount.total,
          done: progressCount.succeeded + progressCount.errored,
        },
        finished: ended?.status === 'Waiting' ? null : (ended?.lastTransitionTime ?? null),
        errors: new Map(
          events.flatMap((event) => (event.kind === 'Error' ? Object.entries(event.files) : [])),
        ),
      };
    },
    async delete(assetId, signal) {
      await orNull(client.assets.delete({ datasetId, assetId, signal }));
    },
    async send(target, file, options) {
      // Tried once: before another try somebody must look whether the asset is still what it was.
      await putContents(target, file, { ...options, retry: { tries: 1, rateLimitTries: 1 } });
    },
    async fetch(source, path, { size, hash }, options) {
      return downloadContents(source, path, {
        ...options,
        ...(size === null ? {} : { expectedSize: size }),
        ...(hash === null ? {} : { expectedHash: hash }),
      });
    },
  };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ViNotFoundError) return null;
    throw error;
  }
}

/** An asset as the engine looks at it. */
export function assetFrom(asset: Asset): RemoteAsset {
  const { metadata } = asset;
  return {
    assetId: asset.assetId,
    filename: asset.filename,
    size: metadata.fileSize ?? null,
    hash: hashFrom(metadata.hash),
    etag: asset.etag,
    annotations: metadata.annotations?.total ?? null,
    contentsLastUpdated: metadata.contentsLastUpdated ?? null,
    mime: metadata.mimeType ?? null,
    width: metadata.width ?? null,
    height: metadata.height ?? null,
    customMetadata: metadata.customMetadata ?? {},
  };
}

/** A hash of a kind that we can compute, in one form; others as they are: they still tell two versions apart. */
function hashFrom(hash: Asset['metadata']['hash']): ContentHash | null {
  if (hash === undefined || hash.contents === '') return null;
  const comparable = comparableHash(hash);
  return comparable === undefined
    ? { algorithm: hash.algorithm.toLowerCase(), contents: hash.contents }
    : { algorithm: comparable.algorithm, contents: comparable.hex };
}
