import type { Hold, MirrorStatus } from '../../../app/contract.ts';
import { assetPicture, localPicture, type PictureSize } from '../../engine/pictures.ts';

/** The picture of the file of a hold; null: it is gone. */
export function herePicture({ mirrorId }: MirrorStatus, hold: Hold, size: PictureSize): string | null {
  return hold.local === null ? null : localPicture(mirrorId, hold.path, size, hold.fingerprint);
}

/** The picture of the asset of a hold; null: it is gone. */
export function therePicture(mirror: MirrorStatus, hold: Hold, size: PictureSize): string | null {
  return hold.remote === null ? null : assetPicture(mirror, hold.remote.assetId, size, hold.fingerprint);
}

/** One picture for a hold: what is on the disk costs nothing to show. */
export function pictureOfHold(mirror: MirrorStatus, hold: Hold, size: PictureSize): string | null {
  return herePicture(mirror, hold, size) ?? therePicture(mirror, hold, size);
}
