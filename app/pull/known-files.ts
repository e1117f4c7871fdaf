import type { ContentHash, RemoteVersion } from '../manifest/observations.ts';
import { isSameVersion } from '../plan/content.ts';
import { type NameRules, nameKey } from '../vi/index.ts';
import type { LockedFile } from './lock.ts';

/** What earlier pulls have fetched: the lock file's files, and those of a pull that did not come to its end. */
export class KnownFiles {
  readonly #rules: NameRules;
  readonly #byAsset: readonly ReadonlyMap<string, LockedFile>[];
  readonly #byPath: readonly ReadonlyMap<string, LockedFile>[];

  constructor(locked: readonly LockedFile[], journal: ReadonlyMap<string, LockedFile>, rules: NameRules) {
    this.#rules = rules;
    const lists = [locked, [...journal.values()]];
    this.#byAsset = lists.map((files) => new Map(files.map((file) => [file.assetId, file])));
    this.#byPath = lists.map((files) => new Map(files.map((file) => [nameKey(file.path, rules), file])));
  }

  /** SHA-256 of an asset's content: what was read of this very version, else what the service says; null when neither is known. */
  sha256Of(asset: RemoteVersion & { readonly assetId: string }): string | null {
    for (const files of this.#byAsset) {
      const file = files.get(asset.assetId);
      if (file !== undefined && isSameVersion(file, asset)) return file.sha256;
    }
    return sha256In(asset.hash);
  }

  /** SHA-256 of what has been put at a path. */
  pulledAt(path: string): string[] {
    const key = nameKey(path, this.#rules);
    return this.#byPath.flatMap((files) => files.get(key)?.sha256 ?? []);
  }
}

function sha256In(hash: ContentHash | null): string | null {
  return hash?.algorithm === 'sha256' && /^[0-9a-f]{64}$/.test(hash.contents) ? hash.contents : null;
}
