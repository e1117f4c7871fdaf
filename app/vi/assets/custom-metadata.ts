/** Metadata of one's own on an asset: string keys, values string, number (integer or float) or boolean. */
export type AssetCustomMetadata = Readonly<Record<string, string | number | boolean>>;
