import { z } from 'zod';
import { toCallError } from '../call-error.ts';
import type { Log } from '../log.ts';
import { NoPreview, type Preview, type Previews } from '../workspace/previews.ts';

/** The answer to a request for a picture, whatever carries it. */
export interface PreviewAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the picture that the asker has is still right. */
  readonly body: Uint8Array;
}

export interface PreviewRequest {
  /** `local`, `trash` or `asset`; of anything else there are none. */
  readonly kind: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** The tag of the picture that the asker has. */
  readonly ifNoneMatch: string | null;
}

const size = z.coerce.number().int().min(16).max(4096);
const text = z.string().min(1).max(4000);

const localSchema = z
  .object({ mirror: text, path: text, size })
  .transform(({ mirror, ...rest }) => ({ ...rest, mirrorId: mirror }));

const trashSchema = z.object({
  id: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  size,
});

const assetSchema = z
  .object({ endpoint: text, organization: text, dataset: text, asset: text, size, v: text.optional() })
  .transform(({ organization, dataset, asset, v, ...rest }) => ({
    ...rest,
    organizationId: organization,
    datasetId: dataset,
    assetId: asset,
    version: v ?? null,
  }));

/** A picture and nothing else: whatever it may contain is not run, and nothing is loaded for it. */
const pictureHeaders = {
  'content-security-policy': "default-src 'none'; sandbox",
  'content-disposition': 'inline',
} as const;

/** Nothing about the content of an address that names its version ever changes. Seconds. */
const lasting = 'private, max-age=86400, immutable';
const askedAgain = 'private, no-cache';

/** Pictures of files that a mirror knows or has in its trash, and of assets; of nothing else. Never throws. */
export async function answerPreview(
  previews: Previews,
  { kind, query, ifNoneMatch }: PreviewRequest,
  log: Log,
): Promise<PreviewAnswer> {
  if (kind === 'local') {
    const parsed = localSchema.safeParse(query);
    if (!parsed.success) return incomplete;
    return picture(ifNoneMatch, askedAgain, log, () => previews.local(parsed.data));
  }
  if (kind === 'trash') {
    const parsed = trashSchema.safeParse(query);
    if (!parsed.success) return incomplete;
    return picture(ifNoneMatch, askedAgain, log, () => previews.trashed(parsed.data));
  }
  if (kind !== 'asset') return told(404, 'Not found');
  const parsed = assetSchema.safeParse(query);
  if (!parsed.success) return incomplete;
  const cacheControl = parsed.data.version === null ? askedAgain : lasting;
  return picture(ifNoneMatch, cacheControl, log, () => previews.asset(parsed.data));
}

async function picture(
  ifNoneMatch: string | null,
  cacheControl: string,
  log: Log,
  find: () => Promise<Preview>,
): Promise<PreviewAnswer> {
  try {
    const { bytes, etag } = await find();
    const headers = { ...pictureHeaders, 'cache-control': cacheControl, etag };
    if (ifNoneMatch === etag) return { status: 304, headers, body: new Uint8Array() };
    return { status: 200, headers: { ...headers, 'content-type': 'image/webp' }, body: bytes };
  } catch (error) {
    return refused(error, log);
  }
}

const statusOf: Readonly<Record<NoPreview['kind'], number>> = {
  missing: 404,
  'no-picture': 422,
  unavailable: 502,
};

function refused(error: unknown, log: Log): PreviewAnswer {
  const { code, title, detail } = toCallError(error);
  if (error instanceof NoPreview) return told(statusOf[error.kind], `${title}: ${detail}`);
  log.error(`A preview could not be made (${code}): ${detail}`);
  return told(500, 'The picture could not be made.');
}

function told(status: number, words: string): PreviewAnswer {
  return {
    status,
    headers: {
      ...pictureHeaders,
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
    },
    body: Buffer.from(`${words}\n`),
  };
}

const incomplete = told(400, 'The address of the picture is not complete.');
