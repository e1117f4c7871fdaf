import type { AssetFields } from './asset.ts';

function line(label: string, value: string | number | undefined): string {
  return `  ${`${label}:`.padEnd(16)}${value === undefined || value === '' ? 'unknown' : value}`;
}

function time(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** The text of `Asset.info()`. */
export function assetInfo(asset: AssetFields): string {
  const { metadata } = asset;
  const size =
    metadata.width === undefined || metadata.height === undefined
      ? undefined
      : `${metadata.width} x ${metadata.height} px`;
  const lines = [
    `Asset ${asset.filename}`,
    line('Asset ID', asset.assetId),
    line('Dataset', asset.datasetId),
    line('Organization', asset.organizationId),
    line('Kind', asset.kind),
    line('MIME type', metadata.mimeType),
    line('Dimensions', size),
    line('Frames', metadata.frames),
    line('File size', metadata.fileSize === undefined ? undefined : `${metadata.fileSize} bytes`),
    line(
      'Hash',
      metadata.hash === undefined ? undefined : `${metadata.hash.algorithm} ${metadata.hash.contents}`,
    ),
    line('Annotations', metadata.annotations?.total),
    line('Status', metadata.status),
    line('Upload status', metadata.uploadStatus),
    line('Visibility', metadata.visibility),
    line('Owner', asset.owner),
    line('Created', time(metadata.timeCreated)),
    line('Last updated', time(metadata.lastUpdated)),
  ];
  for (const [tag, count] of Object.entries(metadata.annotations?.withTag ?? {})) {
    lines.push(line(`  tag ${tag}`, count));
  }
  for (const [key, value] of Object.entries(metadata.customMetadata ?? {})) {
    lines.push(line(`  ${key}`, String(value)));
  }
  return lines.join('\n');
}
