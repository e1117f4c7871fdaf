/** The enums of the assets API, each with the value that goes over the wire. */

/** What a listing is sorted by. */
export const SortCriterion = {
  DEFAULT: 'default',
  ASSET_ID: 'assetId',
  FILENAME: 'filename',
  LAST_MODIFIED_CONTENTS: 'lastModified.contents',
  METADATA_FILE_SIZE: 'metadata.fileSize',
} as const;
export type SortCriterion = (typeof SortCriterion)[keyof typeof SortCriterion];

/** Direction of a sort. Ascending is the service's default and is sent by leaving it out. */
export const SortOrder = {
  ASC: 'asc',
  DESC: 'd',
} as const;
export type SortOrder = (typeof SortOrder)[keyof typeof SortOrder];

/** What the service does with an ingestion session when a file of it fails. */
export const FailureMode = {
  /** Stop at the first file that fails. */
  FAIL_AFTER_ONE: 'FailAfterOne',
  /** Go on with the others, and report every file that failed. */
  FAIL_AFTER_ALL: 'FailAfterAll',
} as const;
export type FailureMode = (typeof FailureMode)[keyof typeof FailureMode];

/**
 * What happens to the annotations of an asset whose filename is uploaded again.
 * The wire has `KeepLinkedResource` in requests and `KeepLinkedResources` in answers; the client sends the first and
 * gives every answer in this spelling, so that a comparison with the enum always holds.
 */
export const ResourceRetentionMode = {
  /** The annotations are deleted, for good. */
  REMOVE_LINKED_RESOURCE: 'RemoveLinkedResource',
  /** The annotations stay. They may no longer fit if the picture's size in pixels changed. */
  KEEP_LINKED_RESOURCES: 'KeepLinkedResource',
} as const;
export type ResourceRetentionMode = (typeof ResourceRetentionMode)[keyof typeof ResourceRetentionMode];

/** Why the service did not take a file. The first seven are documented, the others are known to the official client. */
export const AssetIngestionError = {
  /** The asset exists already. */
  EALREADY: 'EALREADY',
  /** The content is not of the MIME type that was announced. */
  EBADMIME: 'EBADMIME',
  /** The size is not the announced one. */
  EBADSIZE: 'EBADSIZE',
  /** The checksum is not the announced one. */
  ECORRUPT: 'ECORRUPT',
  /** The organization's quota is used up. */
  ENOQUOTA: 'ENOQUOTA',
  /** The bytes did not arrive in time. */
  ETIMEOUT: 'ETIMEOUT',
  EUNKNOWN: 'EUNKNOWN',
  EOLDMETA: 'EOLDMETA',
  ERESNENT: 'ERESNENT',
  EPROJECT: 'EPROJECT',
  ENOASSET: 'ENOASSET',
  ESEQMETA: 'ESEQMETA',
} as const;
export type AssetIngestionError = (typeof AssetIngestionError)[keyof typeof AssetIngestionError];

/** Kind of an asset, from its MIME type. */
export const AssetKind = {
  IMAGE: 'Image',
  VIDEO: 'Video',
  MEDICAL_IMAGE: 'MedicalImage',
} as const;
export type AssetKind = (typeof AssetKind)[keyof typeof AssetKind];

/** How far a condition of a session has come. */
export const ConditionStatus = {
  WAITING: 'Waiting',
  REACHED: 'Reached',
  FAILED_REACH: 'FailedReach',
} as const;
export type ConditionStatus = (typeof ConditionStatus)[keyof typeof ConditionStatus];
