import { z } from 'zod';

/**
 * Whatever the service does not publish about itself, one switch each. A client has to work with every setting;
 * the default is what we think most likely. All can be changed while the sandbox runs.
 */
export const switchesSchema = z.strictObject({
  /** Other bytes under a filename that the dataset has: take the asset's place (default), or an `EALREADY` error. */
  existingFilename: z.enum(['overwrite', 'EALREADY']).default('overwrite'),
  /** The very bytes that the asset of this filename has already: an `EALREADY` error (default), or an overwrite. */
  identicalBytes: z.enum(['EALREADY', 'overwrite']).default('EALREADY'),
  /** Whether an overwritten asset goes by the same `assetId` as before (default) or by a new one. */
  overwrittenAssetId: z.enum(['kept', 'new']).default('kept'),
  /** What `metadata.hash.algorithm` says. `none`: the field is there, its contents are empty. */
  hashAlgorithm: z.enum(['sha256', 'md5', 'sha1', 'crc32c', 'none']).default('sha256'),
  hashEncoding: z.enum(['hex', 'base64']).default('hex'),
  /** Whether a 429 names the time to wait: in seconds (default), as an HTTP date, or not at all. */
  retryAfter: z.enum(['seconds', 'date', 'absent']).default('seconds'),
  /** New ingestion sessions that the organization may begin in a sliding window; `null`: as many as it likes. */
  sessionBudget: z
    .object({ sessions: z.number().int().positive(), windowMs: z.number().positive() })
    .nullable()
    .default({ sessions: 10, windowMs: 10 * 60_000 }),
  /** After how many milliseconds a finished upload (or its new version) shows in listings. */
  listingDelayMs: z.number().nonnegative().default(0),
  /** How long the processing of one uploaded file takes, in milliseconds. */
  fileProcessingMs: z.number().nonnegative().default(0),
  /** How long a session takes at least, from its creation until it is finished or failed, in milliseconds. */
  sessionMinimumMs: z.number().nonnegative().default(0),
  /**
   * In which order the files of a session finish. `arrival` (default): as their bytes arrive. The others begin when
   * the last file has arrived: in the order of the request, against it, or in an order that only looks random.
   */
  finishOrder: z.enum(['arrival', 'listed', 'reversed', 'shuffled']).default('arrival'),
  /** What becomes of the `Finished` condition of a `FailAfterAll` session in which files failed. */
  failAfterAllWithErrors: z.enum(['Reached', 'FailedReach']).default('Reached'),
  /** How long signed URLs live, in milliseconds. A file that is not uploaded by then ends with `ETIMEOUT`. */
  urlLifetimeMs: z
    .number()
    .positive()
    .default(15 * 60_000),
  /** How a signed URL that has expired answers. */
  expiredUrlStatus: z.union([z.literal(400), z.literal(403)]).default(403),
  /** What deleting an asset that is gone answers: 404 (default), or the same as for one that was there. */
  deleteMissing: z.enum(['not-found', 'ok']).default('not-found'),
  /** How far the service's clock is ahead of ours (behind, when negative), in milliseconds. */
  clockOffsetMs: z.number().default(0),
});

export type SandboxSwitches = z.infer<typeof switchesSchema>;

/** Some of the switches, as they come over HTTP: only known ones, without filling in defaults. */
export const switchesPatchSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(switchesSchema.shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ),
);

/** All switches: the defaults, and what is given on top. */
export function makeSwitches(given: Partial<SandboxSwitches> = {}): SandboxSwitches {
  return switchesSchema.parse(given);
}
