/** Why a file of an ingestion session failed. The first seven are documented, the others known from the official client. */
export const IngestionCode = {
  EALREADY: 'EALREADY',
  EBADMIME: 'EBADMIME',
  EBADSIZE: 'EBADSIZE',
  ECORRUPT: 'ECORRUPT',
  ENOQUOTA: 'ENOQUOTA',
  ETIMEOUT: 'ETIMEOUT',
  EUNKNOWN: 'EUNKNOWN',
  EOLDMETA: 'EOLDMETA',
  ERESNENT: 'ERESNENT',
  EPROJECT: 'EPROJECT',
  ENOASSET: 'ENOASSET',
  ESEQMETA: 'ESEQMETA',
} as const;
export type IngestionCode = (typeof IngestionCode)[keyof typeof IngestionCode];

export const FailureMode = { FAIL_AFTER_ONE: 'FailAfterOne', FAIL_AFTER_ALL: 'FailAfterAll' } as const;
export type FailureMode = (typeof FailureMode)[keyof typeof FailureMode];

/** As the service answers it: the client sends `KeepLinkedResource`, the answer says `KeepLinkedResources`. */
export const RetentionMode = {
  REMOVE_LINKED_RESOURCE: 'RemoveLinkedResource',
  KEEP_LINKED_RESOURCES: 'KeepLinkedResources',
} as const;
export type RetentionMode = (typeof RetentionMode)[keyof typeof RetentionMode];
