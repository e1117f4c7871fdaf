import type { AssetRow } from '../../../app/contract.ts';

/** What tells one content of an asset from another. */
export const assetVersion = ({ contentsChangedAt, hash }: AssetRow): string =>
  String(contentsChangedAt ?? hash?.contents ?? '0');
