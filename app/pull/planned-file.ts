import type { RemoteVersion } from '../manifest/observations.ts';
import type { LockedFile } from './lock.ts';
import type { PlacedAsset } from './placement.ts';

/** A file as it should be in the folder: one version of an asset at one path. */
export interface PlannedFile extends RemoteVersion {
  readonly path: string;
  readonly assetId: string;
  readonly filename: string;
  readonly etag: string;
  /** Of this version's content; null when nobody has read it yet and the service does not say. */
  readonly sha256: string | null;
}

/** What the lock file will say of it. */
export function lockedFile(planned: PlannedFile, content: { size: number; sha256: string }): LockedFile {
  const { path, assetId, filename, hash, contentsLastUpdated, etag } = planned;
  return {
    path,
    assetId,
    filename,
    size: content.size,
    sha256: content.sha256,
    hash,
    contentsLastUpdated,
    etag,
  };
}

/** @param sha256 - see {@link PlannedFile.sha256} */
export function planFile(asset: PlacedAsset, sha256: string | null): PlannedFile {
  const { path, assetId, filename, size, hash, contentsLastUpdated, etag } = asset;
  return { path, assetId, filename, size, hash, contentsLastUpdated, etag, sha256 };
}
