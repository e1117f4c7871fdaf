import type { SyncedBase } from '../manifest/observations.ts';

/** No ID of the service has a colon. */
const prefix = 'unseen:';

/** Stands for the ID of an asset that the service has taken and no listing has ever shown. */
export function unseenAssetId(session: number, filename: string): string {
  return `${prefix}${session}:${filename}`;
}

/** Whether no listing has ever shown the asset of this base: that it is gone is not to be believed without a person. */
export function isUnseen(base: SyncedBase | null): boolean {
  return base?.assetId.startsWith(prefix) === true;
}
