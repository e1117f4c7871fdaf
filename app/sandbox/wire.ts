import { hash as hashOf } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import type { AssetRow } from './asset-store.ts';
import type { DatasetRow } from './dataset-store.ts';
import type { ActiveFault } from './faults.ts';
import { entityTag } from './identifiers.ts';
import { ASSET_STATUS, ASSET_UPLOAD_STATUS } from './query-match.ts';
import type { SignedContents } from './signed-urls.ts';
import type { SandboxSwitches } from './switches.ts';

/** The organization of a sandbox: its only one, with one user. */
export interface Organization {
  readonly organizationId: string;
  readonly createdAt: number;
}

const USER_ID = 'user-sandbox';

/** Where ingestion comes from when the client doesn't say otherwise. */
export const ASSET_SOURCE = { class: 'managed', provider: 'datature', id: 'transient' } as const;

/** A dataset's ID as the wire has it: the organization, an underscore, and the one that users see. */
export function wireDatasetId(organizationId: string, datasetId: string): string {
  return `${organizationId}_${datasetId}`;
}

export function datasetLink(organizationId: string, datasetId: string): string {
  return `/workspaces/${organizationId}/datasets/${wireDatasetId(organizationId, datasetId)}`;
}

/** JSON of an `Organization`. */
export function organizationJson(
  { organizationId, createdAt }: Organization,
  datasetIds: readonly string[],
  now: number,
) {
  const datasets = datasetIds.map((datasetId) => wireDatasetId(organizationId, datasetId));
  return {
    kind: 'Workspace',
    name: 'Vi Sync sandbox',
    workspaceId: organizationId,
    lastAccess: now,
    datasets,
    billing: { payer: USER_ID, email: '', subscriberId: '', ledger: [], tier: 'sandbox' },
    users: {
      [USER_ID]: {
        workspaceRole: 'owner',
        datasets: Object.fromEntries(datasets.map((datasetId) => [datasetId, 'owner'])),
      },
    },
    metadata: { createDate: createdAt, isPublic: false, accountManager: '', salesEngineer: '' },
    features: {},
    lockStatus: { isLocked: false },
    selfLink: `/workspaces/${organizationId}`,
    etag: entityTag(organizationId, createdAt, ...datasets),
  };
}

/** JSON of a `Dataset`. `hidden`: assets that listings do not show yet, and that the total leaves out. */
export function datasetJson(
  organizationId: string,
  row: DatasetRow,
  tags: Readonly<Record<string, number>>,
  hidden: number,
  now: number,
) {
  const assetTotal = row.assetTotal - hidden;
  return {
    kind: 'Dataset',
    datasetId: wireDatasetId(organizationId, row.datasetId),
    workspaceId: organizationId,
    name: row.name,
    owner: USER_ID,
    type: row.type,
    content: 'Image',
    createDate: row.createdAt,
    statistic: {
      assetTotal,
      annotationTotal: row.annotationTotal,
      tagsCount: tags,
      assetAnnotated: row.assetAnnotated,
    },
    users: { [USER_ID]: 'owner' },
    tags,
    cohorts: [],
    status: 0,
    lastAccessed: now,
    isLocked: false,
    access: { isPublic: false, isReadOnly: false, isHidden: false },
    preference: {},
    assetStatuses: { [ASSET_STATUS]: { description: 'Ready to annotate', color: '#3cb371' } },
    selfLink: datasetLink(organizationId, row.datasetId),
    etag: entityTag(row.datasetId, row.changedAt, assetTotal, row.annotationTotal),
    localization: 'Datature/Multi',
    dataLocalization: 'Datature/Multi',
    description: '',
  };
}

/** Digests of an asset's content: hex, but for `crc32c`, which is a signed number. */
export interface AssetDigests {
  readonly sha256: string;
  readonly crc32c: number;
  readonly md5: string | null;
  readonly sha1: string | null;
}

export interface AssetJsonOptions {
  readonly organizationId: string;
  readonly datasetId: string;
  readonly digests: AssetDigests;
  readonly switches: SandboxSwitches;
  /** Signed URLs, for those who ask for them. */
  readonly contents?: { readonly asset: SignedContents; readonly thumbnail: SignedContents } | undefined;
  readonly lies: readonly ActiveFault[];
}

/** JSON of an `Asset`. */
export function assetJson(row: AssetRow, options: AssetJsonOptions) {
  const { organizationId, datasetId, lies } = options;
  const selfLink = `${datasetLink(organizationId, datasetId)}/assets/${row.assetId}`;
  let fileSize = row.size;
  let hash = hashJson(options.digests, options.switches);
  for (const lie of lies) {
    if (lie.kind === 'wrong-size') fileSize = Math.max(0, fileSize + lie.by);
    if (lie.kind === 'wrong-hash') hash = hashJson(OTHER_DIGESTS, options.switches);
  }
  return {
    kind: row.kind,
    assetId: row.assetId,
    datasetId: wireDatasetId(organizationId, datasetId),
    workspaceId: organizationId,
    filename: row.filename,
    owner: USER_ID,
    selfLink,
    etag: entityTag(row.assetId, row.generation, row.blobId),
    metadata: {
      generations: {
        asset: `${selfLink}/generations/asset-${row.contentsLastUpdated}`,
        thumbnail: `${selfLink}/generations/thumbnail-${row.contentsLastUpdated}`,
      },
      insertedBy: USER_ID,
      annotations: { withTag: row.tags, total: row.annotationTotal },
      frames: row.frames,
      cohorts: [],
      fileSize,
      height: row.height,
      width: row.width,
      mimeType: row.mime,
      source: `${ASSET_SOURCE.class}/${ASSET_SOURCE.provider}/${ASSET_SOURCE.id}`,
      status: ASSET_STATUS,
      uploadStatus: ASSET_UPLOAD_STATUS,
      visibility: 'visible',
      userDefined: {},
      customMetadata: row.customMetadata,
      dimensions: { height: row.height, width: row.width },
      pixelRatio: { height: 1, width: 1 },
      comments: 0,
      customMetadataCount: Object.keys(row.customMetadata).length,
      hash,
      contentsFrom: 'upload',
      framesChange: {},
      timeCreated: row.timeCreated,
      lastUpdated: row.lastUpdated,
      contentsLastUpdated: row.contentsLastUpdated,
    },
    ...(options.contents === undefined ? {} : { contents: options.contents }),
  };
}

/** What an asset's hash is said to be when it is to be wrong: that of another content. */
const OTHER_CONTENT = 'other content';
const OTHER_DIGESTS: AssetDigests = {
  sha256: hashOf('sha256', OTHER_CONTENT),
  crc32c: crc32c(OTHER_CONTENT) | 0,
  md5: hashOf('md5', OTHER_CONTENT),
  sha1: hashOf('sha1', OTHER_CONTENT),
};

function hashJson(digests: AssetDigests, { hashAlgorithm, hashEncoding }: SandboxSwitches) {
  if (hashAlgorithm === 'none') return { algorithm: 'none', contents: '' };
  const bytes =
    hashAlgorithm === 'crc32c'
      ? int32Bytes(digests.crc32c)
      : Buffer.from(digests[hashAlgorithm] ?? '', 'hex');
  return { algorithm: hashAlgorithm, contents: bytes.toString(hashEncoding) };
}

/** Big-endian, as a CRC's digest is written. */
function int32Bytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
