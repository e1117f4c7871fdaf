import path from 'node:path';
import { z } from 'zod';
import { activitySchema, answerSchema, problemSchema, toldSchema } from '../contract.ts';
import { identityKey, twinKey } from './path-key.ts';

/** A row as the database gives it: column → value. */
export type RawRow = Record<string, unknown>;

const count = z.bigint().nonnegative();
const text = z.string().min(1);
const id = z.string().regex(/^[a-zA-Z0-9_-]{1,255}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A path that stays inside the folder that it is relative to. */
const relative = text.refine(
  (value) =>
    !path.posix.isAbsolute(value) &&
    !value.includes('\0') &&
    !value.split('/').some((part) => /^\.{0,2}$/.test(part)),
);

function json(schema: z.ZodType): z.ZodType {
  return z.string().refine((value) => {
    try {
      return schema.safeParse(JSON.parse(value)).success;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  });
}

/** Key and path say the same twice over: one of them changed by damage gives the row away. */
function isKeyOf(key: string, of: string): boolean {
  const [plain = ''] = key.split('\0');
  return plain === identityKey(of, false) || plain === identityKey(of, true);
}

const synced = z
  .object({
    key: text,
    path: relative,
    asset_id: text,
    filename: text,
    local_size: count,
    sha256,
    remote_size: count.nullable(),
    hash_algorithm: z.string().nullable(),
    hash: z.string().nullable(),
  })
  .refine((base) => isKeyOf(base.key, base.path))
  .refine((base) => base.remote_size === null || base.remote_size === base.local_size)
  .refine((base) => base.hash_algorithm !== 'sha256' || base.hash === base.sha256);

const rows: Readonly<Record<string, z.ZodType>> = {
  mirror: z
    .object({
      mirror_id: text,
      folder: text,
      endpoint: z.url(),
      organization_id: id,
      dataset_id: id,
      removed_at: count.nullish(),
    })
    // One that is removed has given its folder away.
    .refine(({ folder, removed_at: removedAt }) => path.isAbsolute(folder) || removedAt != null),
  synced,
  session: z.object({ session_id: text, created_at: count }),
  session_file: z
    .object({
      filename: text,
      key: text,
      path: relative,
      size: count,
      sha256,
      step: z.enum(['announced', 'sending', 'sent', 'abandoned']),
      target: json(z.looseObject({ url: z.url() })),
    })
    .refine((file) => isKeyOf(file.key, file.path)),
  setting: z.object({ value: json(z.unknown()) }),
  decision: z.object({ answer: json(answerSchema) }),
  deletion: z.object({ side: z.enum(['here', 'there']), at: count }),
  session_spend: z.object({ organization_id: id, at: count }),
  quota_use: z.object({ endpoint: z.url(), organization_id: id, data_rows: count }),
  failure: z.object({ item: text, problem: json(problemSchema), tries: count }),
  trash: z.object({ path: relative, trash_path: relative }),
  activity: z.object({
    at: count,
    kind: activitySchema.shape.kind,
    message: z.string(),
    told: json(toldSchema).nullish(),
  }),
};

/**
 * Whether a row that was read from a damaged file can be what was written there. What is left out of a rebuilt manifest costs a question or
 * a comparison; what is wrong in it could cost a file.
 */
export function isPlausible(table: string, row: RawRow): boolean {
  return rows[table]?.safeParse(row).success ?? true;
}

/** Whether a base is that of a file at its own path: not of one whose place another has taken. */
export function isAtItsPath(base: { key: string; path: string }): boolean {
  if (!base.key.includes('\0')) return true;
  return [false, true].some((folds) => base.key === twinKey(identityKey(base.path, folds), base.path));
}
