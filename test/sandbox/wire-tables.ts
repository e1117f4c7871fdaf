import type { Shape } from './wire-shape.ts';

// Field tables of the service's JSON, written by hand from its description: which fields a strict client needs, and of
// which type. Nothing here comes from the code under test.

const textMap: Shape = { map: 'text' };
const counts: Shape = { map: 'count' };

export const errorShape: Shape = {
  either: [{ fields: { message: 'text' } }, { fields: { error: 'text' } }],
};

const userShape: Shape = { fields: { workspaceRole: 'text', datasets: textMap } };

export const organizationShape: Shape = {
  fields: {
    name: 'text',
    kind: 'text',
    workspaceId: 'id',
    lastAccess: 'ms',
    datasets: { list: 'id' },
    billing: {
      fields: {
        payer: 'text',
        email: 'text',
        subscriberId: 'text',
        ledger: { list: 'anything' },
        tier: 'text',
      },
    },
    users: { map: userShape },
    metadata: {
      fields: {},
      optional: { createDate: 'ms', isPublic: 'flag', accountManager: 'text', salesEngineer: 'text' },
    },
    features: { map: 'anything' },
    lockStatus: { fields: { isLocked: 'flag' }, optional: { lockDate: 'ms' } },
    selfLink: 'text',
    etag: 'text',
  },
};

export const datasetShape: Shape = {
  fields: {
    datasetId: 'id',
    workspaceId: 'id',
    name: 'text',
    owner: 'text',
    type: { among: ['phrase-grounding', 'vqa'] },
    content: { among: ['Image'] },
    createDate: 'ms',
    statistic: {
      fields: { assetTotal: 'count', annotationTotal: 'count', tagsCount: counts, assetAnnotated: 'count' },
    },
    users: { map: { either: [userShape, 'text'] } },
    tags: counts,
    cohorts: { list: 'anything' },
    status: 'integer',
    lastAccessed: 'ms',
    isLocked: 'flag',
    access: { fields: { isPublic: 'flag', isReadOnly: 'flag' }, optional: { isHidden: 'flag' } },
    preference: { map: { either: ['flag', 'text'] } },
    assetStatuses: {
      map: { fields: { description: 'text', color: 'text' }, optional: { createDate: 'ms' } },
    },
    selfLink: 'text',
    etag: 'text',
    localization: { among: ['Datature/Multi'] },
    dataLocalization: { among: ['Datature/Multi'] },
  },
  // A `kind`, where there is one, is checked by clients that tell messages apart by it.
  optional: { description: 'text', kind: { among: ['Dataset'] } },
};

export const contentsShape: Shape = {
  fields: { url: 'text', expiry: 'ms' },
  optional: { headers: textMap, method: 'text' },
};

const sizeShape: Shape = { fields: { height: 'count', width: 'count' }, optional: { depth: 'count' } };

const customMetadataShape: Shape = { map: 'scalar' };

export const assetShape: Shape = {
  fields: {
    assetId: 'id',
    datasetId: 'id',
    workspaceId: 'id',
    filename: 'text',
    kind: 'text',
    owner: 'text',
    selfLink: 'text',
    etag: 'text',
    metadata: {
      fields: {
        generations: { fields: { asset: 'text', thumbnail: 'text' } },
        insertedBy: 'text',
        annotations: { fields: { withTag: counts, total: 'count' } },
        frames: 'count',
        cohorts: { list: 'text' },
        fileSize: 'count',
        height: 'count',
        width: 'count',
        mimeType: 'text',
        source: 'text',
        status: 'text',
        uploadStatus: 'text',
        visibility: 'text',
        userDefined: { map: 'anything' },
        customMetadata: customMetadataShape,
        dimensions: sizeShape,
        pixelRatio: sizeShape,
        comments: 'count',
        customMetadataCount: 'count',
        hash: { fields: { algorithm: 'text', contents: 'text' } },
        contentsFrom: 'text',
        framesChange: { map: 'integer' },
        timeCreated: 'ms',
        lastUpdated: 'ms',
        contentsLastUpdated: 'ms',
      },
    },
  },
  optional: { contents: { fields: {}, optional: { asset: contentsShape, thumbnail: contentsShape } } },
};

const uploadedShape: Shape = {
  fields: { kind: 'text', filename: 'text', mime: 'text', size: 'count' },
  optional: { crc32c: 'integer', customMetadata: customMetadataShape },
};

export const conditionShape: Shape = {
  fields: {
    condition: 'text',
    status: { among: ['Waiting', 'Reached', 'FailedReach'] },
    lastTransitionTime: 'ms',
  },
  optional: { reason: 'text', message: 'text' },
};

const resourceMetadataShape: Shape = {
  fields: { timeCreated: 'ms', lastUpdated: 'ms', generation: 'integer', attributes: textMap },
};

export const ingestionCodes = [
  'EALREADY',
  'EBADMIME',
  'EBADSIZE',
  'ECORRUPT',
  'ENOQUOTA',
  'ETIMEOUT',
  'EUNKNOWN',
  'EOLDMETA',
  'ERESNENT',
  'EPROJECT',
  'ENOASSET',
  'ESEQMETA',
];

const eventShape: Shape = {
  either: [
    {
      fields: {
        kind: { among: ['Error'] },
        files: { map: { among: ingestionCodes } },
        corrections: textMap,
        time: 'ms',
      },
    },
    { fields: { kind: { among: ['Progress'] }, tasks: { map: { map: 'integer' } } } },
  ],
};

export const sessionShape: Shape = {
  fields: {
    workspaceId: 'id',
    datasetId: 'id',
    assetSourceClass: 'text',
    assetSourceProvider: 'text',
    assetSourceId: 'text',
    assetIngestionSessionId: 'id',
    selfLink: 'text',
    etag: 'text',
    metadata: resourceMetadataShape,
    spec: {
      fields: {
        kind: { among: ['Upload'] },
        failureMode: { among: ['FailAfterOne', 'FailAfterAll'] },
        onAssetOverwritten: { among: ['RemoveLinkedResource', 'KeepLinkedResources'] },
      },
      optional: { assets: { list: uploadedShape } },
    },
    status: {
      fields: {
        conditions: { list: conditionShape },
        events: { list: eventShape },
        progressCount: { fields: { total: 'count', succeeded: 'count', errored: 'count' } },
      },
      optional: { assets: { list: { fields: { metadata: uploadedShape, upload: contentsShape } } } },
    },
  },
  optional: { kind: { among: ['AssetIngestionSession'] } },
};

export const bulkDeleteShape: Shape = {
  fields: {
    kind: 'text',
    workspaceId: 'id',
    datasetId: 'id',
    deleteManyAssetsSessionId: 'id',
    selfLink: 'text',
    etag: 'text',
    metadata: resourceMetadataShape,
    spec: { fields: {}, optional: { metadataQuery: 'text', ruleQuery: 'text', strictQuery: 'flag' } },
    status: { fields: { conditions: { list: conditionShape } } },
  },
};
