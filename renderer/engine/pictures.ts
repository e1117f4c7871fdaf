/** Longest side of a preview, in pixels: in a list, as a tile, beside another one, and looked at closely. */
export const pictureSizes = { small: 128, tile: 256, normal: 1024, large: 4096 } as const;
export type PictureSize = keyof typeof pictureSizes;

/** Where the app draws the picture of a file of a mirror. `version` changes with the file: another version has another address. */
export function localPicture(mirrorId: string, path: string, size: PictureSize, version: string): string {
  return addressOf('local', { mirror: mirrorId, path, size: String(pictureSizes[size]), v: version });
}

/** Where the app draws the picture of a file in the trash. */
export function trashPicture(id: number, size: PictureSize): string {
  return addressOf('trash', { id: String(id), size: String(pictureSizes[size]) });
}

/** Where the app draws the picture of an asset. */
export function assetPicture(
  place: { readonly endpoint: string; readonly organizationId: string; readonly datasetId: string },
  assetId: string,
  size: PictureSize,
  version: string,
): string {
  return addressOf('asset', {
    endpoint: place.endpoint,
    organization: place.organizationId,
    dataset: place.datasetId,
    asset: assetId,
    size: String(pictureSizes[size]),
    v: version,
  });
}

function addressOf(kind: 'local' | 'trash' | 'asset', query: Readonly<Record<string, string>>): string {
  return `./preview/${kind}?${new URLSearchParams(query)}`;
}
