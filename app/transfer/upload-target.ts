import { z } from 'zod';
import type { SessionRecord } from '../manifest/session-table.ts';
import type { Contents } from '../vi/index.ts';

/** No signed URL is taken for dead before, whatever its times say. Milliseconds. */
const shortestLifeMs = 60_000;

const targetSchema = z.object({
  url: z.string(),
  expiry: z.number().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  method: z.string().optional(),
});

/** What a file's signed URL is kept as in the manifest. */
export function targetText(target: Contents): string {
  return JSON.stringify(target);
}

export function targetFrom(text: string): Contents {
  const { url, expiry, headers, method } = targetSchema.parse(JSON.parse(text));
  return { url, expiry, headers, method };
}

/**
 * Whether a signed URL has died since its session was made, told by the time that has passed since: the service's clock may differ from
 * ours.
 *
 * @param now milliseconds since the epoch, by our clock
 */
export function isDead({ expiry }: Contents, session: SessionRecord, now: number): boolean {
  if (session.serviceCreated === null || expiry === undefined) return false;
  return now - session.createdAt > Math.max(expiry - session.serviceCreated, shortestLifeMs);
}
