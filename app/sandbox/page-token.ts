import { z } from 'zod';

/** Where a page begins: after a place in the order, or before it, going back. */
export interface PageCursor {
  readonly direction: 'after' | 'before';
  readonly value: string | number;
  readonly id: number;
  /** Tells a token of another sort order from one of this. */
  readonly order: string;
}

const cursorSchema = z.tuple([
  z.enum(['after', 'before']),
  z.union([z.string(), z.number()]),
  z.number().int(),
  z.string(),
]);

/**
 * Tokens name the item beside the page, not a number of items: an insertion or deletion elsewhere shifts nothing, and the
 * item itself may be gone.
 */
export function writePageToken({ direction, value, id, order }: PageCursor): string {
  return Buffer.from(JSON.stringify([direction, value, id, order])).toString('base64url');
}

/** Undefined for anything that is no token. */
export function readPageToken(token: string): PageCursor | undefined {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = cursorSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const [direction, value, id, order] = parsed.data;
  return { direction, value, id, order };
}
