import type { Manifest } from '../manifest/manifest.ts';
import type { LocalFile, RemoteFile, SyncedBase } from '../manifest/observations.ts';
import { identityKey } from '../manifest/path-key.ts';
import { isAtItsPath } from '../manifest/plausible-row.ts';
import type { Policy } from './decision.ts';
import { numberedName, proposedName } from './names.ts';

/** Who has a claim to a name in the dataset, a place in the folder, or a content. */
export class Claims {
  readonly #manifest: Manifest;
  readonly #mirror: number;
  readonly #foldsCase: boolean;
  readonly #duplicates: Policy['duplicates'];
  /** Keys of the places that have been given out for this plan. */
  readonly #given = new Set<string>();

  constructor(manifest: Manifest, mirror: number, { duplicates }: Pick<Policy, 'duplicates'>) {
    this.#duplicates = duplicates;
    this.#manifest = manifest;
    this.#mirror = mirror;
    this.#foldsCase = manifest.mirrors.get(mirror).foldsCase;
  }

  /** Path or name of what has, or is about to have, the asset name that a new file wants. */
  nameOwner(local: LocalFile): string | null {
    return this.#boundTo(local.remoteName) ?? this.#firstUploaded(local.remoteName, local.key)?.path ?? null;
  }

  /** Whether the name of a base's asset, which is gone, belongs to an asset of another file by now. */
  isAnothers({ key, filename }: SyncedBase): boolean {
    const remote = this.#manifest.remote.byFilename(this.#mirror, filename);
    if (remote === null) return false;
    const bound = this.#manifest.synced.byAsset(this.#mirror, remote.assetId);
    return bound !== null && bound.key !== key;
  }

  /** The first of the new files that will have the asset of this name; none when that is the file with the key `self`. */
  #firstUploaded(name: string, self: string): { readonly path: string } | null {
    let after = '';
    for (;;) {
      const next = this.#manifest.differences.nextByName(this.#mirror, name, after);
      if (next === null || next.key === self) return null;
      // A duplicate that is left alone takes no name.
      if (this.original(next.sha256, next.key) === null) return next;
      after = next.key;
    }
  }

  /** A name for the asset of a file whose own name is taken: made of its folders, with a number where that is taken too. */
  freeAssetName(local: LocalFile): string {
    const { differences, sessions } = this.#manifest;
    const isFree = (name: string) =>
      this.#boundTo(name) === null &&
      differences.nextByName(this.#mirror, name, '') === null &&
      !sessions.isOpen(this.#mirror, '', name);
    return firstFree(proposedName(local.path), isFree);
  }

  /** Path or name of what has this content already, if a new file with it is to be left alone because of that. */
  original(sha256: string, key: string): string | null {
    if (this.#duplicates === 'upload') return null;
    const { sessions, differences } = this.#manifest;
    return sessions.pathOfContent(this.#mirror, sha256) ?? differences.sameContent(this.#mirror, sha256, key);
  }

  /** Where the file of a base comes back to: its path, also when another file has been moved there. */
  placeOf(base: SyncedBase): { readonly path: string; readonly key: string } {
    return isAtItsPath(base)
      ? { path: base.path, key: base.key }
      : { path: base.path, key: identityKey(base.path, this.#foldsCase) };
  }

  /** Whether the place of an asset is another file's, or that of an asset that comes first. */
  isPlaceTaken(remote: RemoteFile, key: string): boolean {
    if (this.#isFileAt(remote, key)) return true;
    const first = this.#manifest.differences.firstForPlace(this.#mirror, key);
    return first !== null && first !== remote.assetId;
  }

  /** Gives a place to an asset: no other one is given it in this plan. */
  givePlace(key: string): void {
    this.#given.add(key);
  }

  /** A place for an asset whose own is taken: its name with a number. */
  freePlace(remote: RemoteFile, path: string): { readonly path: string; readonly key: string } {
    const keyOf = (each: string) => identityKey(each, this.#foldsCase);
    const isFree = (each: string) =>
      !this.#given.has(keyOf(each)) &&
      !this.#isFileAt(remote, keyOf(each)) &&
      this.#manifest.differences.firstForPlace(this.#mirror, keyOf(each)) === null;
    const free = firstFree(numberedName(path, 2), isFree);
    return { path: free, key: keyOf(free) };
  }

  #isFileAt(remote: RemoteFile, key: string): boolean {
    if (this.#manifest.local.known(this.#mirror, key) !== null) return true;
    const owner = this.#manifest.synced.get(this.#mirror, key);
    return owner !== null && owner.assetId !== remote.assetId;
  }

  #boundTo(name: string): string | null {
    const bound = this.#manifest.synced.byFilename(this.#mirror, name);
    if (bound !== null) return bound.path;
    return this.#manifest.remote.byFilename(this.#mirror, name)?.filename ?? null;
  }
}

function firstFree(wanted: string, isFree: (name: string) => boolean): string {
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const name = numberedName(wanted, number);
    if (isFree(name)) return name;
  }
}
