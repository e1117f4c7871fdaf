import { assetFrom } from '../engine/plausible-asset.ts';
import type { RemoteAsset } from '../manifest/observations.ts';
import { isSameVersion } from '../plan/content.ts';
import { eachLimited } from '../vi/each-limited.ts';
import { nameKey, SortCriterion, ViNotFoundError, ViOperationError } from '../vi/index.ts';
import { byPath, type LockedFile, type PullLock } from './lock.ts';
import { isPlaceOn } from './place-rules.ts';
import type { PlannedFile } from './planned-file.ts';
import type { PullContext } from './pull-context.ts';
import type { PullFolder } from './pull-folder.ts';

const pageSize = 1000;
/** Assets that are asked for at once. */
const atOnce = 8;

type FrozenContext = Pick<PullContext, 'client' | 'datasetId' | 'query' | 'signal' | 'tally'> & {
  readonly folder: Pick<PullFolder, 'names'>;
};

/**
 * Compares the assets of a lock with the dataset as it is now. What differs, and what this disk can't hold, is settled; the rest is what
 * the folder should have.
 *
 * @throws the client's errors; the signal's reason
 */
export async function planFrozen(context: FrozenContext, lock: PullLock): Promise<PlannedFile[]> {
  const { client, datasetId, query, signal } = context;
  const open = new Map(lock.files.map((file) => [file.assetId, file]));
  const same: LockedFile[] = [];
  const settle = (file: LockedFile, now: RemoteAsset | null) => {
    open.delete(file.assetId);
    if (!isDifferent(context, file, now)) same.push(file);
  };
  const pages = client.assets.list({
    datasetId,
    ...query,
    sortBy: { criterion: SortCriterion.ASSET_ID },
    pagination: { pageSize },
    signal,
  });
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const asset of page.items) {
      const file = open.get(asset.assetId);
      if (file !== undefined) settle(file, assetFrom(asset));
    }
    if (open.size === 0) break;
  }
  // An asset that the query does not give any more may still be there.
  await eachLimited([...open.values()], atOnce, async (file) => {
    signal?.throwIfAborted();
    settle(file, await findAsset(context, file.assetId));
  });
  const places = new FrozenPlaces(context);
  return same.sort(byPath).filter((file) => places.take(file));
}

function isDifferent(
  { tally }: Pick<FrozenContext, 'tally'>,
  file: LockedFile,
  now: RemoteAsset | null,
): boolean {
  if (now === null) tally.differs(file, 'gone');
  else if (!isSameVersion(now, file)) tally.differs(file, 'changed', otherName(file, now));
  else if (now.filename !== file.filename) tally.differs(file, 'renamed', now.filename);
  else return false;
  return true;
}

function otherName(file: LockedFile, now: RemoteAsset): string | null {
  return now.filename === file.filename ? null : now.filename;
}

async function findAsset(
  { client, datasetId, signal }: FrozenContext,
  assetId: string,
): Promise<RemoteAsset | null> {
  try {
    return assetFrom(await client.assets.get({ datasetId, assetId, signal }));
  } catch (error) {
    if (error instanceof ViNotFoundError) return null;
    throw error;
  }
}

/** A lock may have been made on a disk that tells more names apart than this one. */
class FrozenPlaces {
  readonly #context: FrozenContext;
  readonly #taken = new Map<string, string>();

  constructor(context: FrozenContext) {
    this.#context = context;
  }

  take(file: LockedFile): boolean {
    const { tally, folder } = this.#context;
    const name = JSON.stringify(file.path);
    if (!isPlaceOn(file.path, folder.names)) {
      const error = new ViOperationError(`${name} is no name that this disk can hold.`, {
        code: 'NameImpossible',
        suggestion: 'Pull to a disk like the one that the lock file was made on, or without --frozen.',
      });
      tally.failed(file, error);
      return false;
    }
    const key = nameKey(file.path, folder.names);
    const other = this.#taken.get(key);
    if (other !== undefined) {
      const error = new ViOperationError(`${name} and ${JSON.stringify(other)} are one file on this disk.`, {
        code: 'NameCollision',
        suggestion: 'Pull to a disk that tells such names apart, or without --frozen.',
      });
      tally.failed(file, error);
      return false;
    }
    this.#taken.set(key, file.path);
    return true;
  }
}
