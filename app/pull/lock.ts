import { z } from 'zod';
import type { ContentHash } from '../manifest/observations.ts';
import type { AssetQuery, NameRules } from '../vi/index.ts';
import { isSafePlace } from './place-rules.ts';
import { PullError } from './pull-error.ts';

/** What a reader of another version could misunderstand gets another number. */
const lockVersion = 1;

/** So much of a lock file is written at once. Characters. */
const pieceLength = 64 * 1024;

/** A file of a pulled folder, and the asset that it is a copy of. */
export interface LockedFile {
  /** Relative to the pulled folder, `/` between its parts. */
  readonly path: string;
  readonly assetId: string;
  /** As the service has it; no file needs to be able to have this name. */
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  /** Of the bytes as they arrived; hex. */
  readonly sha256: string;
  /** The service's own; null when it gave none. */
  readonly hash: ContentHash | null;
  /** By the service's clock, milliseconds since the epoch; null when it does not say. */
  readonly contentsLastUpdated: number | null;
  /** Changes with every change of the asset, its annotations too: for information, nothing is decided by it. */
  readonly etag: string;
}

/** What a folder was pulled from, and what is in it. */
export interface PullLock {
  readonly dataset: string;
  readonly organization: string;
  readonly endpoint: string;
  /** Empty: the whole dataset. */
  readonly query: AssetQuery;
  /** When the folder got what is in it: ISO 8601, UTC. */
  readonly pulledAt: string;
  /** False when assets of the dataset are not in `files`: the pull failed for them, or other files are in their place. */
  readonly complete: boolean;
  /** What the disk made of names when they were given: the same dataset gets the same paths from the same rules. */
  readonly names: NameRules;
  /** In the order of their paths. */
  readonly files: readonly LockedFile[];
}

const hashSchema = z.object({ algorithm: z.string(), contents: z.string() });

export const lockedFileSchema: z.ZodType<LockedFile> = z.object({
  path: z.string().refine(isSafePlace, 'leads out of the folder, or is no path of a file'),
  assetId: z.string().min(1),
  filename: z.string(),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  hash: hashSchema.nullable(),
  contentsLastUpdated: z.number().nullable(),
  etag: z.string(),
});

const querySchema = z.object({
  filter: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  metadataQuery: z.string().optional(),
  ruleQuery: z.string().optional(),
  strictQuery: z.boolean().optional(),
});

const lockSchema: z.ZodType<PullLock> = z.object({
  dataset: z.string().min(1),
  organization: z.string().min(1),
  endpoint: z.string(),
  query: querySchema,
  pulledAt: z.iso.datetime(),
  complete: z.boolean(),
  names: z.object({
    forbidsPunctuation: z.boolean(),
    foldsCase: z.boolean(),
    foldsNormalForm: z.boolean(),
  }),
  files: z.array(lockedFileSchema),
});

/** A query without what says nothing, so that the same question is always written in the same way. */
export function plainQuery(query: AssetQuery): AssetQuery {
  const { filter, metadataQuery, ruleQuery, strictQuery } = query;
  return {
    ...(isSaid(filter) ? { filter } : {}),
    ...(isSaid(metadataQuery) ? { metadataQuery } : {}),
    ...(isSaid(ruleQuery) ? { ruleQuery } : {}),
    ...(strictQuery === true ? { strictQuery } : {}),
  };
}

function isSaid(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'string' || value.trim() !== '');
}

/** The head of a lock file: what is not about single files. */
function headText(lock: PullLock): string {
  const { names } = lock;
  const head = {
    version: lockVersion,
    dataset: lock.dataset,
    organization: lock.organization,
    endpoint: lock.endpoint,
    query: plainQuery(lock.query),
    pulledAt: lock.pulledAt,
    complete: lock.complete,
    names: {
      forbidsPunctuation: names.forbidsPunctuation,
      foldsCase: names.foldsCase,
      foldsNormalForm: names.foldsNormalForm,
    },
  };
  return Object.entries(head)
    .map(([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`)
    .join('');
}

/**
 * The lock file's text, piece by piece: fields and files always in the same order, and one file a line, so that a version control system
 * shows what has changed.
 */
export function* lockText(lock: PullLock): Generator<string, void, undefined> {
  let piece = `{\n${headText(lock)}  "files": [`;
  let comma = '';
  for (const file of lock.files.toSorted(byPath)) {
    piece += `${comma}\n    ${lockedFileText(file)}`;
    comma = ',';
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}${comma === '' ? '' : '\n  '}]\n}\n`;
}

/** Whether two locks say the same, but for the time. */
export function isSameLock(a: PullLock, b: PullLock): boolean {
  if (headText({ ...a, pulledAt: '' }) !== headText({ ...b, pulledAt: '' })) return false;
  if (a.files.length !== b.files.length) return false;
  const files = b.files.toSorted(byPath);
  return a.files.toSorted(byPath).every((file, index) => {
    const other = files[index];
    return other !== undefined && lockedFileText(file) === lockedFileText(other);
  });
}

/** One file of a lock, on one line. */
export function lockedFileText(file: LockedFile): string {
  const { path, assetId, filename, size, sha256, hash, contentsLastUpdated, etag } = file;
  const plainHash = hash === null ? null : { algorithm: hash.algorithm, contents: hash.contents };
  return JSON.stringify({
    path,
    assetId,
    filename,
    size,
    sha256,
    hash: plainHash,
    contentsLastUpdated,
    etag,
  });
}

/** By code units: the same on every machine, whatever its language. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/**
 * Reads the text of a lock file.
 *
 * @param where - the file, for messages
 * @throws PullError `lock-invalid`, or `lock-newer` when a newer version of the program wrote it
 */
export function parseLock(text: string, where: string): PullLock {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(where, 'it is not JSON', error);
  }
  const version = z.looseObject({ version: z.number() }).safeParse(json);
  if (!version.success) throw invalid(where, 'it has no version', version.error);
  if (version.data.version > lockVersion) {
    throw new PullError('lock-newer', {
      title: 'The lock file is of a newer version',
      facts: { file: where, version: version.data.version, known: lockVersion },
      detail: `${where} has version ${version.data.version}; this Vi Sync reads version ${lockVersion}.`,
      suggestion: 'Update Vi Sync.',
    });
  }
  const parsed = lockSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(where, `${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'invalid'}`, parsed.error);
  }
  checkUnique(parsed.data, where);
  return parsed.data;
}

function checkUnique({ files }: PullLock, where: string): void {
  const paths = new Set<string>();
  const assets = new Set<string>();
  for (const { path, assetId } of files) {
    if (paths.has(path)) throw invalid(where, `two files have the path ${JSON.stringify(path)}`);
    if (assets.has(assetId)) throw invalid(where, `the asset ${JSON.stringify(assetId)} is there twice`);
    paths.add(path);
    assets.add(assetId);
  }
}

function invalid(where: string, reason: string, cause?: unknown): PullError {
  return new PullError(
    'lock-invalid',
    {
      title: 'The lock file can’t be used',
      facts: { file: where, reason },
      detail: `${where}: ${reason}.`,
      suggestion:
        'Restore it from a backup or from version control, or delete it: then a pull compares every file with the dataset and writes it anew.',
    },
    cause === undefined ? undefined : { cause },
  );
}
