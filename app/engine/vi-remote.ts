import { isId } from '../vi/ids.ts';
import {
  type Asset,
  type AssetIngestionSession,
  AssetKind,
  downloadContents,
  FailureMode,
  putContents,
  ResourceRetentionMode,
  SortCriterion,
  SortOrder,
  sessionState,
  type ViClient,
  ViNotFoundError,
  ViResponseError,
} from '../vi/index.ts';
import type { Remote, SessionReport } from './environment.ts';
import { assetFrom, plausibleCounts, plausibleText, plausibleTime, wholeNumber } from './plausible-asset.ts';

/** What a service asks to wait for, and a person should know of, is waited for by the engine and not within a call. */
export const impatient = { rateLimitTries: 3, mostRetryAfterMs: 10_000 } as const;

/** A dataset at the service that a client speaks to. */
export function viRemote(client: ViClient, datasetId: string): Remote {
  return {
    organizationId: client.organizationId,
    endpoint: client.endpoint,
    datasetId,
    async dataset(signal) {
      const { name, statistic } = await client.datasets.get({ datasetId, signal });
      return {
        name: plausibleText(name),
        assetTotal: wholeNumber(statistic.assetTotal),
        serviceNow: client.serviceNow ?? null,
      };
    },
    async list(order, { size, token }, signal) {
      const page = await client.assets.list({
        datasetId,
        withoutId: 'give',
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
      checkSame(asset, assetId);
      return { ...assetFrom(asset), annotationsByTag: plausibleCounts(asset.metadata.annotations?.withTag) };
    },
    async locate(assetId, signal) {
      const asset = await orNull(client.assets.get({ datasetId, assetId, contents: true, signal }));
      if (asset === null) return null;
      checkSame(asset, assetId);
      return { asset: assetFrom(asset), contents: asset.contents?.asset ?? null };
    },
    async locatePage({ size, token }, signal) {
      const page = await client.assets.list({
        datasetId,
        contents: true,
        pagination: { pageSize: size, ...(token === null ? {} : { pageToken: token }) },
        sortBy: { criterion: SortCriterion.ASSET_ID },
        signal,
      });
      const assets = page.items.map((asset) => ({
        asset: assetFrom(asset),
        contents: asset.contents?.asset ?? null,
      }));
      return { assets, nextPageToken: page.nextPage };
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
      const { assetIngestionSessionId: sessionId } = session;
      if (!isId(sessionId)) {
        throw new ViResponseError('The service gave an ingestion session an ID that is none.');
      }
      const targets = session.status.assets ?? [];
      return {
        sessionId,
        created: plausibleTime(session.metadata.timeCreated),
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
        progress: progressOf(progressCount),
        finished: ended?.status === 'Waiting' ? null : plausibleTime(ended?.lastTransitionTime),
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
      await putContents(target, file, {
        ...options,
        transport: client.signedUrls,
        retry: { tries: 1, rateLimitTries: 1 },
      });
    },
    async fetch(source, path, { size, hash }, options) {
      return downloadContents(source, path, {
        ...options,
        transport: client.signedUrls,
        retry: impatient,
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

/** What is deleted or overwritten is decided by this answer: one about another asset, from a cache that mixes them up, is none. */
function checkSame(asset: Asset, assetId: string): void {
  if (asset.assetId !== assetId) {
    throw new ViResponseError(`The service was asked for asset ${assetId} and told of another one.`);
  }
}

/** Null when the numbers make no sense. */
function progressOf(count: AssetIngestionSession['status']['progressCount']): SessionReport['progress'] {
  const total = wholeNumber(count.total);
  const succeeded = wholeNumber(count.succeeded);
  const errored = wholeNumber(count.errored);
  if (total === null || succeeded === null || errored === null) return null;
  return { total, done: succeeded + errored };
}
