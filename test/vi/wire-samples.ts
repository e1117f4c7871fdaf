/** JSON as the service sends it, written by hand after VI-API.md: every field of each resource. */

export const assetJson = {
  assetId: 'asset_1',
  datasetId: 'org_1_ds-1',
  workspaceId: 'org_1',
  filename: 'front 1.png',
  kind: 'Image',
  owner: 'user_1',
  selfLink: '/workspaces/org_1/datasets/org_1_ds-1/assets/asset_1',
  etag: 'W/"7"',
  metadata: {
    generations: { asset: 'gen/a', thumbnail: 'gen/t' },
    insertedBy: 'user_2',
    annotations: { withTag: { car: 3, tree: 1 }, total: 4 },
    frames: 1,
    cohorts: ['cohort_1'],
    fileSize: 1234,
    height: 480,
    width: 640,
    mimeType: 'image/png',
    source: 'managed/datature/transient',
    status: 'Ready',
    uploadStatus: 'Uploaded',
    visibility: 'Visible',
    userDefined: { any: { thing: 1 } },
    customMetadata: { camera: 'front', run: 7, ratio: 0.5, night: false },
    dimensions: { height: 480, width: 640, depth: 2 },
    pixelRatio: { height: 1, width: 1.5, depth: 3 },
    comments: 2,
    customMetadataCount: 4,
    hash: { algorithm: 'sha256', contents: 'a'.repeat(64) },
    contentsFrom: 'Upload',
    framesChange: { at: 5 },
    timeCreated: 1_700_000_000_001,
    lastUpdated: 1_700_000_000_002,
    contentsLastUpdated: 1_700_000_000_003,
  },
};

export const contentsJson = {
  asset: {
    url: 'https://storage.example/a?signature=s',
    expiry: 1_900_000_000_000,
    headers: { 'x-goog-x': '1' },
    method: 'GET',
  },
  thumbnail: { url: 'https://storage.example/t?signature=s', expiry: 1_900_000_000_001 },
};

export const sessionJson = {
  workspaceId: 'org_1',
  datasetId: 'org_1_ds-1',
  assetSourceClass: 'managed',
  assetSourceProvider: 'datature',
  assetSourceId: 'transient',
  assetIngestionSessionId: 'session_1',
  selfLink: '/sessions/session_1',
  etag: '3',
  metadata: { timeCreated: 1, lastUpdated: 2, generation: 3, attributes: { a: 'b' } },
  spec: {
    kind: 'Upload',
    failureMode: 'FailAfterOne',
    onAssetOverwritten: 'KeepLinkedResources',
    assets: [
      {
        kind: 'Image',
        filename: 'a.png',
        mime: 'image/png',
        size: 3,
        crc32c: -7,
        customMetadata: { camera: 'front' },
      },
    ],
  },
  status: {
    conditions: [
      { condition: 'Started', status: 'Reached', lastTransitionTime: 10 },
      {
        condition: 'Finished',
        status: 'Waiting',
        lastTransitionTime: 11,
        reason: 'Busy',
        message: 'Working on it',
      },
    ],
    events: [
      { kind: 'Error', files: { 'b.png': 'ECORRUPT' }, corrections: { 'b.png': { size: 4 } }, time: 12 },
      { kind: 'Progress', tasks: { thumbnails: { done: 1, all: 2 } }, time: 13 },
    ],
    progressCount: { total: 3, succeeded: 1, errored: 1 },
    assets: [
      {
        metadata: { kind: 'Image', filename: 'a.png', mime: 'image/png', size: 3, crc32c: -7 },
        upload: {
          url: 'https://storage.example/put',
          expiry: 14,
          headers: { 'content-type': 'image/png' },
          method: 'PUT',
        },
      },
    ],
  },
};

export const datasetJson = {
  datasetId: 'org_1_ds-1',
  workspaceId: 'org_1',
  name: 'Streets',
  owner: 'user_1',
  type: 'phrase-grounding',
  content: 'Image',
  createDate: 1,
  statistic: { assetTotal: 5, annotationTotal: 9, tagsCount: { car: 2 }, assetAnnotated: 3 },
  users: { user_1: 'owner' },
  tags: { car: 1 },
  cohorts: [],
  status: 'Ready',
  lastAccessed: 2,
  isLocked: false,
  access: { isPublic: false, isReadOnly: false, isHidden: true },
  preference: { a: 1 },
  assetStatuses: { b: 2 },
  selfLink: '/datasets',
  etag: '1',
  localization: 'Datature/Multi',
  dataLocalization: 'Datature/Multi',
  description: 'Pictures of streets',
};

export const organizationJson = {
  name: 'Acme',
  kind: 'Team',
  workspaceId: 'org_1',
  lastAccess: 3,
  datasets: ['org_1_ds-1'],
  billing: { payer: 'p', email: 'e@example.com', subscriberId: 's', ledger: [1], tier: 't' },
  users: { user_1: { workspaceRole: 'admin', datasets: { 'ds-1': 'owner' } } },
  metadata: { createDate: 4, isPublic: false, accountManager: 'm', salesEngineer: 'n' },
  features: { f: true },
  lockStatus: { isLocked: false },
  selfLink: '/workspaces/org_1',
  etag: '2',
};
