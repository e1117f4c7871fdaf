import type { CallResult, Place, Problem } from '../contract.ts';
import { eachLimited } from '../vi/each-limited.ts';
import { shortDatasetId } from '../vi/ids.ts';
import { type Asset, type ViClient, ViError } from '../vi/index.ts';
import { assetsNow, orNull } from './assets-now.ts';
import { askService, serviceProblem } from './service-problem.ts';
import { WorkspaceError } from './workspace-error.ts';
import { syncMirrorsOf, type WorkspaceParts } from './workspace-parts.ts';

export interface AssetDeletion extends Place {
  readonly datasetId: string;
  readonly assetIds: readonly string[];
  /** Of all of them together, as a person was shown. */
  readonly annotations: number;
}

/** Assets deleted at once. */
const atOnce = 4;

/**
 * Deletes assets for good, as a person has agreed to. All are looked at first, and each once more just before it goes: nothing is deleted
 * with annotations that nobody was shown.
 *
 * @throws WorkspaceError before anything is deleted; what happens to single assets is in the answer
 */
export async function deleteAssets(
  parts: WorkspaceParts,
  { datasetId, annotations, endpoint, organizationId, ...deletion }: AssetDeletion,
): Promise<CallResult<'deleteAssets'>> {
  const { connections, signal } = parts;
  const place = { endpoint, organizationId };
  const assetIds = [...new Set(deletion.assetIds)];
  const result = await askService(
    connections.use(place, signal, async (client) => {
      const seen = await assetsNow(client, datasetId, assetIds, signal);
      checkStake([...seen.values()], annotations);
      return deleteEach(client, { datasetId, assetIds, seen, signal });
    }),
  );
  if (result.deleted.length > 0) {
    // Their files are to follow while the person is still looking, and not with the next poll.
    await syncMirrorsOf(parts, { ...place, datasetId: shortDatasetId(datasetId, organizationId) });
  }
  return result;
}

/** @throws WorkspaceError when other annotations are at stake than were shown */
function checkStake(assets: readonly Asset[], shown: number): void {
  const unknown = assets.filter((asset) => asset.metadata.annotations === undefined);
  if (unknown.length > 0) throw new WorkspaceError(stakeUnknown(unknown));
  const now = assets.reduce((sum, asset) => sum + (asset.metadata.annotations?.total ?? 0), 0);
  if (now > shown) throw new WorkspaceError(moreAtStake(now, shown));
}

interface EachDeletion {
  readonly datasetId: string;
  readonly assetIds: readonly string[];
  readonly seen: ReadonlyMap<string, Asset>;
  readonly signal: AbortSignal;
}

async function deleteEach(
  client: ViClient,
  { datasetId, assetIds, seen, signal }: EachDeletion,
): Promise<CallResult<'deleteAssets'>> {
  const deleted: string[] = [];
  const failed: { assetId: string; reason: string }[] = [];
  await eachLimited(assetIds, atOnce, async (assetId) => {
    try {
      const now = await orNull(client.assets.get({ datasetId, assetId, signal }));
      const before = seen.get(assetId);
      if (now !== null && (before === undefined || !isAsShown(before, now))) {
        failed.push({
          assetId,
          reason: `“${now.filename}” or its annotations have changed meanwhile. It was left alone.`,
        });
        return;
      }
      if (now !== null) await orNull(client.assets.delete({ datasetId, assetId, signal }));
      deleted.push(assetId);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ViError)) throw error;
      const { detail, suggestion } = serviceProblem(error);
      failed.push({ assetId, reason: `${detail} ${suggestion}` });
    }
  });
  return { deleted, failed };
}

function isAsShown(before: Asset, now: Asset): boolean {
  const count = now.metadata.annotations?.total;
  return (
    count !== undefined &&
    count <= (before.metadata.annotations?.total ?? 0) &&
    now.metadata.contentsLastUpdated === before.metadata.contentsLastUpdated
  );
}

function stakeUnknown(assets: readonly Asset[]): Problem {
  return {
    code: 'annotations-unknown',
    facts: {
      case: assets.length === 1 ? 'one' : 'some',
      name: assets[0]?.filename ?? '',
      count: assets.length,
    },
    title: 'Nobody can say what would be lost',
    detail: `The service does not say how many annotations ${assets.length === 1 ? `“${assets[0]?.filename}” has` : `${assets.length} of these assets have`}. Nothing has been deleted.`,
    suggestion: 'Try again in a while, or delete them in Datature Vi itself.',
  };
}

/** A person agreed to lose `shown` annotations, and it would be `now`. */
export function moreAtStake(now: number, shown: number): Problem {
  return {
    code: 'changed-meanwhile',
    facts: { case: 'delete', now, shown },
    title: 'More annotations are at stake',
    detail: `These assets have ${now} annotations now, and had ${shown} when you were asked. Nothing has been deleted.`,
    suggestion: 'Look at them again, and decide anew.',
  };
}
