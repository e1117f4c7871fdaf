import { createHash } from 'node:crypto';
import { baseNameOf, folderOf } from '../manifest/path-key.ts';
import { restoredPath } from '../plan/names.ts';
import { type NameRules, nameKey, safeFilename } from '../vi/index.ts';
import type { ListedAsset } from './listing.ts';
import { isReserved } from './place-rules.ts';

/**
 * Why a file is not called what its asset is called, or not where the asset says that it belongs: the disk can't hold the `name`; the
 * `path` that was left with the asset can't be believed, or not be made here; the place is `taken` by another asset.
 */
export type MappingReason = 'name' | 'path' | 'taken';

/** An asset with its place in the pulled folder. */
export interface PlacedAsset extends ListedAsset {
  readonly path: string;
  /** Null: it is where and what the asset says. */
  readonly mapped: MappingReason | null;
}

/** Longer asset IDs make unwieldy names: a digest stands for them. Characters. */
const longestMark = 40;
/** What follows the last dot of a name counts as its extension up to this length. Characters. */
const longestExtension = 20;

/**
 * Gives every asset a path of its own. The same assets get the same paths on disks of the same rules, in whatever order they come: of
 * two that want one place, the older one has it.
 */
export function placeAssets(assets: readonly ListedAsset[], rules: NameRules): PlacedAsset[] {
  const places = new Places(rules);
  return assets.toSorted(byAge).map((asset) => {
    const { path, mapped } = wantedPlace(asset, rules);
    if (places.take(path)) return { ...asset, path, mapped };
    for (const other of otherPlaces(asset, path, rules)) {
      if (places.take(other)) return { ...asset, path: other, mapped: 'taken' };
    }
    throw new TypeError(`There is no place for the asset ${JSON.stringify(asset.assetId)}.`);
  });
}

/** The path that an asset has when no other asset is in its way. */
export function wantedPlace(
  { assetId, filename, claimedPath }: Pick<ListedAsset, 'assetId' | 'filename' | 'claimedPath'>,
  rules: NameRules,
): { readonly path: string; readonly mapped: MappingReason | null } {
  const claimed = restoredPath(claimedPath, rules);
  if (claimed !== null && !isReserved(claimed)) return { path: claimed, mapped: null };
  const safe = safeFilename(filename, rules);
  if (!safe.ok) return { path: safeMarkedName(filename, markOf(assetId), rules), mapped: 'name' };
  if (safe.escaped) return { path: safe.name, mapped: 'name' };
  return { path: safe.name, mapped: claimedPath === null ? null : 'path' };
}

/** Beside the place that is taken, then in the folder itself; the last ones are always free. */
function* otherPlaces(
  { assetId, filename }: ListedAsset,
  taken: string,
  rules: NameRules,
): Generator<string, void, undefined> {
  const folder = folderOf(taken);
  const digest = digestOf(assetId);
  for (const mark of [markOf(assetId), digest]) {
    if (folder !== '') yield `${folder}/${safeMarkedName(baseNameOf(taken), mark, rules)}`;
    yield safeMarkedName(filename, mark, rules);
  }
  for (let number = 2; ; number++) yield safeMarkedName(filename, `${digest}-${number}`, rules);
}

function byAge(a: ListedAsset, b: ListedAsset): number {
  const age = (a.timeCreated ?? Number.MAX_VALUE) - (b.timeCreated ?? Number.MAX_VALUE);
  if (age !== 0) return age;
  return a.assetId < b.assetId ? -1 : 1;
}

/** The paths that are given away. A path that is a file can't be a folder of another one, and the other way round. */
class Places {
  readonly #rules: NameRules;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  constructor(rules: NameRules) {
    this.#rules = rules;
  }

  take(path: string): boolean {
    if (isReserved(path)) return false;
    const key = nameKey(path, this.#rules);
    if (this.#files.has(key) || this.#folders.has(key)) return false;
    const folders: string[] = [];
    for (let folder = folderOf(key); folder !== ''; folder = folderOf(folder)) {
      if (this.#files.has(folder)) return false;
      folders.push(folder);
    }
    this.#files.add(key);
    for (const folder of folders) this.#folders.add(folder);
    return true;
  }
}

/** `a.jpg` → `a~mark.jpg`: no longer than disks hold, and a name that they hold. */
function safeMarkedName(filename: string, mark: string, rules: NameRules): string {
  const dot = filename.lastIndexOf('.');
  const hasExtension = dot > 0 && filename.length - dot <= longestExtension;
  const extension = hasExtension ? filename.slice(dot) : '';
  const stem = [...(hasExtension ? filename.slice(0, dot) : filename).slice(0, 300)];
  const named = (count: number) =>
    safeFilename(`${stem.slice(0, count).join('')}~${mark}${extension}`, rules);
  // The longest beginning that fits: whether one does depends on how much of it must be escaped.
  let fits = 0;
  let tooMany = stem.length + 1;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (named(middle).ok) fits = middle;
    else tooMany = middle;
  }
  const safe = named(fits);
  if (!safe.ok) throw new TypeError(`“~${mark}${extension}” is no name of a file.`);
  return safe.name;
}

function markOf(assetId: string): string {
  return /^[\w-]+$/.test(assetId) && assetId.length <= longestMark ? assetId : digestOf(assetId);
}

function digestOf(assetId: string): string {
  return createHash('sha256').update(assetId).digest('hex').slice(0, 16);
}
